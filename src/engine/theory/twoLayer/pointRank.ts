import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { cos, sin } from '../../numbers/elementary';
import { activationFamily, activationShift, classesOf, isZero, networkOf, spanDimension, type NetworkNeuron } from './neurons';

/**
 * Exact rank dim T_θ of a two-layer network at any parameter point, from the pattern of its neurons alone.
 *
 * For tanh without and with hidden biases this is "Local linear recovery" (arXiv 2406.18035), Cor. 2 and its biased
 * version. The others follow from the same argument: modulo affine functions, σ(w·x + b) and σ′(w·x + b) x_t of neurons
 * that are distinct up to the symmetry of σ are linearly independent, so that the rank is a count of classes plus the
 * dimension of what affine functions the classes leave over. For relu it is the dimension of the span of the derivatives
 * as functions almost everywhere.
 */
export function pointRank(model: ResolvedTwoLayer, parameters: Float64Array): number {
  const { neurons } = networkOf(model, parameters);
  switch (activationFamily(model.activation)) {
    case 'tanh':
      return tanhRank(model, neurons, 0);
    case 'sigmoid':
      // σ(z) = (1 + tanh(z/2)) / 2: tanh neurons, each with a constant.
      return tanhRank(model, neurons, 0.5);
    case 'exp':
      return exponentialRank(model, neurons);
    case 'sin':
      return model.hiddenBias ? phasedSineRank(model, neurons) : tanhRank(model, neurons, 0);
    case 'softplus':
      return softplusRank(model, neurons);
    case 'relu':
      return reluRank(model, neurons);
  }
}

const isActive = (neuron: NetworkNeuron): boolean => neuron.outputWeight !== 0;

/** Neurons with an input weight that is not 0, and the others, whose value is constant. */
function split(neurons: readonly NetworkNeuron[]): { effective: NetworkNeuron[]; constant: NetworkNeuron[] } {
  return {
    effective: neurons.filter((neuron) => !isZero(neuron.inputWeights)),
    constant: neurons.filter((neuron) => isZero(neuron.inputWeights)),
  };
}

/** Activations offset + tanh-like: odd up to a constant. Also sin without biases, where only oddness matters. */
function tanhRank(model: ResolvedTwoLayer, neurons: readonly NetworkNeuron[], offset: number): number {
  const shift = activationShift(model.activation);
  const { effective, constant } = split(neurons);
  const classes = classesOf(
    effective.map((neuron) => [...neuron.inputWeights, neuron.bias + shift]),
    'sign',
  );
  const active = classes.filter((each) => each.members.some((i) => isActive(effective[i])));
  const slopes = model.inputs + (model.hiddenBias ? 1 : 0);
  const linear = constant.some(isActive);
  const hasConstant =
    model.outputBias ||
    constant.some((neuron) => offset !== 0 || neuron.bias + shift !== 0) ||
    (model.hiddenBias && linear) ||
    // σ(z) + σ(−z) is a constant.
    (offset !== 0 && classes.some((each) => each.signs.includes(-1)));
  return classes.length + active.length * slopes + (linear ? model.inputs : 0) + (hasConstant ? 1 : 0);
}

/** e^(w·x + b): the derivative by b is a multiple of the value, and w = 0 is no exception but the constant neuron. */
function exponentialRank(model: ResolvedTwoLayer, neurons: readonly NetworkNeuron[]): number {
  const classes = classesOf(
    neurons.map((neuron) => neuron.inputWeights),
    'equal',
  );
  const active = classes.filter((each) => each.members.some((i) => isActive(neurons[i])));
  const hasConstant = classes.some((each) => isZero(neurons[each.members[0]].inputWeights));
  return classes.length + active.length * model.inputs + (model.outputBias && !hasConstant ? 1 : 0);
}

/** Phases this close are the same. */
const SAME_PHASE = 1e-12;

/** sin(w·x + b): the neurons of one frequency live in span{sin, cos}, whatever their number. */
function phasedSineRank(model: ResolvedTwoLayer, neurons: readonly NetworkNeuron[]): number {
  const { effective, constant } = split(neurons);
  let rank = 0;
  for (const each of classesOf(
    effective.map((neuron) => neuron.inputWeights),
    'sign',
  )) {
    const phases = each.members.map((i, at) => each.signs[at] * effective[i].bias);
    const activePhases = phases.filter((_, at) => isActive(effective[each.members[at]]));
    rank += activePhases.length > 0 || differ(phases) ? 2 : 1;
    if (activePhases.length > 0) rank += (differ(activePhases) ? 2 : 1) * model.inputs;
  }
  const slope = constant.some((neuron) => isActive(neuron) && !vanishes(cos(neuron.bias), neuron.bias));
  const value = constant.some((neuron) => !vanishes(sin(neuron.bias), neuron.bias));
  return rank + (slope ? model.inputs : 0) + (slope || value || model.outputBias ? 1 : 0);
}

function differ(phases: readonly number[]): boolean {
  return phases.some((phase) => !vanishes(sin(phase - phases[0]), phase));
}

function vanishes(value: number, phase: number): boolean {
  return Math.abs(value) <= SAME_PHASE * (1 + Math.abs(phase));
}

/**
 * softplus(z) = z/2 + an even function, with slope 1/2 + tanh(z/2)/2: a neuron and its negative together give the affine
 * function z and, where both are active, all slopes of affine functions.
 */
function softplusRank(model: ResolvedTwoLayer, neurons: readonly NetworkNeuron[]): number {
  const { effective, constant } = split(neurons);
  const vectors = effective.map((neuron) => [...neuron.inputWeights, neuron.bias]);
  const classes = classesOf(vectors, 'sign');
  const slopes = model.inputs + (model.hiddenBias ? 1 : 0);
  const active = classes.filter((each) => each.members.some((i) => isActive(effective[i])));
  const affine = oppositePairs(model, effective, vectors, classes);
  if (constant.length > 0) affine.push(unitVector(model, model.inputs));
  if (constant.some(isActive)) affine.push(...affineFunctions(model));
  return classes.length + active.length * slopes + spanDimension(affine);
}

/** As softplus, with half-spaces in place of tanh; scales are free, and an active neuron's value is among its slopes. */
function reluRank(model: ResolvedTwoLayer, neurons: readonly NetworkNeuron[]): number {
  const { effective, constant } = split(neurons);
  const vectors = effective.map((neuron) => [...neuron.inputWeights, neuron.bias]);
  const classes = classesOf(vectors, 'line');
  const slopes = model.inputs + (model.hiddenBias ? 1 : 0);
  const active = classes.filter((each) => each.members.some((i) => isActive(effective[i])));
  const affine = oppositePairs(model, effective, vectors, classes);
  const firing = constant.filter((neuron) => neuron.bias > 0);
  if (firing.length > 0) affine.push(unitVector(model, model.inputs));
  if (firing.some(isActive)) affine.push(...affineFunctions(model));
  return classes.length - active.length + active.length * slopes + spanDimension(affine);
}

/** Affine functions that the classes with both signs leave over, plus the output bias. */
function oppositePairs(
  model: ResolvedTwoLayer,
  effective: readonly NetworkNeuron[],
  vectors: readonly (readonly number[])[],
  classes: readonly { members: number[]; signs: number[] }[],
): (readonly number[])[] {
  const affine: (readonly number[])[] = [];
  for (const { members, signs } of classes) {
    if (!signs.includes(-1)) continue;
    affine.push(vectors[members[0]]);
    const activeWith = (sign: number): boolean => members.some((i, at) => signs[at] === sign && isActive(effective[i]));
    if (activeWith(1) && activeWith(-1)) affine.push(...affineFunctions(model));
  }
  if (model.outputBias) affine.push(unitVector(model, model.inputs));
  return affine;
}

/** The slopes of neurons: x_1 … x_d and, with hidden biases, 1; as coefficients of (x, 1). */
function affineFunctions(model: ResolvedTwoLayer): number[][] {
  const count = model.inputs + (model.hiddenBias ? 1 : 0);
  return Array.from({ length: count }, (_, j) => unitVector(model, j));
}

function unitVector(model: ResolvedTwoLayer, j: number): number[] {
  const vector = new Array<number>(model.inputs + 1).fill(0);
  vector[j] = 1;
  return vector;
}
