import type { Report } from '../checks/check';
import { parsed } from '../checks/expressions';
import { withDefaults } from '../defaults';
import { namesIn, type ExpressionTree } from '../expression';
import type { JsonPath } from '../problem';
import { filled } from '../resolve';
import type { CertifyConfig, PublishedConfig } from '../schema';
import { LIMITS } from '../schema/common';
import {
  IndependenceAnalysis,
  IndependenceExpectations,
  IndependenceExperimentSchema,
  RandomNeurons,
  type DeepNeuronConfig,
  type IndependenceExpectationsConfig,
  type IndependenceExperimentFile,
  type NeuronActivationConfig,
  type NeuronConfig,
  type NeuronLayerConfig,
  type ShallowNeuronConfig,
  type RandomNeuronsConfig,
} from '../schema/independence';
import { counted } from '../words';
import { headOf, type ExperimentKind } from './kind';

export interface ResolvedIndependenceExperiment {
  experiment: 'independence';
  title: string;
  description: string;
  published?: PublishedConfig[];
  activation: NeuronActivationConfig;
  inputs: number;
  neurons: NeuronConfig[] | Required<RandomNeuronsConfig>;
  outputBias: boolean;
  analysis: { rankTolerance: number; certify: CertifyConfig; points?: number; scale: number; seed: number };
  expect: IndependenceExpectationsConfig;
}

export const independenceKind: ExperimentKind<IndependenceExperimentFile, ResolvedIndependenceExperiment> = {
  schema: IndependenceExperimentSchema,
  check(file, report) {
    const { neurons, inputs } = file;
    checkActivation(file.activation, report);
    if (Array.isArray(neurons)) neurons.forEach((neuron, k) => checkNeuron(neuron, inputs, ['neurons', k], report));
    else checkRange(neurons, report);
    const count = Array.isArray(neurons) ? neurons.length : neurons.count;
    const points = file.analysis?.points;
    if (points !== undefined && points < count + 1)
      report('too-few-points', ['analysis', 'points'], `${counted(count, 'neuron')} need more than ${count} points.`);
    if (Math.max(points ?? 0, 4 * count) * inputs > LIMITS.denseEntries)
      report('too-large', ['inputs'], `The points would be more than ${LIMITS.denseEntries} numbers.`);
    file.expect?.causes?.forEach((cause, i) => {
      const beyond = cause.neurons?.find((neuron) => neuron > count);
      if (beyond === undefined) return;
      report(
        'no-such-neuron',
        ['expect', 'causes', i, 'neurons'],
        `There is no neuron ${beyond}: the list has ${counted(count, 'neuron')}.`,
      );
    });
  },
  resolve(file) {
    const full = withDefaults(IndependenceExperimentSchema, file) as IndependenceExperimentFile;
    const { points, ...analysis } = filled(
      IndependenceAnalysis,
      file.analysis ?? {},
    ) as ResolvedIndependenceExperiment['analysis'];
    return {
      experiment: 'independence',
      ...headOf(file),
      activation: full.activation ?? 'tanh',
      inputs: file.inputs,
      neurons: Array.isArray(file.neurons) ? file.neurons.map(completed) : filled(RandomNeurons, file.neurons),
      outputBias: full.outputBias ?? false,
      analysis: points === undefined ? analysis : { ...analysis, points },
      expect: withDefaults(IndependenceExpectations, file.expect ?? {}) as IndependenceExpectationsConfig,
    };
  },
};

/** An expression can be read, and is no polynomial: of powers up to n only so many combinations are independent, whatever the weights. */
function checkActivation(activation: NeuronActivationConfig | undefined, report: Report): void {
  if (typeof activation !== 'object' || !('expression' in activation)) return;
  const path = ['activation', 'expression'];
  const tree = parsed(activation.expression, ['x'], path, report);
  if (!tree || !isPolynomial(tree)) return;
  const message = `This is ${namesIn(tree).length === 0 ? 'a constant' : 'a polynomial'}. Neurons with such an activation are dependent as soon as there are many, whatever their weights. Use another function.`;
  report('activation-polynomial', path, message);
}

/** Whether an expression is a polynomial as it stands; not what cancels. */
function isPolynomial(tree: ExpressionTree): boolean {
  switch (tree.kind) {
    case 'number':
    case 'name':
      return true;
    case 'unary':
      return isPolynomial(tree.operand);
    case 'call':
      return namesIn(tree).length === 0 || (tree.function === 'square' && isPolynomial(tree.argument));
    case 'binary': {
      const { operator, left, right } = tree;
      if (namesIn(tree).length === 0) return true;
      if (operator === '/') return isPolynomial(left) && namesIn(right).length === 0;
      if (operator === '^')
        return isPolynomial(left) && right.kind === 'number' && Number.isInteger(right.value) && right.value >= 0;
      return isPolynomial(left) && isPolynomial(right);
    }
  }
}

/** With biases that are left out. */
function completed(neuron: ShallowNeuronConfig | DeepNeuronConfig): NeuronConfig {
  if ('inputWeights' in neuron) return { inputWeights: neuron.inputWeights, bias: neuron.bias ?? 0 };
  const zeros = (weights: number[][]) => weights.map(() => 0);
  return { layers: neuron.layers.map((layer) => ({ weights: layer.weights, biases: biasesOf(layer) ?? zeros(layer.weights) })) };
}

function biasesOf({ bias, biases }: NeuronLayerConfig): number[] | undefined {
  return typeof bias === 'number' ? [bias] : (bias ?? biases);
}

function checkNeuron(neuron: ShallowNeuronConfig | DeepNeuronConfig, inputs: number, path: JsonPath, report: Report): void {
  if ('layers' in neuron) return checkLayers(neuron, inputs, path, report);
  const { length } = neuron.inputWeights;
  if (length === inputs) return;
  const message = `The neuron has ${counted(length, 'input weight')}, and there ${inputs === 1 ? 'is 1 input' : `are ${inputs} inputs`}.`;
  report('neuron-shape', [...path, 'inputWeights'], message);
}

function checkLayers({ layers }: DeepNeuronConfig, inputs: number, path: JsonPath, report: Report): void {
  let before = inputs;
  for (const [l, layer] of layers.entries()) {
    const { weights } = layer;
    const biases = biasesOf(layer);
    const at = [...path, 'layers', l];
    const wrong = weights.findIndex((row) => row.length !== before);
    if (wrong >= 0) {
      const source = l === 0 ? counted(before, 'input') : `${counted(before, 'unit')} of the layer before`;
      report(
        'neuron-shape',
        [...at, 'weights', wrong],
        `This row has ${counted(weights[wrong].length, 'weight')} for ${source}.`,
      );
      return;
    }
    if (biases && biases.length !== weights.length) {
      const message = `The layer has ${counted(weights.length, 'unit')} and ${counted(biases.length, 'bias', 'biases')}.`;
      report('neuron-shape', [...at, layer.biases === undefined ? 'bias' : 'biases'], message);
      return;
    }
    if (layer.bias !== undefined && layer.biases !== undefined) {
      report('bias-twice', [...at, 'biases'], 'The layer has both "bias" and "biases", which are the same. Leave one out.');
      return;
    }
    before = weights.length;
  }
  if (before === 1) return;
  const message = `The last layer of a neuron is one unit, not ${before}.`;
  report('neuron-shape', [...path, 'layers', layers.length - 1, 'weights'], message);
}

function checkRange({ count, depth, widths }: RandomNeuronsConfig, report: Report): void {
  for (const [name, range] of Object.entries({ depth, widths }))
    if (Array.isArray(range) && range[0] > range[1])
      report('empty-range', ['neurons', name], `The range from ${range[0]} to ${range[1]} is empty.`);
  const most = (range: number | number[] | undefined, byDefault: number) =>
    range === undefined ? byDefault : typeof range === 'number' ? range : Math.max(...range);
  const width = most(widths, 3);
  if (count * most(depth, 3) * width * width > LIMITS.parameters)
    report('too-large', ['neurons'], `The neurons would have more than ${LIMITS.parameters} weights.`);
}
