import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import type { ActivationConfig } from '../../../experiment/schema';
import { twoLayerOffsets } from '../../models/twoLayer';

/** One hidden neuron a·σ(w·x + b); the bias is 0 in networks without hidden biases. */
export interface NetworkNeuron {
  readonly outputWeight: number;
  readonly inputWeights: readonly number[];
  readonly bias: number;
}

/** A network as a list of neurons plus a constant. */
export interface Network {
  readonly neurons: readonly NetworkNeuron[];
  readonly outputBias: number;
}

/** Activations by the dependencies between neurons that they allow. A shift of tanh that biases can undo is no shift. */
export type ActivationFamily = 'tanh' | 'sigmoid' | 'exp' | 'softplus' | 'relu' | 'sin';

export function activationFamily(activation: ActivationConfig): ActivationFamily {
  return typeof activation === 'string' ? activation : 'tanh';
}

export function activationShift(activation: ActivationConfig): number {
  return typeof activation === 'string' ? 0 : activation.shift;
}

/** Reads a network out of its parameter vector. */
export function networkOf(model: ResolvedTwoLayer, parameters: Float64Array): Network {
  const offsets = twoLayerOffsets(model);
  const neurons: NetworkNeuron[] = [];
  for (let k = 0; k < model.width; k++) {
    const at = offsets.inputWeights + k * model.inputs;
    neurons.push({
      outputWeight: parameters[k],
      inputWeights: Array.from(parameters.subarray(at, at + model.inputs)),
      bias: offsets.hiddenBiases >= 0 ? parameters[offsets.hiddenBiases + k] : 0,
    });
  }
  return { neurons, outputBias: offsets.outputBias >= 0 ? parameters[offsets.outputBias] : 0 };
}

/** Writes a network into the parameter vector of a model with as many neurons or more; the others are zero. */
export function parametersOf(model: ResolvedTwoLayer, network: Network): Float64Array {
  if (network.neurons.length > model.width)
    throw new Error(`${network.neurons.length} neurons do not fit into width ${model.width}.`);
  const offsets = twoLayerOffsets(model);
  const parameters = new Float64Array(offsets.parameterCount);
  network.neurons.forEach((neuron, k) => {
    parameters[k] = neuron.outputWeight;
    parameters.set(neuron.inputWeights, offsets.inputWeights + k * model.inputs);
    if (offsets.hiddenBiases >= 0) parameters[offsets.hiddenBiases + k] = neuron.bias;
  });
  if (offsets.outputBias >= 0) parameters[offsets.outputBias] = network.outputBias;
  return parameters;
}

export function isZero(vector: readonly number[]): boolean {
  return vector.every((value) => value === 0);
}

/** A set of vectors that are the same up to the symmetry; `signs` say how each relates to the first. */
export interface VectorClass {
  readonly members: number[];
  readonly signs: number[];
}

/** How vectors count as the same: equal, equal up to sign, or on one line through 0 (scaled by any number but 0). */
export type VectorSymmetry = 'equal' | 'sign' | 'line';

/** Vectors that agree to this, relative to their size, are the same: far above rounding, far below what a rank can resolve. */
const SAME = 1e-12;

/**
 * Groups vectors into classes, in the order of first appearance. Vectors are sorted along a fixed generic direction first, so
 * that only neighbours are compared.
 */
export function classesOf(vectors: readonly (readonly number[])[], symmetry: VectorSymmetry): VectorClass[] {
  const normalized = vectors.map((vector) => (symmetry === 'line' ? unit(vector) : vector));
  const keys = normalized.map((vector) => {
    const key = vector.reduce((total, value, j) => total + value * genericWeight(j), 0);
    return symmetry === 'equal' ? key : Math.abs(key);
  });
  const order = vectors.map((_, i) => i).sort((i, j) => keys[i] - keys[j] || i - j);
  const sizes = normalized.map((vector) => vector.reduce((total, value) => total + Math.abs(value), 0));
  const sorted: VectorClass[] = [];
  const open: VectorClass[] = [];
  for (const i of order) {
    const slack = 8 * SAME * (sizes[i] + 1e-300);
    while (open.length > 0 && keys[i] - keys[open[0].members[0]] > slack + 8 * SAME * sizes[open[0].members[0]]) open.shift();
    let found = false;
    for (const each of open) {
      const sign = relation(normalized[each.members[0]], normalized[i], symmetry !== 'equal');
      if (sign === 0) continue;
      each.members.push(i);
      each.signs.push(sign);
      found = true;
      break;
    }
    if (!found) {
      const fresh = { members: [i], signs: [1] };
      sorted.push(fresh);
      open.push(fresh);
    }
  }
  return sorted.map(inOrder).sort((a, b) => a.members[0] - b.members[0]);
}

/** Members in ascending order, signs relative to the first of them. */
function inOrder(each: VectorClass): VectorClass {
  const order = each.members.map((_, i) => i).sort((i, j) => each.members[i] - each.members[j]);
  const reference = each.signs[order[0]];
  return { members: order.map((i) => each.members[i]), signs: order.map((i) => each.signs[i] * reference) };
}

/** 1 when u = v, −1 when u = −v and signs are free, 0 otherwise. */
function relation(u: readonly number[], v: readonly number[], signsFree: boolean): number {
  let size = 0;
  let difference = 0;
  let total = 0;
  for (let j = 0; j < u.length; j++) {
    size = Math.max(size, Math.abs(u[j]), Math.abs(v[j]));
    difference = Math.max(difference, Math.abs(u[j] - v[j]));
    total = Math.max(total, Math.abs(u[j] + v[j]));
  }
  if (difference <= SAME * size) return 1;
  return signsFree && total <= SAME * size ? -1 : 0;
}

function unit(vector: readonly number[]): readonly number[] {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return vector;
  const scaled = vector.map((value) => value / largest);
  const norm = Math.sqrt(scaled.reduce((total, value) => total + value * value, 0));
  return scaled.map((value) => value / norm);
}

/** Irrational-looking weights in [1/2, 3/2): fractional parts of multiples of the golden ratio. */
function genericWeight(j: number): number {
  const multiple = (j + 1) * 0.6180339887498949;
  return 0.5 + (multiple - Math.floor(multiple));
}

/** Dimension of the span of a few vectors: Gaussian elimination with complete pivoting. */
export function spanDimension(vectors: readonly (readonly number[])[]): number {
  const rows = vectors.map((vector) => Array.from(unit(vector)));
  const width = rows.length > 0 ? rows[0].length : 0;
  const limit = Math.min(rows.length, width);
  for (let rank = 0; rank < limit; rank++) {
    let pivotRow = rank;
    let pivotColumn = rank;
    let largest = 0;
    for (let i = rank; i < rows.length; i++) {
      for (let j = rank; j < width; j++) {
        if (Math.abs(rows[i][j]) > largest) {
          largest = Math.abs(rows[i][j]);
          pivotRow = i;
          pivotColumn = j;
        }
      }
    }
    if (largest < 1e-10) return rank;
    [rows[rank], rows[pivotRow]] = [rows[pivotRow], rows[rank]];
    for (const row of rows) [row[rank], row[pivotColumn]] = [row[pivotColumn], row[rank]];
    for (let i = rank + 1; i < rows.length; i++) {
      const factor = rows[i][rank] / rows[rank][rank];
      for (let j = rank; j < width; j++) rows[i][j] -= factor * rows[rank][j];
    }
  }
  return limit;
}
