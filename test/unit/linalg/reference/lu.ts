/**
 * LU factorisation with partial pivoting in place: the n × n row-major `a` becomes the multipliers of L below its diagonal and
 * U on and above it; `pivots[k]` is the row that was exchanged with row k. False when a pivot is zero or not finite.
 */
export function luFactorize(a: Float64Array, n: number, pivots: Int32Array): boolean {
  for (let k = 0; k < n; k++) {
    let pivotRow = k;
    let largest = Math.abs(a[k * n + k]);
    for (let i = k + 1; i < n; i++) {
      const size = Math.abs(a[i * n + k]);
      if (size > largest || Number.isNaN(size)) {
        largest = size;
        pivotRow = i;
      }
    }
    if (!(largest > 0 && largest < Infinity)) return false;
    pivots[k] = pivotRow;
    const top = k * n;
    if (pivotRow !== k) {
      const other = pivotRow * n;
      for (let j = 0; j < n; j++) {
        const swapped = a[top + j];
        a[top + j] = a[other + j];
        a[other + j] = swapped;
      }
    }
    const pivot = a[top + k];
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      const factor = a[row + k] / pivot;
      a[row + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) a[row + j] -= factor * a[top + j];
    }
  }
  return true;
}
