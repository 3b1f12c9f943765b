import { requireFinite } from './finite';
import type { Matrix } from './matrix';
import { withLinalg } from './module';

/** From this size on WebAssembly is faster, with the copies that it needs. */
const WASM_SIZE = 24;

/** P·a = L·U. */
export interface Lu {
  /** n × n row-major: multipliers of L below the diagonal, U on and above it. */
  readonly factors: Float64Array;
  /** Row that was exchanged with row k at step k. */
  readonly pivots: Int32Array;
  /** False when a pivot was exactly zero: factors and pivots are then unfinished. */
  readonly regular: boolean;
}

/**
 * LU factorisation of a square matrix, which is left alone.
 *
 * @param name what the matrix is, for messages
 * @throws NumericalError when an entry is NaN or infinite
 */
export function lu(a: Matrix, name = 'matrix'): Lu {
  const n = a.rows;
  if (a.columns !== n) throw new RangeError(`The ${name} is ${n}×${a.columns}, not square.`);
  requireFinite(a, name);
  const factors = a.values.slice();
  const pivots = new Int32Array(n);
  return { factors, pivots, regular: luFactorize(factors, n, pivots) };
}

/**
 * LU factorisation with partial pivoting in place: the n × n row-major `a` becomes the multipliers of L below its diagonal and
 * U on and above it; `pivots[k]` is the row that was exchanged with row k. False when a pivot is zero or not finite.
 */
export function luFactorize(a: Float64Array, n: number, pivots: Int32Array): boolean {
  return n < WASM_SIZE ? factorizeHere(a, n, pivots) : factorizeThere(a, n, pivots);
}

function factorizeThere(a: Float64Array, n: number, pivots: Int32Array): boolean {
  return withLinalg((memory) => {
    const distance = memory.exports.rowDistance(n);
    const place = memory.take(n * distance);
    const pivotsAt = memory.take(n);
    const rows = memory.numbers(place, n * distance);
    for (let i = 0; i < n; i++) rows.set(a.subarray(i * n, i * n + n), i * distance);
    if (memory.exports.luFactorize(n, place, distance, pivotsAt) === 0) return false;
    for (let i = 0; i < n; i++) a.set(rows.subarray(i * distance, i * distance + n), i * n);
    pivots.set(new Int32Array(memory.exports.memory.buffer, pivotsAt, n));
    return true;
  });
}

function factorizeHere(a: Float64Array, n: number, pivots: Int32Array): boolean {
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

/** Overwrites b with the solution x of A·x = b, given the factors that `luFactorize` left in `a`. */
export function luSolve(a: Float64Array, n: number, pivots: Int32Array, b: Float64Array): void {
  for (let k = 0; k < n; k++) {
    const swapped = b[pivots[k]];
    b[pivots[k]] = b[k];
    b[k] = swapped;
  }
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let j = 0; j < i; j++) sum -= a[i * n + j] * b[j];
    b[i] = sum;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let j = i + 1; j < n; j++) sum -= a[i * n + j] * b[j];
    b[i] = sum / a[i * n + i];
  }
}
