import fc from 'fast-check';
import { SingularValueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { createMatrix, matrixFrom, multiply, transpose, type Matrix } from '../../../src/engine/linalg/matrix';
import { singularValues, svd } from '../../../src/engine/linalg/svd';
import { NumericalError } from '../../../src/engine/numbers/numericalError';
import {
  largestDifference,
  orthonormalityError,
  orthogonalColumns,
  randomMatrix,
  reconstructionError,
  shapes,
  withSpectrum,
} from './checks';

function expectSvd(a: Matrix, tolerance = 2e-14): void {
  const result = svd(a);
  const k = Math.min(a.rows, a.columns);
  expect([result.u.rows, result.u.columns, result.s.length, result.v.rows, result.v.columns]).toEqual([
    a.rows,
    k,
    k,
    a.columns,
    k,
  ]);
  expect(reconstructionError(a, result)).toBeLessThan(tolerance);
  expect(orthonormalityError(result.u)).toBeLessThan(tolerance);
  expect(orthonormalityError(result.v)).toBeLessThan(tolerance);
  for (let i = 1; i < k; i++) expect(result.s[i]!).toBeLessThanOrEqual(result.s[i - 1]!);
  const values = singularValues(a);
  values.forEach((x, i) => expect(Math.abs(x - result.s[i]!)).toBeLessThanOrEqual(1e-14 * result.s[0]!));
}

describe('svd', () => {
  it('reconstructs with orthonormal factors, for every shape', () => {
    fc.assert(fc.property(shapes, ({ rows, columns, seed }) => expectSvd(randomMatrix(rows, columns, seed))));
  });

  it('does so for exactly rank-deficient, zero, constant and sparse matrices', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 4 }), ({ rows, columns, seed }, rank) => {
        const product =
          rank === 0
            ? createMatrix(rows, columns)
            : multiply(randomMatrix(rows, rank, seed), randomMatrix(rank, columns, seed + 1));
        expectSvd(product);
      }),
    );
    expectSvd({ rows: 6, columns: 4, values: new Float64Array(24).fill(3) });
    const sparse = createMatrix(7, 9);
    sparse.values[3] = 2;
    sparse.values[40] = -1e-3;
    expectSvd(sparse);
    expect([...singularValues(sparse)]).toEqual([2, 1e-3, 0, 0, 0, 0, 0]);
    expect([...singularValues(createMatrix(3, 5))]).toEqual([0, 0, 0]);
  });

  it('keeps relative accuracy from the largest to the smallest float64', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: -1070, max: 1000 }), ({ rows, columns, seed }, exponent) => {
        const plain = randomMatrix(rows, columns, seed);
        const scaled = { rows, columns, values: plain.values.map((x) => x * 2 ** Math.max(exponent, -960)) };
        const expected = singularValues(plain);
        singularValues(scaled).forEach((x, i) => expect(x).toBe(expected[i]! * 2 ** Math.max(exponent, -960)));
      }),
      { numRuns: 40 },
    );
    const subnormal = { rows: 2, columns: 2, values: Float64Array.of(3 * 5e-324, 0, 0, 4 * 5e-324) };
    expect([...singularValues(subnormal)]).toEqual([4 * 5e-324, 3 * 5e-324]);
    expectSvd({ rows: 2, columns: 2, values: Float64Array.of(1e308, -1e308, 5e307, 1e307) });
  });

  it('finds prescribed spectra', () => {
    for (const [rows, columns, values] of [
      [20, 10, [10, 5, 5, 5, 1, 0.1, 1e-3, 1e-8, 1e-12, 0]],
      [8, 30, [1, 1, 1, 1, 1, 1, 1, 1]],
      [30, 30, Array.from({ length: 30 }, (_, i) => 2 ** -i)],
    ] as [number, number, number[]][]) {
      singularValues(withSpectrum(rows, columns, values, 5)).forEach((x, i) =>
        expect(Math.abs(x - values[i]!)).toBeLessThan(2e-14 * values[0]!),
      );
    }
  });

  it('gives the smallest singular values of column-scaled matrices to high relative accuracy', () => {
    // Q·diag(2^-40i): its columns are orthogonal, so the singular values are the powers of two.
    const n = 6;
    const q = orthogonalColumns(15, n, 3);
    const scaled = { ...q, values: q.values.map((x, i) => x * 2 ** (-40 * (i % n))) };
    singularValues(scaled).forEach((x, i) => expect(Math.abs(x / 2 ** (-40 * i) - 1)).toBeLessThan(1e-14));
    // det(B·D) = det B·det D for a well-conditioned B.
    const b = matrixFrom([
      [2, 1, 0],
      [1, 3, 1],
      [0, 1, 4],
    ]);
    const bd = { ...b, values: b.values.map((x, i) => x * [1, 1e-60, 1e-120][i % 3]!) };
    const [s1, s2, s3] = singularValues(bd) as unknown as [number, number, number];
    expect(Math.abs((s1 * (s2 * 1e60) * (s3 * 1e120)) / 18 - 1)).toBeLessThan(1e-13);
  });

  it('agrees with closed forms', () => {
    expect(
      [
        ...singularValues(
          matrixFrom([
            [3, 0],
            [4, 5],
          ]),
        ),
      ].map((x) => x * x),
    ).toEqual([expect.closeTo(45, 12), expect.closeTo(5, 12)]);
    expect([...singularValues(matrixFrom([[-7]]))]).toEqual([7]);
    expect(singularValues(matrixFrom([[3, 4]]))[0]).toBe(5);
    // The all-ones matrix has one singular value √(mn).
    expect(singularValues({ rows: 12, columns: 3, values: new Float64Array(36).fill(1) })[0]).toBeCloseTo(6, 13);
    // Hilbert's 5×5 matrix has determinant 1/266716800000.
    const hilbert = matrixFrom(Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (_, j) => 1 / (i + j + 1))));
    expect(singularValues(hilbert).reduce((p, x) => p * x, 1) * 266716800000).toBeCloseTo(1, 10);
    // The path graph's difference matrix: 2·sin(πk/(2n)).
    const n = 12;
    const path = createMatrix(n - 1, n);
    for (let i = 0; i < n - 1; i++) {
      path.values[i * n + i] = 1;
      path.values[i * n + i + 1] = -1;
    }
    singularValues(path).forEach((x, i) => expect(x).toBeCloseTo(2 * Math.sin((Math.PI * (n - 1 - i)) / (2 * n)), 13));
  });

  it("finds the small singular value that hides in Kahan's matrix", () => {
    // Its triangular factor shows no small diagonal entry, but det = Π s^i is known.
    const n = 30;
    const c = 0.28;
    const s = 0.96;
    const kahan = createMatrix(n, n);
    for (let i = 0; i < n; i++) for (let j = i; j < n; j++) kahan.values[i * n + j] = s ** i * (i === j ? 1 : -c);
    const values = singularValues(kahan);
    const logDeterminant = values.reduce((sum, x) => sum + Math.log(x), 0);
    expect(logDeterminant).toBeCloseTo(((n * (n - 1)) / 2) * Math.log(s), 11);
    expect(values[n - 1]! / s ** (n - 1)).toBeLessThan(0.01);
    expectSvd(kahan);
  });

  it('agrees with ml-matrix', () => {
    fc.assert(
      fc.property(shapes, ({ rows, columns, seed }) => {
        const a = randomMatrix(rows, columns, seed);
        const peer = new SingularValueDecomposition(MlMatrix.from1DArray(rows, columns, [...a.values]), { autoTranspose: true })
          .diagonal;
        singularValues(a).forEach((x, i) => expect(Math.abs(x - peer[i]!)).toBeLessThan(1e-13 * Math.max(1, peer[0]!)));
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same values above the size limit of Jacobi rotations, also when the rank is deficient', () => {
    const n = 150;
    const full = randomMatrix(n + 10, n, 8);
    const expected = svd(full).s;
    singularValues(full).forEach((x, i) => expect(Math.abs(x - expected[i]!)).toBeLessThan(2e-14 * expected[0]!));
    const deficient = multiply(randomMatrix(n, n - 1, 1), randomMatrix(n - 1, n, 2));
    const values = singularValues(deficient);
    expect(values[n - 1]! / values[0]!).toBeLessThan(1e-14);
    expect(values[n - 2]! / values[0]!).toBeGreaterThan(1e-8);
    // Many columns twice: half of the spectrum is zero.
    const half = randomMatrix(2 * n, n, 4);
    const twice = createMatrix(2 * n, 2 * n);
    for (let i = 0; i < 2 * n; i++) for (let j = 0; j < 2 * n; j++) twice.values[i * 2 * n + j] = half.values[i * n + (j % n)]!;
    const doubled = singularValues(twice);
    expect(doubled[n]! / doubled[0]!).toBeLessThan(1e-14);
    expect(doubled[n - 1]!).toBeGreaterThan(0.01);
  });

  it('is invariant under transposition and permutation of columns', () => {
    fc.assert(
      fc.property(shapes, ({ rows, columns, seed }) => {
        const a = randomMatrix(rows, columns, seed);
        const expected = singularValues(a);
        singularValues(transpose(a)).forEach((x, i) => expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-14 * expected[0]!));
        const mirrored = createMatrix(rows, columns);
        a.values.forEach((x, i) => (mirrored.values[Math.floor(i / columns) * columns + columns - 1 - (i % columns)] = x));
        singularValues(mirrored).forEach((x, i) => expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-14 * expected[0]!));
      }),
    );
  });

  it('leaves its argument alone and says where an entry is not a number', () => {
    const a = randomMatrix(4, 9, 1);
    const copy = { ...a, values: a.values.slice() };
    svd(a);
    expect(largestDifference(a, copy)).toBe(0);
    a.values[2 * 9 + 6] = NaN;
    expect(() => singularValues(a, 'tangent matrix')).toThrow(new NumericalError('Entry (3, 7) of the tangent matrix is NaN.'));
    a.values[2 * 9 + 6] = -Infinity;
    expect(() => svd(a)).toThrow('Entry (3, 7) of the matrix is -Infinity.');
  });

  it('handles matrices without rows or columns', () => {
    expect(singularValues(createMatrix(0, 5)).length).toBe(0);
    expect(svd(createMatrix(5, 0)).u.rows).toBe(5);
  });
});
