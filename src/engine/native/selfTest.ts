import type { ActivationConfig } from '../../experiment/schema';
import type { BatchedTraining } from '../kernels/trainingBatch';
import { matrixFactorization } from '../models/matrixFactorization';
import { twoLayer } from '../models/twoLayer';
import { Training, type StepRules } from '../training/train';
import type { NativeAddon } from './addon';
import { FactorBatch } from './factorBatch';
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

/** What there are native kernels for. */
export const NATIVE_FAMILIES = ['twoLayer', 'matrixFactorization'] as const;
export type NativeFamily = (typeof NATIVE_FAMILIES)[number];

/** Whether the native kernels of a family give the bits of TypeScript on small examples of every kind; takes some milliseconds. */
export function passesSelfTest(addon: NativeAddon, family: NativeFamily): boolean {
  return family === 'twoLayer' ? networksAgree(addon) : factorizationsAgree(addon);
}

function networksAgree(addon: NativeAddon): boolean {
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
      return agree(training, expected);
    });
  });
}

/** The size that has a kernel of its own, and one for the loops of any size. */
const SHAPES = [
  { rows: 4, columns: 4, inner: 4 },
  { rows: 3, columns: 5, inner: 7 },
];

function factorizationsAgree(addon: NativeAddon): boolean {
  const rules: StepRules = {
    optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
    stop: { trainLoss: 0, steps: 3, gradientNorm: 0 },
  };
  return SHAPES.every((shape) => {
    const { rows, columns } = shape;
    const model = matrixFactorization({ kind: 'matrixFactorization', ...shape });
    const start = spread(model.parameterCount, 0.8);
    // Of different lengths, by turns in the lanes.
    const examples = [0, 1, 5].map((missing) => {
      const count = rows * columns - missing;
      const values = Float64Array.from({ length: 2 * count }, (_, i) =>
        i % 2 ? (i >> 1) % columns : Math.floor((i >> 1) / columns),
      );
      const bound = model.bind({ count, dimension: 2, values });
      const targets = spread(count, 1 + missing);
      const expected = new Training(bound, targets, start.slice(), rules);
      expected.advance(Infinity);
      return { bound, targets, expected };
    });
    return addon.variants.every((_, variant) => {
      const batch = new FactorBatch(addon, shape, rules, variant);
      const trainings = Array.from({ length: batch.size }, (_, lane) => {
        const { bound, targets, expected } = examples[lane % examples.length];
        return { expected, batched: batch.add(bound, targets, start.slice()) };
      });
      while (batch.running.length > 0) batch.advance(4);
      return trainings.every(({ expected, batched }) => batched !== undefined && agree(batched, expected));
    });
  });
}

function agree(actual: BatchedTraining, expected: BatchedTraining): boolean {
  return (
    Object.is(actual.loss, expected.loss) && actual.parameters.every((value, at) => Object.is(value, expected.parameters[at]))
  );
}
