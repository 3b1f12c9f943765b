import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { cos, exp, sigmoid, sin, softplus, tanh } from '../../numbers/elementary';
import { angleOf } from './angle';
import {
  activationFamily,
  activationShift,
  classesOf,
  isZero,
  type Network,
  type NetworkNeuron,
  type VectorClass,
} from './neurons';

/** A network of least rank that is the same function as a given one. */
export interface ReducedNetwork {
  /** Effective neurons first, then those that only carry a constant or affine part. */
  readonly network: Network;
  /** Intrinsic width k: effective neurons that no symmetry merges. */
  readonly intrinsicWidth: number;
  /** Whether no other network for the same function has lower rank. */
  readonly exact: boolean;
  /** What the function has besides its k neurons, in words; empty when nothing. */
  readonly besides: string;
  /** No network of fewer neurons is this function. */
  readonly leastWidth: number;
  /** Why the model cannot have this function at any width; empty when it can. */
  readonly obstacle: string;
}

/** Output weights that cancel to this, relative to their size, are 0. */
const CANCELLED = 1e-12;

/** With more classes than this, sign choices are not searched through. */
const LARGEST_SEARCH = 14;

/**
 * Reduces a network to its intrinsic width: merges neurons that are equal up to the symmetry of the activation, drops those
 * without output weight, turns those without input weight into a constant, and puts the constant where it costs least rank.
 */
export function reduceNetwork(model: ResolvedTwoLayer, network: Network): ReducedNetwork {
  const reduction = reduce(model, network);
  // Affine parts may be had with fewer neurons than here; every effective neuron is needed in any case.
  const certain = reduction.besides !== 'affine part' && (reduction.exact || model.activation === 'relu');
  return { ...reduction, leastWidth: certain ? reduction.network.neurons.length : reduction.intrinsicWidth };
}

type Reduction = Omit<ReducedNetwork, 'leastWidth'>;

function reduce(model: ResolvedTwoLayer, network: Network): Reduction {
  const { effective, constant } = withoutConstants(model, network);
  switch (activationFamily(model.activation)) {
    case 'tanh':
      return reduceTanh(model, effective, constant);
    case 'sigmoid':
      return reduceSigmoid(model, effective, constant);
    case 'exp':
      return reduceExponential(model, effective, constant);
    case 'sin':
      return reduceSine(model, effective, constant);
    case 'softplus':
      return reduceSoftplus(model, effective, constant);
    case 'relu':
      return reduceRelu(model, effective, constant);
  }
}

/** Value of the activation of the model, its shift included. */
export function activationValue(model: ResolvedTwoLayer, z: number): number {
  switch (activationFamily(model.activation)) {
    case 'tanh':
      return tanh(z + activationShift(model.activation));
    case 'sigmoid':
      return sigmoid(z);
    case 'exp':
      return exp(z);
    case 'sin':
      return sin(z);
    case 'softplus':
      return softplus(z);
    case 'relu':
      return Math.max(0, z);
  }
}

/** Sum that is 0 when its terms cancel up to rounding. */
function cancellingSum(terms: readonly number[]): number {
  let total = 0;
  let size = 0;
  for (const term of terms) {
    total += term;
    size += Math.abs(term);
  }
  return Math.abs(total) <= CANCELLED * size ? 0 : total;
}

function withoutConstants(model: ResolvedTwoLayer, network: Network): { effective: NetworkNeuron[]; constant: number } {
  const constants = [network.outputBias];
  const effective: NetworkNeuron[] = [];
  for (const neuron of network.neurons) {
    if (neuron.outputWeight === 0) continue;
    if (isZero(neuron.inputWeights)) constants.push(neuron.outputWeight * activationValue(model, neuron.bias));
    else effective.push(neuron);
  }
  return { effective, constant: cancellingSum(constants) };
}

/** The neuron that stands for a class, with the summed output weight; null when that is 0. */
function merged(
  neurons: readonly NetworkNeuron[],
  each: VectorClass,
  weights: (i: number, sign: number) => number,
): NetworkNeuron | null {
  const outputWeight = cancellingSum(each.members.map((i, at) => weights(i, each.signs[at])));
  return outputWeight === 0 ? null : { ...neurons[each.members[0]], outputWeight };
}

function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value): value is T => value !== null);
}

/** Puts a constant into the output bias or into a neuron without input weights, of the given bias. */
function withConstant(model: ResolvedTwoLayer, neurons: NetworkNeuron[], constant: number, bias: number): Reduction {
  const intrinsicWidth = neurons.length;
  if (model.outputBias || constant === 0) {
    return { network: { neurons, outputBias: constant }, intrinsicWidth, exact: true, besides: '', obstacle: '' };
  }
  const value = activationValue(model, bias);
  if (value === 0) {
    const obstacle = 'the target has a constant part, and neither an output bias nor a neuron without input weights can give it';
    return { network: { neurons, outputBias: 0 }, intrinsicWidth, exact: false, besides: '', obstacle };
  }
  const carrier: NetworkNeuron = { outputWeight: constant / value, inputWeights: new Array<number>(model.inputs).fill(0), bias };
  return {
    network: { neurons: [...neurons, carrier], outputBias: 0 },
    intrinsicWidth,
    exact: true,
    besides: 'constant part',
    obstacle: '',
  };
}

/** tanh, shifted or not: odd about its centre. With hidden biases a constant is carried at tanh(1), wherever the shift. */
function reduceTanh(model: ResolvedTwoLayer, effective: readonly NetworkNeuron[], constant: number): Reduction {
  const shift = activationShift(model.activation);
  const classes = classesOf(
    effective.map((neuron) => [...neuron.inputWeights, neuron.bias + shift]),
    'sign',
  );
  const neurons = present(classes.map((each) => merged(effective, each, (i, sign) => sign * effective[i].outputWeight)));
  return withConstant(model, neurons, constant, model.hiddenBias ? 1 - shift : 0);
}

/** Neurons with the same input weights are multiples of each other, with hidden biases too. */
function reduceExponential(model: ResolvedTwoLayer, effective: readonly NetworkNeuron[], constant: number): Reduction {
  const classes = classesOf(
    effective.map((neuron) => neuron.inputWeights),
    'equal',
  );
  const neurons = present(
    classes.map((each) =>
      merged(effective, each, (i) => effective[i].outputWeight * exp(effective[i].bias - effective[each.members[0]].bias)),
    ),
  );
  return withConstant(model, neurons, constant, 0);
}

/** Without biases odd. With biases all neurons of one frequency are one; a constant is carried where the slope of sin is 0. */
function reduceSine(model: ResolvedTwoLayer, effective: readonly NetworkNeuron[], constant: number): Reduction {
  const classes = classesOf(
    effective.map((neuron) => neuron.inputWeights),
    'sign',
  );
  const neurons = classes.map((each) => {
    if (!model.hiddenBias) return merged(effective, each, (i, sign) => sign * effective[i].outputWeight);
    if (each.members.length === 1) return effective[each.members[0]];
    // Σ a sin(±w·x + b) = Σ ±a sin(w·x ± b) = S sin(w·x) + C cos(w·x)
    const sine = cancellingSum(
      each.members.map((i) => effective[i].outputWeight * cos(effective[i].bias)).map((term, at) => each.signs[at] * term),
    );
    const cosine = cancellingSum(each.members.map((i) => effective[i].outputWeight * sin(effective[i].bias)));
    const amplitude = Math.sqrt(sine * sine + cosine * cosine);
    if (amplitude === 0) return null;
    return { outputWeight: amplitude, inputWeights: effective[each.members[0]].inputWeights, bias: angleOf(sine, cosine) };
  });
  return withConstant(model, present(neurons), constant, model.hiddenBias ? Math.PI / 2 : 0);
}

/**
 * σ(z) = (1 + tanh(z/2))/2: the target is a constant C plus Σ α_j tanh(z_j/2). Without output bias, k neurons have it when
 * C = Σ ±α_j for some signs; otherwise one more neuron, the negative of another, supplies any constant at rank 1.
 */
function reduceSigmoid(model: ResolvedTwoLayer, effective: readonly NetworkNeuron[], constant: number): Reduction {
  const classes = classesOf(
    effective.map((neuron) => [...neuron.inputWeights, neuron.bias]),
    'sign',
  );
  const halves = present(classes.map((each) => merged(effective, each, (i, sign) => 0.5 * sign * effective[i].outputWeight)));
  const total = cancellingSum([constant, ...effective.map((neuron) => 0.5 * neuron.outputWeight)]);
  const intrinsicWidth = halves.length;
  const neuron = (half: NetworkNeuron, sign: number): NetworkNeuron => ({
    outputWeight: 2 * sign * half.outputWeight,
    inputWeights: half.inputWeights.map((value) => sign * value),
    bias: sign * half.bias,
  });
  const plain = { intrinsicWidth, exact: true, besides: '', obstacle: '' };
  if (model.outputBias) {
    const outputBias = cancellingSum([total, ...halves.map((half) => -half.outputWeight)]);
    return { ...plain, network: { neurons: halves.map((half) => neuron(half, 1)), outputBias } };
  }
  if (intrinsicWidth === 0) return withConstant(model, [], total, 0);
  const weights = halves.map((half) => [half.outputWeight]);
  const signs = signsFor(weights, [total]);
  if (signs) return { ...plain, network: { neurons: halves.map((half, j) => neuron(half, signs[j])), outputBias: 0 } };
  const rest = cancellingSum([total, ...halves.slice(1).map((half) => -half.outputWeight)]);
  const first = halves[0];
  const pair = [
    { ...neuron(first, 1), outputWeight: rest + first.outputWeight },
    { ...neuron(first, -1), outputWeight: rest - first.outputWeight },
  ];
  const neurons = [pair[0], ...halves.slice(1).map((half) => neuron(half, 1)), pair[1]];
  return {
    network: { neurons, outputBias: 0 },
    intrinsicWidth,
    exact: intrinsicWidth <= LARGEST_SEARCH,
    besides: 'constant part',
    obstacle: '',
  };
}

/** softplus(z) = z/2 + even(z): Σ α_j even(z_j) plus an affine function, which is free when it is Σ ±α_j z_j/2 for some signs. */
function reduceSoftplus(model: ResolvedTwoLayer, effective: readonly NetworkNeuron[], constant: number): Reduction {
  const vectors = effective.map((neuron) => [...neuron.inputWeights, neuron.bias]);
  const classes = classesOf(vectors, 'sign');
  const { neurons, pure, pairs } = signedMembers(effective, classes);
  const unsplit = withConstant(model, neurons, constant, 0);
  const intrinsicWidth = classes.length - pure;
  if (pairs === 0 && (constant === 0 || model.outputBias)) return { ...unsplit, intrinsicWidth };

  const alphas = classes.map((each) => merged(effective, each, (i) => effective[i].outputWeight));
  const effectiveAlphas = present(alphas);
  const used = classes.filter((_, j) => alphas[j] !== null);
  const affine = Array.from({ length: model.inputs + 1 }, (_, t) =>
    cancellingSum([
      ...effective.map((neuron, i) => 0.5 * neuron.outputWeight * vectors[i][t]),
      t === model.inputs && !model.outputBias ? constant : 0,
    ]),
  );
  const dimensions = model.outputBias ? model.inputs : model.inputs + 1;
  const halves = used.map((each, j) =>
    vectors[each.members[0]].slice(0, dimensions).map((value) => 0.5 * effectiveAlphas[j].outputWeight * value),
  );
  const signs = signsFor(halves, affine.slice(0, dimensions));
  if (signs) {
    const flipped = effectiveAlphas.map((neuron, j) => ({
      outputWeight: neuron.outputWeight,
      inputWeights: neuron.inputWeights.map((value) => signs[j] * value),
      bias: signs[j] * neuron.bias,
    }));
    const biasOf = (list: readonly NetworkNeuron[]): number =>
      list.reduce((sum, each) => sum + 0.5 * each.outputWeight * each.bias, 0);
    const outputBias = model.outputBias ? cancellingSum([constant, biasOf(effective), -biasOf(flipped)]) : 0;
    return { network: { neurons: flipped, outputBias }, intrinsicWidth, exact: true, besides: '', obstacle: '' };
  }
  const exact = pure === 0 && classes.length <= LARGEST_SEARCH;
  return { ...unsplit, intrinsicWidth, exact: exact && unsplit.exact, besides: 'affine part' };
}

/** Positive homogeneous: scales are merged, and relu(z) − relu(−z) = z makes pairs affine. A local count in any case. */
function reduceRelu(model: ResolvedTwoLayer, effective: readonly NetworkNeuron[], constant: number): Reduction {
  const size = (neuron: NetworkNeuron): number =>
    Math.sqrt(neuron.inputWeights.reduce((total, value) => total + value * value, neuron.bias * neuron.bias));
  const classes = classesOf(
    effective.map((neuron) => [...neuron.inputWeights, neuron.bias]),
    'line',
  );
  const rescaled = [...effective];
  for (const { members } of classes) {
    const first = size(effective[members[0]]);
    for (const i of members)
      rescaled[i] = { ...effective[i], outputWeight: (effective[i].outputWeight * size(effective[i])) / first };
  }
  const { neurons, pairs } = signedMembers(effective, classes, rescaled);
  const reduced = withConstant(model, neurons, constant, model.hiddenBias ? 1 : 0);
  return {
    ...reduced,
    intrinsicWidth: neurons.length - pairs,
    exact: false,
    besides: pairs > 0 ? 'affine part' : reduced.besides,
  };
}

/** One neuron for each sign that a class has; counts classes whose sum is 0 (`pure`) and classes with both signs (`pairs`). */
function signedMembers(
  neurons: readonly NetworkNeuron[],
  classes: readonly VectorClass[],
  weights: readonly NetworkNeuron[] = neurons,
): { neurons: NetworkNeuron[]; pure: number; pairs: number } {
  const result: NetworkNeuron[] = [];
  let pure = 0;
  let pairs = 0;
  for (const each of classes) {
    const first = neurons[each.members[0]];
    const sumOf = (sign: number): number =>
      cancellingSum(each.members.map((i, at) => (each.signs[at] === sign ? weights[i].outputWeight : 0)));
    const plus = sumOf(1);
    const minus = sumOf(-1);
    if (plus !== 0) result.push({ ...first, outputWeight: plus });
    if (minus !== 0)
      result.push({ outputWeight: minus, inputWeights: first.inputWeights.map((value) => -value), bias: -first.bias });
    if (plus !== 0 && minus !== 0) pairs += 1;
    if (cancellingSum([plus, minus]) === 0) pure += 1;
  }
  return { neurons: result, pure, pairs };
}

/** Signs with Σ signs[j]·vectors[j] = sum; all + first, then all others while there are few enough; null when there are none. */
function signsFor(vectors: readonly (readonly number[])[], sum: readonly number[]): number[] | null {
  const size =
    vectors.flat().reduce((total, value) => total + Math.abs(value), 0) +
    sum.reduce((total, value) => total + Math.abs(value), 0);
  const choices = vectors.length <= LARGEST_SEARCH ? 1 << vectors.length : 1;
  for (let choice = 0; choice < choices; choice++) {
    const sign = (j: number): number => (choice & (1 << j) ? -1 : 1);
    const fits = sum.every(
      (value, t) => Math.abs(vectors.reduce((total, vector, j) => total - sign(j) * vector[t], value)) <= 1e-12 * size,
    );
    if (fits) return vectors.map((_, j) => sign(j));
  }
  return null;
}
