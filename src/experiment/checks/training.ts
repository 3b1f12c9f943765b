import type { Check } from './check';

/** Kinds of models that TensorFlow trains. */
const TENSORFLOW_MODELS: readonly string[] = ['twoLayer', 'deepNetwork', 'convolution'];

/** A learning rate that decays does not begin below its own minimum, and a backend has something to do. */
export const checkTraining: Check = (file, report) => {
  if (file.experiment !== 'recovery') return;
  const { optimizer, backend, dropout, precision } = file.training ?? {};
  if (optimizer?.kind === 'gradientFlow' && backend !== undefined && backend !== 'auto') {
    const message = 'A gradient flow is integrated, not stepped: the backend of steps has no effect on it.';
    report('no-effect', ['training', 'backend'], message, { severity: 'warning' });
  } else if (dropout !== undefined && backend !== undefined && backend !== 'auto') {
    const message = 'Training with dropout always runs in TypeScript: the backend has no effect on it.';
    report('no-effect', ['training', 'backend'], message, { severity: 'warning' });
  } else if (backend === 'native' && file.model.kind !== 'twoLayer') {
    const message = 'Only two-layer networks can ask for native kernels. "auto" takes the fastest kernels that a model has.';
    report('no-native-kernel', ['training', 'backend'], message);
  } else if (backend === 'tensorflow' && !TENSORFLOW_MODELS.includes(file.model.kind)) {
    const message =
      'TensorFlow trains two-layer, deep and convolutional networks only. "auto" takes the fastest kernels that a model has.';
    report('no-tensorflow-model', ['training', 'backend'], message);
  }
  if (precision === 'float64' && backend === 'tensorflow') {
    report('precision', ['training', 'precision'], 'The backend "tensorflow" trains in float32.');
  } else if (precision === 'float32' && backend !== undefined && backend !== 'auto' && backend !== 'tensorflow') {
    const message = `The backend "${backend}" trains in float64: the precision has no effect on it.`;
    report('no-effect', ['training', 'precision'], message, { severity: 'warning' });
  }
  if (!optimizer || optimizer.kind === 'gradientFlow') return;
  const rate = optimizer.learningRate;
  if (typeof rate !== 'object' || rate.minimum === undefined || rate.minimum <= rate.initial) return;
  const message = `The minimum of the learning rate, ${rate.minimum}, is greater than its initial value, ${rate.initial}.`;
  report('learning-rate', ['training', 'optimizer', 'learningRate', 'minimum'], message);
};
