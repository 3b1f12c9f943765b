import type { Check } from './check';

/** A learning rate that decays does not begin below its own minimum. */
export const checkTraining: Check = (file, report) => {
  const optimizer = file.experiment === 'recovery' ? file.training?.optimizer : undefined;
  if (!optimizer || optimizer.kind === 'gradientFlow') return;
  const rate = optimizer.learningRate;
  if (typeof rate !== 'object' || rate.minimum === undefined || rate.minimum <= rate.initial) return;
  const message = `The minimum of the learning rate, ${rate.minimum}, is greater than its initial value, ${rate.initial}.`;
  report('learning-rate', ['training', 'optimizer', 'learningRate', 'minimum'], message);
};
