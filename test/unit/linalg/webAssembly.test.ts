import fc from 'fast-check';
import { LuDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { luFactorize, luSolve } from '../../../src/engine/linalg/lu';
import { createMatrix, gram, identity, multiply, transpose, type Matrix } from '../../../src/engine/linalg/matrix';
import { pivotedQr } from '../../../src/engine/linalg/pivotedQr';
import { singularValues, svd } from '../../../src/engine/linalg/svd';
import { symmetricEigen, symmetricEigenvalues } from '../../../src/engine/linalg/symmetricEigen';
import {
  largestDifference,
  orthogonalColumns,
  orthonormalityError,
  randomMatrix,
  reconstructionError,
  withSpectrum,
} from './checks';
import { pivotedQr as plainPivotedQr } from './reference/pivotedQr';
import { singularValues as plainSingularValues, svd as plainSvd } from './reference/svd';
import { symmetricEigen as plainSymmetricEigen } from './reference/symmetricEigen';

/** Sizes on both sides of every block edge: tiles of 4, blocks of 8, panels of 8, 16 and 32, the limit of Jacobi rotations, 96 and 256. */
const EDGES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65, 95, 97, 127, 129];
const size = fc.constantFrom(...EDGES);
const smallSize = fc.constantFrom(...EDGES.filter((n) => n <= 65));

const largest = (values: ArrayLike<number>) => Math.max(0, ...Array.from(values, Math.abs));
const distance = (a: Float64Array, b: Float64Array) =>
  a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0) / (largest(b) || 1);

function symmetricMatrix(n: number, seed: number): Matrix {
  const a = randomMatrix(n, n, seed);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a.values[j * n + i] = a.values[i * n + j]!;
  return a;
}

/** Of the given rank, when that is possible. */
function matrixOfRank(rows: number, columns: number, rank: number, seed: number): Matrix {
  return rank >= Math.min(rows, columns)
    ? randomMatrix(rows, columns, seed)
    : multiply(randomMatrix(rows, rank, seed), randomMatrix(rank, columns, seed + 1));
}

function slowProduct(a: Matrix, b: Matrix): Matrix {
  const c = createMatrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.columns; j++)
      for (let k = 0; k < a.columns; k++)
        c.values[i * b.columns + j]! += a.values[i * a.columns + k]! * b.values[k * b.columns + j]!;
  return c;
}

describe('products', () => {
  it('are those of three loops, for shapes around every block edge', () => {
    fc.assert(
      fc.property(size, size, size, fc.integer(), (m, k, n, seed) => {
        const a = randomMatrix(m, k, seed);
        const b = randomMatrix(k, n, seed + 1);
        expect(largestDifference(multiply(a, b), slowProduct(a, b))).toBeLessThan(1e-14 * (k + 4));
        const g = gram(a);
        expect(largestDifference(g, slowProduct(transpose(a), a))).toBeLessThan(1e-14 * (m + 4));
        expect(largestDifference(g, transpose(g))).toBe(0);
      }),
      { numRuns: 40 },
    );
    const [a, b] = [randomMatrix(101, 259, 1), randomMatrix(259, 515, 2)];
    expect(largestDifference(multiply(a, b), slowProduct(a, b))).toBeLessThan(3e-13);
    expect(largestDifference(gram(b), slowProduct(transpose(b), b))).toBeLessThan(5e-13);
  });

  it('keep NaN and infinity', () => {
    const a = randomMatrix(40, 40, 1);
    a.values[5 * 40 + 7] = NaN;
    const product = multiply(a, identity(40));
    expect(product.values.filter(Number.isNaN).length).toBe(40);
    expect(Number.isNaN(product.values[5 * 40])).toBe(true);
  });
});

describe('singular values and vectors against the TypeScript path', () => {
  it('for shapes around every block edge, of full and deficient rank', () => {
    fc.assert(
      fc.property(smallSize, smallSize, fc.constantFrom(0, 1, 3, 20, 99), fc.integer(), (rows, columns, rank, seed) => {
        const a = rank === 0 ? createMatrix(rows, columns) : matrixOfRank(rows, columns, rank, seed);
        const expected = plainSingularValues(a);
        const { u, s, v } = svd(a);
        expect(distance(singularValues(a), expected)).toBeLessThan(1e-14);
        expect(distance(s, expected)).toBeLessThan(1e-14);
        expect(reconstructionError(a, { u, s, v })).toBeLessThan(1e-14);
        expect(Math.max(orthonormalityError(u), orthonormalityError(v))).toBeLessThan(2e-14);
        expect(distance(singularValues(a, { accuracy: 'absolute' }), expected)).toBeLessThan(1e-14);
        expect(distance(singularValues(a, { accuracy: 'relative' }), expected)).toBeLessThan(1e-14);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [130, 129, 129],
    [129, 131, 40],
    [300, 70, 70],
    [70, 300, 25],
    [161, 100, 100],
  ])('%i×%i of rank %i', (rows, columns, rank) => {
    const a = matrixOfRank(rows, columns, rank, 5);
    const { u, s, v } = svd(a);
    expect(distance(s, plainSvd(a).s)).toBeLessThan(1e-14);
    expect(distance(singularValues(a), s)).toBeLessThan(1e-14);
    expect(reconstructionError(a, { u, s, v })).toBeLessThan(1e-14);
    expect(Math.max(orthonormalityError(u), orthonormalityError(v))).toBeLessThan(3e-14);
    expect(s.filter((x) => x > 1e-12 * s[0]!).length).toBe(rank);
  });

  it('of large matrices that are graded, degenerate, nearly empty, huge, tiny or subnormal', () => {
    const n = 70;
    const q = orthogonalColumns(n, n, 1);
    const graded = { ...randomMatrix(n, n, 2), values: randomMatrix(n, n, 2).values.map((x, i) => x * 2 ** (-4 * (i % n))) };
    const sparse = createMatrix(n, n + 3);
    sparse.values[5] = 2;
    sparse.values[40 * (n + 3) + 7] = -1e-3;
    const bidiagonalZeros = createMatrix(n, n);
    for (let i = 0; i < n; i++) {
      bidiagonalZeros.values[i * n + i] = i % 5 === 2 ? 0 : 1 + i;
      if (i + 1 < n) bidiagonalZeros.values[i * n + i + 1] = 1;
    }
    const scaled = (scale: number) => ({ ...randomMatrix(n, n, 3), values: randomMatrix(n, n, 3).values.map((x) => x * scale) });
    const matrices = [q, graded, transpose(graded), sparse, bidiagonalZeros, withSpectrum(n, n, Array<number>(n).fill(3), 7)];
    for (const a of [...matrices, scaled(1e300), scaled(1e-300), scaled(1e-318)]) {
      const result = svd(a);
      expect(distance(result.s, plainSingularValues(a))).toBeLessThan(1e-14);
      expect(distance(singularValues(a), result.s)).toBeLessThan(1e-14);
      if (result.s[0]! > 1e-310) expect(reconstructionError(a, result)).toBeLessThan(1e-14);
      expect(Math.max(orthonormalityError(result.u), orthonormalityError(result.v))).toBeLessThan(2e-14);
    }
    expect([...singularValues(sparse).slice(0, 3)]).toEqual([2, expect.closeTo(1e-3, 17), 0]);
  });

  it('converge for groups of equal values, however they are graded', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 25, max: 50 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(1, 0.5, 1e-2),
        fc.integer(),
        (n, group, ratio, seed) => {
          const values = Array.from({ length: n }, (_, i) => 8 * ratio ** Math.floor(i / group));
          const a = withSpectrum(n, n, values, seed);
          const { u, s, v } = svd(a);
          expect(distance(s, Float64Array.from(values))).toBeLessThan(1e-14);
          expect(distance(singularValues(a), s)).toBeLessThan(1e-14);
          expect(Math.max(orthonormalityError(u), orthonormalityError(v))).toBeLessThan(2e-14);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives small values relative accuracy for every size, where that is asked for', () => {
    const n = 40;
    const q = orthogonalColumns(60, n, 3);
    const a = { ...q, values: q.values.map((x, i) => x * 2 ** (-6 * (i % n))) };
    for (const s of [singularValues(a, { accuracy: 'relative' }), svd(a, { accuracy: 'relative' }).s])
      s.forEach((x, i) => expect(Math.abs(x * 2 ** (6 * i) - 1)).toBeLessThan(1e-13));
    const { u, s, v } = svd(a, { accuracy: 'relative' });
    expect(reconstructionError(a, { u, s, v })).toBeLessThan(1e-14);
  });

  it('finds vectors of a large rank-deficient matrix', () => {
    const a = matrixOfRank(300, 300, 30, 1);
    svd(a);
    const result = svd(a);
    // About 50 ms; Jacobi rotations took a second.
    expect(reconstructionError(a, result)).toBeLessThan(1e-14);
  });
});

describe('symmetric eigenpairs against the TypeScript path', () => {
  it('for sizes around every block edge', () => {
    fc.assert(
      fc.property(size, fc.integer(), fc.boolean(), (n, seed, deficient) => {
        const a = deficient ? gram(randomMatrix(Math.ceil(n / 3), n, seed)) : symmetricMatrix(n, seed);
        const expected = plainSymmetricEigen(a).values;
        const { values, vectors, residual, orthogonality } = symmetricEigen(a);
        expect(distance(values, expected)).toBeLessThan(1e-14);
        expect(distance(symmetricEigenvalues(a), expected)).toBeLessThan(1e-14);
        expect(Math.max(residual, orthogonality)).toBeLessThan(2e-14);
        expect(orthonormalityError(vectors)).toBeLessThan(2e-14);
      }),
      { numRuns: 30 },
    );
  });

  it('of matrices with few different eigenvalues, graded, tridiagonal and tiny ones', () => {
    const n = 90;
    const q = orthogonalColumns(n, n, 4);
    const fromValues = (value: (i: number) => number) =>
      multiply({ ...q, values: q.values.map((x, i) => x * value(i % n)) }, transpose(q));
    const graded = symmetricMatrix(n, 6);
    graded.values.forEach((x, k) => (graded.values[k] = x * 2 ** -((k % n) + Math.floor(k / n))));
    const tridiagonal = createMatrix(n, n);
    for (let i = 0; i < n; i++) {
      tridiagonal.values[i * n + i] = Math.abs(i - n / 2);
      if (i > 0) tridiagonal.values[i * n + i - 1] = tridiagonal.values[(i - 1) * n + i] = 1;
    }
    const tiny = symmetricMatrix(n, 8);
    tiny.values.forEach((x, k) => (tiny.values[k] = x * 1e-300));
    for (const a of [
      fromValues((i) => i % 3),
      fromValues((i) => (i === 0 ? 1 : 1e-14)),
      graded,
      transpose(graded),
      tridiagonal,
      tiny,
      identity(n),
    ]) {
      const { values, residual, orthogonality } = symmetricEigen(a);
      const expected = plainSymmetricEigen(a).values;
      expect(distance(values, expected)).toBeLessThan(1e-14);
      expect(distance(symmetricEigenvalues(a), expected)).toBeLessThan(1e-14);
      expect(Math.max(residual, orthogonality)).toBeLessThan(2e-14);
    }
  });

  it('reads only the lower triangle, and measures the matrix as it was', () => {
    const a = symmetricMatrix(50, 3);
    const expected = symmetricEigenvalues(a);
    for (let i = 0; i < 50; i++) for (let j = i + 1; j < 50; j++) a.values[i * 50 + j] = 1e6;
    const result = symmetricEigen(a);
    a.values.fill(7);
    expect(distance(result.values, expected)).toBeLessThan(1e-14);
    expect(result.residual).toBeLessThan(1e-14);
    expect(() => symmetricEigenvalues({ ...a, values: a.values.fill(NaN, 60, 61) }, 'Hessian')).toThrow(
      'Entry (2, 11) of the Hessian is NaN.',
    );
  });
});

describe('factorisations', () => {
  it('LU has the pivots and factors of ml-matrix, and solves', () => {
    fc.assert(
      fc.property(size, fc.integer(), (n, seed) => {
        const a = randomMatrix(n, n, seed);
        const factors = a.values.slice();
        const pivots = new Int32Array(n);
        const other = new LuDecomposition(MlMatrix.from1DArray(n, n, [...a.values]));
        expect(luFactorize(factors, n, pivots)).toBe(!other.isSingular());
        const order = Array.from({ length: n }, (_, i) => i);
        pivots.forEach((row, k) => ([order[k], order[row]] = [order[row], order[k]]));
        expect(order).toEqual([...other.pivotPermutationVector]);
        const { lowerTriangularMatrix: lower, upperTriangularMatrix: upper } = other;
        const expected = Float64Array.from(factors, (_, place) => {
          const [i, j] = [Math.floor(place / n), place % n];
          return i > j ? lower.get(i, j) : upper.get(i, j);
        });
        const x = Float64Array.from({ length: n }, (_, i) => 1 + (i % 7));
        const b = slowProduct(a, { rows: n, columns: 1, values: x }).values;
        luSolve(factors, n, pivots, b);
        const growth = distance(factors, expected);
        expect(growth).toBeLessThan(1e-9);
        const residual = slowProduct(a, { rows: n, columns: 1, values: b }).values;
        expect(distance(residual, slowProduct(a, { rows: n, columns: 1, values: x }).values)).toBeLessThan(
          1e-11 * Math.max(1, largest(b)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('LU refuses singular matrices and those with NaN', () => {
    for (const n of [5, 60]) {
      expect(luFactorize(new Float64Array(n * n), n, new Int32Array(n))).toBe(false);
      const a = randomMatrix(n, n, 1).values;
      a[n * n - 1] = NaN;
      expect(luFactorize(a, n, new Int32Array(n))).toBe(false);
    }
  });

  it('pivoted QR has the same order, steps and R', () => {
    fc.assert(
      fc.property(smallSize, smallSize, fc.constantFrom(0, 2, 99), fc.integer(), (m, n, rank, seed) => {
        const a = rank === 0 ? createMatrix(n, m) : matrixOfRank(n, m, rank, seed);
        const got = pivotedQr(a.values.slice(), m, n);
        const expected = plainPivotedQr(a.values.slice(), m, n);
        const significant = Math.min(rank, m, n);
        expect([...got.permutation.slice(0, significant)]).toEqual([...expected.permutation.slice(0, significant)]);
        if (rank !== 2) expect(got.steps).toBe(expected.steps);
        for (let k = 0; k < significant; k++)
          expect(Math.abs(got.columns[k * m + k]! - expected.columns[k * m + k]!)).toBeLessThan(
            1e-12 * Math.abs(expected.columns[0]!),
          );
      }),
      { numRuns: 60 },
    );
  });
});

describe('the module', () => {
  it('gives the same bits again, also after larger and smaller problems', () => {
    const a = symmetricMatrix(40, 9);
    const first = symmetricEigen(a);
    const values = singularValues(a);
    singularValues(randomMatrix(400, 380, 1));
    svd(randomMatrix(3, 2, 1));
    expect([...symmetricEigen(a).vectors.values]).toEqual([...first.vectors.values]);
    expect([...singularValues(a)]).toEqual([...values]);
  });
});
