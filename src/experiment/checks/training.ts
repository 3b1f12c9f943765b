import type { Check } from './check';

/** A learning rate that decays does not begin below its own minimum, and a backend has something to do. */
export const checkTraining: Check = (file, report) => {
  if (file.experiment !== 'recovery') return;
  const { optimizer, backend, dropout } = file.training ?? {};
  if (optimizer?.kind === 'gradientFlow' && backend !== undefined && backend !== 'auto') {
    const message = 'A gradient flow is integrated, not stepped: the backend of steps has no effect on it.';
    report('no-effect', ['training', 'backend'], message, { severity: 'warning' });
  } else if (dropout !== undefined && backend !== undefined && backend !== 'auto') {
    const message = 'Training with dropout always runs in TypeScript: the backend has no effect on it.';
    report('no-effect', ['training', 'backend'], message, { severity: 'warning' });
  } else if (backend === 'native' && file.model.kind !== 'twoLayer') {
    const message = 'There are native kernels for two-layer networks only. "auto" takes the fastest kernels that a model has.';
    report('no-native-kernel', ['training', 'backend'], message);
  }
  if (!optimizer || optimizer.kind === 'gradientFlow') return;
  const rate = optimizer.learningRate;
  if (typeof rate !== 'object' || rate.minimum === undefined || rate.minimum <= rate.initial) return;
  const message = `The minimum of the learning rate, ${rate.minimum}, is greater than its initial value, ${rate.initial}.`;
  report('learning-rate', ['training', 'optimizer', 'learningRate', 'minimum'], message);
};
