import { finish } from '../finish';
import { NumericalError } from '../numbers/numericalError';
import { requireFinite } from './finite';
import { gramInSteps, multiplyInSteps, type Matrix } from './matrix';
import { OUT_OF_MEMORY, withLinalg, withLinalgInSteps, type LinalgMemory } from './module';
import { PowerOfTwoScaling } from './scaling';

/** a·vectors = vectors·diag(values), with the errors that were made: each costs a matrix product when it is first asked for. */
export interface SymmetricEigen {
  /** Ascending. */
  values: Float64Array;
  /** Column j belongs to values[j]. */
  vectors: Matrix;
  /** Largest ‖A·v − λ·v‖ over all pairs, divided by the largest |λ|; 0 for the zero matrix. */
  readonly residual: number;
  /** Largest |vᵢᵀvⱼ − δᵢⱼ|. */
  readonly orthogonality: number;
  /** Measures both, with pauses some milliseconds apart. */
  measureInSteps(): Generator<void, SymmetricEigen>;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, of which the lower triangle is read: Householder tridiagonalisation and the
 * implicit QR method, accurate to a few rounding errors of the largest eigenvalue.
 *
 * @param name what the matrix is, for messages
 * @throws NumericalError when an entry is NaN or infinite
 */
export function symmetricEigen(a: Matrix, name = 'matrix'): SymmetricEigen {
  return finish(symmetricEigenInSteps(a, name));
}

/** The same with pauses, some milliseconds apart. */
export function* symmetricEigenInSteps(a: Matrix, name = 'matrix'): Generator<void, SymmetricEigen> {
  const n = a.rows;
  const largest = requireSquare(a, name);
  const scaling = new PowerOfTwoScaling(largest);
  return yield* withLinalgInSteps(function* (memory) {
    const { place, distance } = load(memory, a, scaling);
    const values = memory.take(n);
    const vectors = memory.take(n * n);
    let status = memory.exports.beginSymmetric(n, place, distance, values, vectors);
    while (status === MORE) {
      status = memory.exports.symmetricPiece();
      yield;
    }
    check(status, n);
    const scaled = memory.numbers(values, n).slice();
    return new MeasuredEigen(a, scaling, scaled, { rows: n, columns: n, values: memory.numbers(vectors, n * n).slice() });
  });
}

/** Eigenvalues alone, ascending: a fraction of the work. */
export function symmetricEigenvalues(a: Matrix, name = 'matrix'): Float64Array {
  const n = a.rows;
  const largest = requireSquare(a, name);
  const scaling = new PowerOfTwoScaling(largest);
  return withLinalg((memory) => {
    const { place, distance } = load(memory, a, scaling);
    const at = memory.take(n);
    check(memory.exports.symmetricValues(n, place, distance, at), n);
    const values = memory.numbers(at, n).slice();
    scaling.up(values);
    return values;
  });
}

function requireSquare(a: Matrix, name: string): number {
  if (a.columns !== a.rows) throw new RangeError(`The ${name} is ${a.rows}×${a.columns}, not square.`);
  return requireFinite(a, name);
}

/** The lower triangle with entries around 1. */
function load(memory: LinalgMemory, a: Matrix, scaling: PowerOfTwoScaling): { place: number; distance: number } {
  const n = a.rows;
  const distance = memory.exports.rowDistance(n);
  const place = memory.take(n * distance);
  const rows = memory.numbers(place, n * distance);
  rows.fill(0);
  for (let i = 0; i < n; i++) rows.set(a.values.subarray(i * n, i * n + i + 1), i * distance);
  scaling.down(rows);
  return { place, distance };
}

/** Of assembly/symmetricEigen.ts: another piece is to be done. */
const MORE = 3;

/** The other statuses. */
function check(status: number, n: number): void {
  if (status === 1) throw new NumericalError(`The eigenvalues of a ${n}×${n} matrix did not converge.`);
  if (status === 2) throw new RangeError(OUT_OF_MEMORY);
}

class MeasuredEigen implements SymmetricEigen {
  readonly values: Float64Array;
  /** The matrix as it was: with its lower triangle on both sides and entries around 1. */
  private readonly matrix: Matrix;
  private measuredResidual: number | undefined;
  private measuredOrthogonality: number | undefined;

  constructor(
    a: Matrix,
    scaling: PowerOfTwoScaling,
    private readonly scaledValues: Float64Array,
    readonly vectors: Matrix,
  ) {
    const n = a.rows;
    const symmetric = a.values.slice();
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) symmetric[j * n + i] = symmetric[i * n + j]!;
    scaling.down(symmetric);
    this.matrix = { rows: n, columns: n, values: symmetric };
    this.values = scaledValues.slice();
    scaling.up(this.values);
  }

  get residual(): number {
    return (this.measuredResidual ??= finish(residualOf(this.matrix, this.scaledValues, this.vectors)));
  }

  get orthogonality(): number {
    return (this.measuredOrthogonality ??= finish(orthogonalityOf(this.vectors)));
  }

  *measureInSteps(): Generator<void, SymmetricEigen> {
    this.measuredResidual ??= yield* residualOf(this.matrix, this.scaledValues, this.vectors);
    this.measuredOrthogonality ??= yield* orthogonalityOf(this.vectors);
    return this;
  }
}

function* residualOf(a: Matrix, values: Float64Array, vectors: Matrix): Generator<void, number> {
  const n = a.rows;
  const largest = n === 0 ? 0 : Math.max(Math.abs(values[0]!), Math.abs(values[n - 1]!));
  if (largest === 0) return 0;
  const image = (yield* multiplyInSteps(a, vectors)).values;
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const x = image[i * n + j]! - values[j]! * vectors.values[i * n + j]!;
      squares[j]! += x * x;
    }
  }
  return Math.sqrt(squares.reduce((worst, square) => Math.max(worst, square), 0)) / largest;
}

function* orthogonalityOf(vectors: Matrix): Generator<void, number> {
  const n = vectors.columns;
  const products = (yield* gramInSteps(vectors)).values;
  let worst = 0;
  for (let p = 0; p < n; p++)
    for (let q = 0; q <= p; q++) worst = Math.max(worst, Math.abs(products[p * n + q]! - (p === q ? 1 : 0)));
  return worst;
}
