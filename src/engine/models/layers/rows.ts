// Sums over rows of numbers, one number a sample. Their order is that of the SIMD kernels (../../kernels/assembly/program.ts):
// what is added over rows goes in the order of the rows, what is added over samples in two interleaved halves, even and odd
// samples, which are added at the end.

/**
 * out[at + s] = start + Σ_q weights[from + q·step] · x[xAt + q·n + s] for n samples, added in the order of q = 0 … count − 1.
 *
 * Rows go in blocks of four to save passes over `out`; the order of additions, and so every bit, is that of the plain loop.
 */
export function combineRows(
  out: Float64Array,
  at: number,
  n: number,
  start: number,
  weights: Float64Array,
  from: number,
  step: number,
  x: Float64Array,
  xAt: number,
  count: number,
): void {
  out.fill(start, at, at + n);
  let q = 0;
  for (; q + 4 <= count; q += 4) {
    const w0 = weights[from + q * step];
    const w1 = weights[from + (q + 1) * step];
    const w2 = weights[from + (q + 2) * step];
    const w3 = weights[from + (q + 3) * step];
    const x0 = xAt + q * n;
    const x1 = x0 + n;
    const x2 = x1 + n;
    const x3 = x2 + n;
    for (let s = 0; s < n; s++) out[at + s] = out[at + s] + w0 * x[x0 + s] + w1 * x[x1 + s] + w2 * x[x2 + s] + w3 * x[x3 + s];
  }
  for (; q < count; q++) {
    const w = weights[from + q * step];
    const x0 = xAt + q * n;
    for (let s = 0; s < n; s++) out[at + s] += w * x[x0 + s];
  }
}

/** out[to + q] = Σ_s u[uAt + s] · x[xAt + q·n + s] for q = 0 … count − 1, or added to what stands there. */
export function projectRow(
  out: Float64Array,
  to: number,
  u: Float64Array,
  uAt: number,
  n: number,
  x: Float64Array,
  xAt: number,
  count: number,
  add: boolean,
): void {
  const even = n & ~1;
  for (let q = 0; q < count; q++) {
    const row = xAt + q * n;
    let sum0 = 0;
    let sum1 = 0;
    for (let s = 0; s < even; s += 2) {
      sum0 += u[uAt + s] * x[row + s];
      sum1 += u[uAt + s + 1] * x[row + s + 1];
    }
    if (even < n) sum0 += u[uAt + even] * x[row + even];
    const sum = sum0 + sum1;
    if (add) out[to + q] += sum;
    else out[to + q] = sum;
  }
}

/** Σ_s u[at + s] over n samples. */
export function rowSum(u: Float64Array, at: number, n: number): number {
  const even = n & ~1;
  let sum0 = 0;
  let sum1 = 0;
  for (let s = 0; s < even; s += 2) {
    sum0 += u[at + s];
    sum1 += u[at + s + 1];
  }
  if (even < n) sum0 += u[at + even];
  return sum0 + sum1;
}

/** Σ_s u[uAt + s] · v[vAt + s] over n samples. */
export function rowProduct(u: Float64Array, uAt: number, v: Float64Array, vAt: number, n: number): number {
  const even = n & ~1;
  let sum0 = 0;
  let sum1 = 0;
  for (let s = 0; s < even; s += 2) {
    sum0 += u[uAt + s] * v[vAt + s];
    sum1 += u[uAt + s + 1] * v[vAt + s + 1];
  }
  if (even < n) sum0 += u[uAt + even] * v[vAt + even];
  return sum0 + sum1;
}
