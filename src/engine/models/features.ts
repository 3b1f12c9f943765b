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
 * out[to + j] = factor · Σ_s u[s] · x_j(s). Even and odd samples are added up apart and then together: the order of a
 * two-lane SIMD register, so that such a kernel gives the same bits.
 */
export function projections(
  out: Float64Array,
  to: number,
  features: Float64Array,
  n: number,
  d: number,
  u: Float64Array,
  factor: number,
): void {
  const even = n & ~1;
  let j = 0;
  for (; j + 3 <= d; j += 3) {
    const x0 = j * n;
    const x1 = x0 + n;
    const x2 = x1 + n;
    let a0 = 0;
    let a1 = 0;
    let b0 = 0;
    let b1 = 0;
    let c0 = 0;
    let c1 = 0;
    for (let s = 0; s < even; s += 2) {
      const u0 = u[s];
      const u1 = u[s + 1];
      a0 += u0 * features[x0 + s];
      a1 += u1 * features[x0 + s + 1];
      b0 += u0 * features[x1 + s];
      b1 += u1 * features[x1 + s + 1];
      c0 += u0 * features[x2 + s];
      c1 += u1 * features[x2 + s + 1];
    }
    if (even < n) {
      const u0 = u[even];
      a0 += u0 * features[x0 + even];
      b0 += u0 * features[x1 + even];
      c0 += u0 * features[x2 + even];
    }
    out[to + j] = factor * (a0 + a1);
    out[to + j + 1] = factor * (b0 + b1);
    out[to + j + 2] = factor * (c0 + c1);
  }
  for (; j < d; j++) {
    const x0 = j * n;
    let a0 = 0;
    let a1 = 0;
    for (let s = 0; s < even; s += 2) {
      a0 += u[s] * features[x0 + s];
      a1 += u[s + 1] * features[x0 + s + 1];
    }
    if (even < n) a0 += u[even] * features[x0 + even];
    out[to + j] = factor * (a0 + a1);
  }
}
