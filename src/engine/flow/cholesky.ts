/**
 * Cholesky factorisation A = L·Lᵀ in place, of the lower triangle of the n × n row-major `a`; the upper triangle is not touched.
 * False as soon as a pivot is not positive: A is then not (numerically) positive definite.
 */
export function choleskyFactorize(a: Float64Array, n: number): boolean {
  // Four rows at a time against every row above them: each number that is read takes part in four sums.
  for (let i = 0; i < n; i += 4) {
    const height = Math.min(4, n - i);
    if (height === 4) {
      const r0 = i * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      const r3 = r2 + n;
      for (let j = 0; j < i; j++) {
        const row = j * n;
        let s0 = a[r0 + j];
        let s1 = a[r1 + j];
        let s2 = a[r2 + j];
        let s3 = a[r3 + j];
        for (let k = 0; k < j; k++) {
          const value = a[row + k];
          s0 -= a[r0 + k] * value;
          s1 -= a[r1 + k] * value;
          s2 -= a[r2 + k] * value;
          s3 -= a[r3 + k] * value;
        }
        const pivot = a[row + j];
        a[r0 + j] = s0 / pivot;
        a[r1 + j] = s1 / pivot;
        a[r2 + j] = s2 / pivot;
        a[r3 + j] = s3 / pivot;
      }
    }
    for (let p = i; p < i + height; p++) {
      const row = p * n;
      for (let j = height === 4 ? i : 0; j <= p; j++) {
        const other = j * n;
        let sum = a[row + j];
        for (let k = 0; k < j; k++) sum -= a[row + k] * a[other + k];
        if (j < p) {
          a[row + j] = sum / a[other + j];
        } else {
          if (!(sum > 0 && sum < Infinity)) return false;
          a[row + p] = Math.sqrt(sum);
        }
      }
    }
  }
  return true;
}

/** Overwrites b with the solution x of L·Lᵀ·x = b, given the factor that `choleskyFactorize` left in `a`. */
export function choleskySolve(a: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= a[row + k] * b[k];
    b[i] = sum / a[row + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    const x = b[i] / a[row + i];
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] -= a[row + k] * x;
  }
}
