import type { RandomStream } from '../random/stream';

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

export function scale(a: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] *= factor;
}

/**
 * Makes `vector` orthogonal to basis[0 … count − 1], which is orthonormal, and returns its new length. A pass that takes much of the
 * length leaves rounding errors of the size of what it took, so it is followed by another (Daniel, Gragg, Kaufman and Stewart, Math.
 * Comp. 30, 1976).
 */
export function orthogonalize(vector: Float64Array, basis: readonly Float64Array[], count: number): number {
  let length = norm(vector);
  for (let pass = 0; pass < 3 && count > 0; pass++) {
    const before = length;
    subtractProjections(vector, basis, count);
    length = norm(vector);
    if (length >= 0.7 * before) break;
  }
  return length;
}

function subtractProjections(vector: Float64Array, basis: readonly Float64Array[], count: number): void {
  const n = vector.length;
  let k = 0;
  // Four at a time, since long vectors come from memory.
  for (; k + 4 <= count; k += 4) {
    const b0 = basis[k];
    const b1 = basis[k + 1];
    const b2 = basis[k + 2];
    const b3 = basis[k + 3];
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < n; i++) {
      const x = vector[i];
      s0 += b0[i] * x;
      s1 += b1[i] * x;
      s2 += b2[i] * x;
      s3 += b3[i] * x;
    }
    for (let i = 0; i < n; i++) vector[i] -= s0 * b0[i] + s1 * b1[i] + (s2 * b2[i] + s3 * b3[i]);
  }
  for (; k < count; k++) addScaled(vector, -dot(basis[k], vector), basis[k]);
}

/** a += factor · b. */
export function addScaled(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}

/** Independent ±1. */
export function fillRademacher(stream: RandomStream, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = stream.uniform() < 0.5 ? -1 : 1;
}
