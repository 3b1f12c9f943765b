import type { Inputs } from './model';

/** The inputs feature by feature (d × n), so that loops over samples run through contiguous memory. */
export function featureMajor(inputs: Inputs): Float64Array {
  const { count, dimension, values } = inputs;
  const features = new Float64Array(count * dimension);
  for (let s = 0; s < count; s++) {
    for (let j = 0; j < dimension; j++) features[j * count + s] = values[s * dimension + j];
  }
  return features;
}

/**
 * out[at + s] = bias + Σ_j weights[from + j] · x_j(s) for n samples, added in the order of j.
 *
 * Features go in blocks of four to save passes over `out`; the order of additions, and so every bit, is that of the plain loop.
 */
export function affineForms(
  out: Float64Array,
  at: number,
  features: Float64Array,
  n: number,
  d: number,
  weights: Float64Array,
  from: number,
  bias: number,
): void {
  let j = 0;
  if (d >= 4) {
    const w0 = weights[from];
    const w1 = weights[from + 1];
    const w2 = weights[from + 2];
    const w3 = weights[from + 3];
    for (let s = 0; s < n; s++) {
      out[at + s] = bias + w0 * features[s] + w1 * features[n + s] + w2 * features[2 * n + s] + w3 * features[3 * n + s];
    }
    j = 4;
  } else if (d >= 2) {
    const w0 = weights[from];
    const w1 = weights[from + 1];
    for (let s = 0; s < n; s++) out[at + s] = bias + w0 * features[s] + w1 * features[n + s];
    j = 2;
  } else {
    const w0 = weights[from];
    for (let s = 0; s < n; s++) out[at + s] = bias + w0 * features[s];
    j = 1;
  }
  for (; j + 4 <= d; j += 4) {
    const w0 = weights[from + j];
    const w1 = weights[from + j + 1];
    const w2 = weights[from + j + 2];
    const w3 = weights[from + j + 3];
    const x = j * n;
    for (let s = 0; s < n; s++) {
      out[at + s] =
        out[at + s] +
        w0 * features[x + s] +
        w1 * features[x + n + s] +
        w2 * features[x + 2 * n + s] +
        w3 * features[x + 3 * n + s];
    }
  }
  for (; j < d; j++) {
    const w0 = weights[from + j];
    const x = j * n;
    for (let s = 0; s < n; s++) out[at + s] += w0 * features[x + s];
  }
}

/**
 * Σ_s u[s]·x[from + s]. Every fourth sample goes into one of four sums, which are added up as (0 + 2) + (1 + 3): the order of
 * vectors of two or four lanes, so that such kernels give the same bits.
 */
export function dotInFour(u: Float64Array, x: Float64Array, from: number, n: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let s = 0;
  for (const whole = n & ~3; s < whole; s += 4) {
    sum0 += u[s] * x[from + s];
    sum1 += u[s + 1] * x[from + s + 1];
    sum2 += u[s + 2] * x[from + s + 2];
    sum3 += u[s + 3] * x[from + s + 3];
  }
  if (s < n) sum0 += u[s] * x[from + s];
  if (s + 1 < n) sum1 += u[s + 1] * x[from + s + 1];
  if (s + 2 < n) sum2 += u[s + 2] * x[from + s + 2];
  return sum0 + sum2 + (sum1 + sum3);
}

/** Σ_s u[s] in the order of `dotInFour`. */
export function sumInFour(u: Float64Array, n: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let s = 0;
  for (const whole = n & ~3; s < whole; s += 4) {
    sum0 += u[s];
    sum1 += u[s + 1];
    sum2 += u[s + 2];
    sum3 += u[s + 3];
  }
  if (s < n) sum0 += u[s];
  if (s + 1 < n) sum1 += u[s + 1];
  if (s + 2 < n) sum2 += u[s + 2];
  return sum0 + sum2 + (sum1 + sum3);
}

/** out[to + j] = factor · Σ_s u[s] · x_j(s). */
export function projections(
  out: Float64Array,
  to: number,
  features: Float64Array,
  n: number,
  d: number,
  u: Float64Array,
  factor: number,
): void {
  for (let j = 0; j < d; j++) out[to + j] = factor * dotInFour(u, features, j * n, n);
}
