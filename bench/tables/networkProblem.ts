import { createModel } from '../../src/engine/models/registry';
import type { Inputs, Model } from '../../src/engine/models/model';
import { randomStream } from '../../src/engine/random/stream';

/** Training data and starts for a two-layer tanh network with hidden biases. */
export interface NetworkProblem {
  model: Model;
  width: number;
  inputs: Inputs;
  targets: Float64Array;
  starts: Float64Array[];
}

export interface NetworkShape {
  width: number;
  dimension: number;
  count: number;
  seeds: number;
  /** Standard deviation of the starts; default 1/√m. */
  scale?: number;
}

/** Normal inputs, the values of a teacher of two neurons with weights of size 1, and starts for several seeds. */
export function networkProblem({ width, dimension, count, seeds, scale }: NetworkShape): NetworkProblem {
  const network = (neurons: number) =>
    createModel({ kind: 'twoLayer', activation: 'tanh', inputs: dimension, width: neurons, hiddenBias: true, outputBias: false });
  const model = network(width);
  const inputs: Inputs = { count, dimension, values: new Float64Array(count * dimension) };
  randomStream(1, 'inputs').fillNormal(inputs.values);
  const teacher = network(2);
  const weights = new Float64Array(teacher.parameterCount);
  randomStream(1, 'teacher').fillNormal(weights);
  const targets = new Float64Array(count);
  teacher.bind(inputs).evaluate(weights, targets);
  const starts = Array.from({ length: seeds }, (_, seed) => {
    const start = new Float64Array(model.parameterCount);
    randomStream(1, 'start', seed).fillNormal(start, scale ?? 1 / Math.sqrt(width));
    return start;
  });
  return { model, width, inputs, targets, starts };
}
