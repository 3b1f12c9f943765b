import type { ResolvedIndependenceExperiment } from '../../experiment/kinds/independence';
import type { NeuronActivationConfig, NeuronConfig, RandomNeuronsConfig } from '../../experiment/schema/independence';
import type { GeneralNeuron, NeuronLayer, NeuronList } from '../certified/neuronList';
import { createMatrix, type Matrix } from '../linalg/matrix';
import { parseExpression } from '../../experiment/expression';
import { activationFunction } from '../models/activation';
import { compileExpression } from '../models/expression/compile';
import { scalarFunction } from '../models/expression/scalar';
import type { Inputs } from '../models/model';
import { randomStream, type RandomStream } from '../random/stream';

/** The neurons of an experiment, given or drawn. */
export function neuronListOf(experiment: ResolvedIndependenceExperiment): NeuronList {
  const { activation, inputs, neurons, outputBias } = experiment;
  const list = Array.isArray(neurons) ? neurons.map(neuronOf) : drawNeurons(neurons, inputs);
  return { kind: 'neuronList', activation, inputs, neurons: list, outputBias };
}

/** A neuron of the file as layers; biases that it leaves out are 0. */
export function neuronOf(config: NeuronConfig): GeneralNeuron {
  if ('inputWeights' in config) return [{ weights: [config.inputWeights], biases: [config.bias ?? 0] }];
  return config.layers.map(({ weights, biases }) => ({ weights, biases: biases ?? weights.map(() => 0) }));
}

/** Neuron i depends on the seed and i alone: a longer list begins with the shorter one. */
export function drawNeurons(random: RandomNeuronsConfig, inputs: number): GeneralNeuron[] {
  const { count, scale = 1 } = random;
  return Array.from({ length: count }, (_, i) => {
    const { stream, sizes } = drawSizes(random, inputs, i);
    return sizes.slice(1).map((units, l): NeuronLayer => {
      const normals = (length: number) => Array.from({ length }, () => scale * stream.normal());
      return { weights: Array.from({ length: units }, () => normals(sizes[l])), biases: normals(units) };
    });
  });
}

/** Sizes of the layers of neuron i, with the inputs before them; its weights are what the stream draws next. */
function drawSizes(
  { depth = [1, 3], widths = [1, 3], seed = 1 }: RandomNeuronsConfig,
  inputs: number,
  i: number,
): { stream: RandomStream; sizes: number[] } {
  const stream = randomStream(seed, 'neurons', i);
  const layers = draw(stream, depth);
  return { stream, sizes: [inputs, ...Array.from({ length: layers - 1 }, () => draw(stream, widths)), 1] };
}

/** Weights and biases of all neurons together, without drawing them: there may be millions. */
export function weightCount({ neurons, inputs }: ResolvedIndependenceExperiment): number {
  const sizes = Array.isArray(neurons)
    ? neurons.map((neuron) => {
        const layers = neuronOf(neuron);
        return [layers[0].weights[0].length, ...layers.map(({ weights }) => weights.length)];
      })
    : Array.from({ length: neurons.count }, (_, i) => drawSizes(neurons, inputs, i).sizes);
  const ofNeuron = (each: readonly number[]) => each.slice(1).reduce((sum, units, l) => sum + units * (each[l] + 1), 0);
  return sizes.reduce((sum, each) => sum + ofNeuron(each), 0);
}

function draw(stream: RandomStream, size: number | readonly number[]): number {
  if (typeof size === 'number') return size;
  const [from, to] = [Math.min(...size), Math.max(...size)];
  return from + stream.integer(to - from + 1);
}

/** Row i: the values of all neurons at input i, and 1 with an output bias. */
export function neuronValues({ activation, neurons, outputBias }: NeuronList, inputs: Inputs): Matrix {
  const { count, dimension, values } = inputs;
  const sigma = valueOf(activation);
  const columns = neurons.length + (outputBias ? 1 : 0);
  const matrix = createMatrix(count, columns);
  for (let i = 0; i < count; i++) {
    const x = values.subarray(i * dimension, (i + 1) * dimension);
    neurons.forEach((layers, k) => {
      let h: ArrayLike<number> = x;
      for (const { weights, biases } of layers) {
        const from = h;
        h = weights.map((row, unit) => {
          let z = biases[unit];
          for (let j = 0; j < row.length; j++) z += row[j] * from[j];
          return sigma(z);
        });
      }
      matrix.values[i * columns + k] = h[0];
    });
    if (outputBias) matrix.values[i * columns + columns - 1] = 1;
  }
  return matrix;
}

function valueOf(activation: NeuronActivationConfig): (z: number) => number {
  if (typeof activation === 'string' || !('expression' in activation)) return activationFunction(activation).value;
  const argument = new Map([['x', 0]]);
  return scalarFunction(compileExpression(parseExpression(activation.expression, argument.keys()), [], argument));
}

/** How many points neurons are evaluated at, at least: 4 for each function, and 50 more than there are. */
export function pointCount(functions: number): number {
  return Math.max(4 * functions, functions + 50);
}

/** Largest value that still takes part: beyond it exponentials of exponentials leave float64. */
const LARGEST_VALUE = 1e100;

/**
 * Points from N(0, scale² I) at which all neurons have values of moderate size; as many as asked for, or fewer where most of ten
 * times as many draws overflow.
 */
export function probePoints(list: NeuronList, count: number, scale: number, seed: number): Inputs {
  const d = list.inputs;
  const stream = randomStream(seed, 'probes');
  const kept: number[] = [];
  for (let drawn = 0; drawn < 10 && kept.length < count * d; drawn++) {
    const values = new Float64Array(count * d);
    stream.fillNormal(values, scale);
    const { columns, values: heights } = neuronValues(list, { count, dimension: d, values });
    for (let i = 0; i < count && kept.length < count * d; i++) {
      const row = heights.subarray(i * columns, (i + 1) * columns);
      if (row.every((value) => Math.abs(value) < LARGEST_VALUE)) kept.push(...values.subarray(i * d, (i + 1) * d));
    }
  }
  return { count: kept.length / d, dimension: d, values: Float64Array.from(kept) };
}
