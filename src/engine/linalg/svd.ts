import { NumericalError } from '../numbers/numericalError';
import { requireFinite } from './finite';
import { createMatrix, transposeInto, type Matrix } from './matrix';
import { OUT_OF_MEMORY, withLinalg, type LinalgMemory } from './module';
import { completeBasis } from './orthonormal';
import { PowerOfTwoScaling } from './scaling';

/** Up to this size singular values are found by Jacobi rotations, above it from a bidiagonal form. */
export const JACOBI_LIMIT = 24;

/** a = u·diag(s)·vᵀ with k = min(m, n). */
export interface Svd {
  /** m × k, orthonormal columns. */
  u: Matrix;
  /** k numbers, descending. */
  s: Float64Array;
  /** n × k, orthonormal columns. */
  v: Matrix;
}

export interface SvdOptions {
  /** What the matrix is, for messages. */
  name?: string;
  /**
   * `relative`: one-sided Jacobi rotations, which give even tiny singular values to high relative accuracy when the matrix is a well-conditioned
   * one with scaled columns; slow for large matrices. `absolute`: by a bidiagonal form, to a few rounding errors of the largest.
   * Default: relative for up to 24 rows or columns.
   */
  accuracy?: 'relative' | 'absolute';
}

/**
 * The min(m, n) singular values, descending.
 *
 * @param options or what the matrix is, for messages
 * @throws NumericalError when an entry is NaN or infinite
 */
export function singularValues(a: Matrix, options: SvdOptions | string = {}): Float64Array {
  const { name = 'matrix', accuracy } = optionsOf(options);
  const largest = requireFinite(a, name);
  const k = Math.min(a.rows, a.columns);
  if (largest === 0) return new Float64Array(k);
  const jacobi = usesJacobi(accuracy, k);
  return withLinalg((memory) => {
    const { scaling, m, n, place, distance } = load(memory, a, largest, jacobi);
    const values = memory.take(n);
    const method = jacobi ? memory.exports.jacobiValues : memory.exports.singularValues;
    check(method(m, n, place, distance, values), a);
    const s = memory.numbers(values, n).slice();
    scaling.up(s);
    return s;
  });
}

/**
 * Singular values with vectors, with the accuracy of `singularValues`.
 *
 * @param options or what the matrix is, for messages
 * @throws NumericalError when an entry is NaN or infinite
 */
export function svd(a: Matrix, options: SvdOptions | string = {}): Svd {
  const { name = 'matrix', accuracy } = optionsOf(options);
  const largest = requireFinite(a, name);
  const k = Math.min(a.rows, a.columns);
  if (largest === 0) return { u: leadingIdentity(a.rows, k), s: new Float64Array(k), v: leadingIdentity(a.columns, k) };
  const jacobi = usesJacobi(accuracy, k);
  return withLinalg((memory) => {
    const loaded = load(memory, a, largest, jacobi);
    const { big, s, small } = jacobi ? jacobiVectors(memory, loaded, a) : bidiagonalVectors(memory, loaded, a);
    loaded.scaling.up(s);
    return loaded.upright ? { u: big, s, v: small } : { u: small, s, v: big };
  });
}

function optionsOf(options: SvdOptions | string): SvdOptions {
  return typeof options === 'string' ? { name: options } : options;
}

function usesJacobi(accuracy: SvdOptions['accuracy'], size: number): boolean {
  return accuracy === undefined ? size <= JACOBI_LIMIT : accuracy === 'relative';
}

/** An m × n matrix, m ≥ n, with entries around 1: column j of m numbers at place + 8·j·distance. */
interface Loaded {
  scaling: PowerOfTwoScaling;
  m: number;
  n: number;
  place: number;
  distance: number;
  /** False when it is the transposed one. */
  upright: boolean;
}

function load(memory: LinalgMemory, a: Matrix, largest: number, jacobi: boolean): Loaded {
  const m = Math.max(a.rows, a.columns);
  const n = Math.min(a.rows, a.columns);
  // The rows of a wide matrix are the columns of the transposed one. Jacobi rotations treat rows and columns differently.
  const upright = jacobi ? a.rows >= a.columns : a.rows > a.columns;
  const distance = memory.exports.rowDistance(m);
  const place = memory.take(n * distance);
  const columns = memory.numbers(place, n * distance);
  columns.fill(0);
  if (upright) transposeInto(a.values, m, n, columns, distance);
  else for (let j = 0; j < n; j++) columns.set(a.values.subarray(j * m, j * m + m), j * distance);
  const scaling = new PowerOfTwoScaling(largest);
  scaling.down(columns);
  return { scaling, m, n, place, distance, upright };
}

interface Vectors {
  /** m × n. */
  big: Matrix;
  s: Float64Array;
  /** n × n. */
  small: Matrix;
}

function bidiagonalVectors(memory: LinalgMemory, { m, n, place, distance }: Loaded, a: Matrix): Vectors {
  const values = memory.take(n);
  const left = memory.take(m * n);
  const right = memory.take(n * n);
  check(memory.exports.singularVectors(m, n, place, distance, values, left, right), a);
  return {
    big: { rows: m, columns: n, values: memory.numbers(left, m * n).slice() },
    s: memory.numbers(values, n).slice(),
    small: { rows: n, columns: n, values: memory.numbers(right, n * n).slice() },
  };
}

function jacobiVectors(memory: LinalgMemory, { m, n, place, distance }: Loaded, a: Matrix): Vectors {
  const values = memory.take(n);
  const leftAt = memory.take(m * n);
  const rightAt = memory.take(n * n);
  check(memory.exports.jacobiVectors(m, n, place, distance, values, leftAt, rightAt), a);
  const s = memory.numbers(values, n).slice();
  const left = memory.numbers(leftAt, m * n);
  const right = memory.numbers(rightAt, n * n);
  const zero = s.indexOf(0);
  completeBasis(left, m, n, memory.exports.getKnownLeft());
  completeBasis(right, n, n, zero < 0 ? n : zero);
  const big = createMatrix(m, n);
  transposeInto(left, n, m, big.values);
  const small = createMatrix(n, n);
  transposeInto(right, n, n, small.values);
  return { big, s, small };
}

/** Statuses of assembly/index.ts. */
function check(status: number, a: Matrix): void {
  if (status === 1) throw new NumericalError(`The singular values of a ${a.rows}×${a.columns} matrix did not converge.`);
  if (status === 2) throw new RangeError(OUT_OF_MEMORY);
}

function leadingIdentity(rows: number, columns: number): Matrix {
  const matrix = createMatrix(rows, columns);
  for (let i = 0; i < columns; i++) matrix.values[i * columns + i] = 1;
  return matrix;
}
