import fc from 'fast-check';
import type { ResolvedDeepNetwork, ResolvedTwoLayer } from '../../../src/experiment/resolved';
import type { ActivationConfig } from '../../../src/experiment/schema';
import type { Lifting } from '../../../src/engine/lifting/embeddings';
import { withWidths, type FullyConnected } from '../../../src/engine/lifting/layers';
import type { DataSet } from '../../../src/engine/lifting/squaredLoss';
import { createModel } from '../../../src/engine/models/registry';
import { tanh } from '../../../src/engine/numbers/elementary';
import { randomStream } from '../../../src/engine/random/stream';

export const activations = fc.constantFrom<ActivationConfig>('tanh', 'sigmoid', 'sin', 'softplus', { kind: 'tanh', shift: 0.3 });

/** Random narrow networks with random parameters, and wider ones of the same depth. */
export const liftings = fc
  .record({
    activation: activations,
    inputs: fc.integer({ min: 2, max: 3 }),
    widths: fc.array(fc.record({ narrow: fc.integer({ min: 1, max: 2 }), extra: fc.integer({ min: 0, max: 2 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    twoLayer: fc.boolean(),
    hiddenBias: fc.boolean(),
    outputBias: fc.boolean(),
    seed: fc.integer({ min: 1, max: 100_000 }),
  })
  .map(({ activation, inputs, widths, twoLayer, hiddenBias, outputBias, seed }): Lifting & { seed: number } => {
    const before = widths.map(({ narrow }) => narrow);
    const after = widths.map(({ narrow, extra }) => narrow + extra);
    after[after.length - 1]++;
    const two: ResolvedTwoLayer = { kind: 'twoLayer', activation, inputs, width: before.at(-1)!, hiddenBias, outputBias };
    const deep: ResolvedDeepNetwork = { kind: 'deepNetwork', activation, inputs, widths: before, outputs: 1, bias: hiddenBias };
    const narrow: FullyConnected = twoLayer ? two : deep;
    const wide = withWidths(narrow, twoLayer ? after.slice(-1) : after);
    return { narrow, wide, parameters: randomPoint(narrow, seed), seed };
  });

export function randomPoint(model: FullyConnected, seed: number): Float64Array {
  const parameters = new Float64Array(createModel(model).parameterCount);
  randomStream(seed, 'test', 'point').fillNormal(parameters);
  return parameters;
}

/** Two neurons and noise: one neuron fits them roughly. */
export function noisyData(seed: number, count = 10): DataSet {
  const stream = randomStream(seed, 'test', 'noisy');
  const values = new Float64Array(2 * count);
  stream.fillNormal(values);
  const targets = Float64Array.from({ length: count }, (_, i) => {
    const [x1, x2] = values.subarray(2 * i);
    return 1.2 * tanh(x1 + 0.4 * x2 + 0.3) + 0.5 * tanh(x2 - 0.6 * x1) + 0.2 * stream.normal();
  });
  return { inputs: { count, dimension: 2, values }, targets };
}
