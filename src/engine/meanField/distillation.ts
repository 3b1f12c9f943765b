import { choleskyFactorize, choleskySolve } from '../flow/cholesky';
import { log } from '../numbers/elementary';
import type { RandomStream } from '../random/stream';
import { errorRate, lossOf, type NetData } from './loss';

/** A data set as the last hidden layer sees it. */
export interface FeatureData extends NetData {
  /** Values of the last hidden layer, row by row. */
  features: Float64Array;
  /** Neurons of that layer. */
  width: number;
  outputs: number;
}

/** Added to the Gram matrix of the features, relative to its largest diagonal entry. */
const RIDGE = 1e-9;

/**
 * What a neuron counts for: the mean size of what it sends out times the standard deviation of its value over the inputs
 * (p ∝ ‖u_j‖·sd(feature) in the authors' code to arXiv 1911.07626).
 */
export function featureImportance(sizes: Float64Array, { features, width, count }: FeatureData): Float64Array {
  return sizes.map((size, k) => {
    let mean = 0;
    for (let s = 0; s < count; s++) mean += features[s * width + k] / count;
    let square = 0;
    for (let s = 0; s < count; s++) square += (features[s * width + k] - mean) * (features[s * width + k] - mean);
    return size * Math.sqrt(square / count);
  });
}

/** `count` different neurons, drawn one after the other with probabilities proportional to their weights. */
export function drawDistinct(weights: Float64Array, count: number, stream: RandomStream): number[] {
  // The smallest of independent exponential variables with these rates are such a sample.
  const keys = Array.from(weights, (weight, k) => ({ k, key: -log(1 - stream.uniform()) / weight }));
  keys.sort((a, b) => a.key - b.key || a.k - b.k);
  return keys.slice(0, count).map(({ k }) => k);
}

/**
 * Error on the test set of a net of the chosen neurons alone, with output weights and biases fitted anew by least squares: mean squared
 * error, or for classes the part of wrong ones.
 */
export function distilledError(chosen: readonly number[], train: FeatureData, test: FeatureData, classes: boolean): number {
  const size = chosen.length + 1;
  const value = (data: FeatureData, s: number, i: number) => (i < chosen.length ? data.features[s * data.width + chosen[i]] : 1);
  const gram = new Float64Array(size * size);
  const right = Array.from({ length: train.outputs }, () => new Float64Array(size));
  const row = new Float64Array(size);
  for (let s = 0; s < train.count; s++) {
    for (let i = 0; i < size; i++) row[i] = value(train, s, i);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) gram[i * size + j] += row[i] * row[j];
      for (let o = 0; o < train.outputs; o++) right[o][i] += row[i] * train.targets[s * train.outputs + o];
    }
  }
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, gram[i * size + i]);
  for (let i = 0; i < size; i++) gram[i * size + i] += RIDGE * largest;
  if (!choleskyFactorize(gram, size)) throw new Error('a Gram matrix with a ridge is positive definite');
  for (const vector of right) choleskySolve(gram, size, vector);

  const outputs = new Float64Array(test.count * test.outputs);
  for (let s = 0; s < test.count; s++) {
    for (let i = 0; i < size; i++) row[i] = value(test, s, i);
    for (let o = 0; o < test.outputs; o++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += right[o][i] * row[i];
      outputs[s * test.outputs + o] = sum;
    }
  }
  return classes
    ? errorRate(outputs, test.count, test.outputs, test.targets)
    : lossOf('squaredError', outputs, test.count, test.outputs, test.targets);
}
