import type { ActivationConfig } from '../../experiment/schema';
import { twoLayer } from '../models/twoLayer';
import { Training, type StepRules } from '../training/train';
import type { NativeAddon } from './addon';
import { NativeTraining } from './nativeTraining';

const ACTIVATIONS: readonly ActivationConfig[] = [
  'tanh',
  { kind: 'tanh', shift: 0.3 },
  'sigmoid',
  'exp',
  'softplus',
  'relu',
  'sin',
];

/** Numbers between −scale and scale in no order; random ones would cost more than the test. */
const spread = (length: number, scale: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => (scale * (((i + 1) * 7919) % 2003)) / 1001.5 - scale);

/** Whether the native kernels give the bits of TypeScript on a small network of every kind; takes some milliseconds. */
export function passesSelfTest(addon: NativeAddon): boolean {
  return ACTIVATIONS.every((activation, i) => {
    const dimension = 1 + ((3 * i) % 7);
    const count = 5 + i;
    const model = twoLayer({
      kind: 'twoLayer',
      activation,
      inputs: dimension,
      width: 1 + (i % 4),
      hiddenBias: i % 2 === 0,
      outputBias: i % 3 === 0,
    });
    const bound = model.bind({ count, dimension, values: spread(count * dimension, 1.5) });
    const problem = bound.kernelProblem?.();
    if (problem?.family !== 'twoLayer') return false;
    const targets = spread(count, 1);
    const start = spread(model.parameterCount, 0.8);
    const rules: StepRules = {
      optimizer: { kind: i % 2 === 0 ? 'gradientDescent' : 'adam', learningRate: 0.05 },
      stop: { trainLoss: 0, steps: 2, gradientNorm: 0 },
    };
    const expected = new Training(bound, targets, start.slice(), rules);
    expected.advance(Infinity);
    return addon.variants.every((_, variant) => {
      const training = new NativeTraining(addon, problem, targets, start.slice(), rules, variant);
      training.advance(Infinity);
      return (
        Object.is(training.loss, expected.loss) &&
        training.parameters.every((value, at) => Object.is(value, expected.parameters[at]))
      );
    });
  });
}
