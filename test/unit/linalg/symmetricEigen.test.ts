import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { createMatrix, gram, matrixFrom, multiply, transpose, type Matrix } from '../../../src/engine/linalg/matrix';
import { symmetricEigen, symmetricEigenvalues } from '../../../src/engine/linalg/symmetricEigen';
import { largestDifference, orthogonalColumns, orthonormalityError, randomMatrix } from './checks';

function symmetricMatrix(n: number, seed: number): Matrix {
  const a = randomMatrix(n, n, seed);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a.values[j * n + i] = a.values[i * n + j]!;
  return a;
}

function reconstruct(values: Float64Array, vectors: Matrix): Matrix {
  const scaled = { ...vectors, values: vectors.values.map((x, i) => x * values[i % vectors.columns]!) };
  return multiply(scaled, transpose(vectors));
}

describe('symmetricEigen', () => {
  it('reconstructs with orthonormal vectors and says its errors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), (n, seed) => {
        const a = symmetricMatrix(n, seed);
        const { values, vectors, residual, orthogonality } = symmetricEigen(a);
        const scale = Math.max(Math.abs(values[0]!), Math.abs(values[n - 1]!));
        expect(largestDifference(reconstruct(values, vectors), a)).toBeLessThan(2e-14 * scale);
        expect(orthonormalityError(vectors)).toBeLessThan(2e-14);
        expect(Math.abs(orthonormalityError(vectors) - orthogonality)).toBeLessThan(2e-15);
        expect(residual).toBeLessThan(1e-14);
        for (let i = 1; i < n; i++) expect(values[i]!).toBeGreaterThanOrEqual(values[i - 1]!);
        const trace = values.reduce((sum, x) => sum + x, 0);
        expect(trace).toBeCloseTo(
          Array.from({ length: n }, (_, i) => a.values[i * n + i]!).reduce((sum, x) => sum + x, 0),
          11,
        );
        symmetricEigenvalues(a).forEach((x, i) => expect(Math.abs(x - values[i]!)).toBeLessThan(1e-14 * scale));
      }),
    );
  });

  it('agrees with ml-matrix', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.integer(), (n, seed) => {
        const a = symmetricMatrix(n, seed);
        const peer = new EigenvalueDecomposition(MlMatrix.from1DArray(n, n, [...a.values]), {
          assumeSymmetric: true,
        }).realEigenvalues.sort((x, y) => x - y);
        symmetricEigen(a).values.forEach((x, i) => expect(Math.abs(x - peer[i]!)).toBeLessThan(1e-13 * n));
      }),
      { numRuns: 30 },
    );
  });

  it('agrees with closed forms', () => {
    expect([
      ...symmetricEigen(
        matrixFrom([
          [2, 1],
          [1, 2],
        ]),
      ).values,
    ]).toEqual([expect.closeTo(1, 15), expect.closeTo(3, 15)]);
    expect([...symmetricEigen(matrixFrom([[-4]])).values]).toEqual([-4]);
    // Second differences: 2 − 2·cos(kπ/(n + 1)).
    const n = 50;
    const second = createMatrix(n, n);
    for (let i = 0; i < n; i++) {
      second.values[i * n + i] = 2;
      if (i > 0) second.values[i * n + i - 1] = second.values[(i - 1) * n + i] = -1;
    }
    symmetricEigen(second).values.forEach((x, k) => expect(x).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13));
  });

  it('handles zero, diagonal, huge, tiny and highly degenerate matrices', () => {
    expect(symmetricEigen(createMatrix(4, 4))).toMatchObject({ residual: 0, orthogonality: 0 });
    const diagonal = createMatrix(5, 5);
    [3, -1, 0, 7, 3].forEach((x, i) => (diagonal.values[i * 6] = x));
    expect([...symmetricEigen(diagonal).values]).toEqual([-1, 0, 3, 3, 7]);
    for (const scale of [1e300, 1e-300]) {
      const a = { ...symmetricMatrix(9, 4), values: symmetricMatrix(9, 4).values.map((x) => x * scale) };
      const { values, residual } = symmetricEigen(a);
      const plain = symmetricEigen(symmetricMatrix(9, 4)).values;
      values.forEach((x, i) => expect(Math.abs(x / scale - plain[i]!)).toBeLessThan(1e-13));
      expect(residual).toBeLessThan(1e-14);
    }
    // A Hessian at a degenerate minimum: 100 parameters, rank 7.
    const { values, residual, orthogonality } = symmetricEigen(gram(randomMatrix(7, 100, 3)));
    expect([...values].filter((x) => Math.abs(x) > 1e-12 * values[99]!).length).toBe(7);
    expect(Math.max(residual, orthogonality)).toBeLessThan(1e-14);
    // Three eigenvalues, each many times.
    const q = orthogonalColumns(30, 30, 1);
    const spectrum = Float64Array.from({ length: 30 }, (_, i) => (i < 10 ? -2 : i < 20 ? 0 : 5));
    symmetricEigen(reconstruct(spectrum, q)).values.forEach((x, i) => expect(Math.abs(x - spectrum[i]!)).toBeLessThan(2e-14));
  });

  it('residual and orthogonality notice a wrong answer', () => {
    // They are computed from the matrix and the vectors, so they must match an independent computation.
    const a = symmetricMatrix(12, 5);
    const { values, vectors, residual } = symmetricEigen(a);
    const image = multiply(a, vectors);
    let worst = 0;
    for (let j = 0; j < 12; j++) {
      let squares = 0;
      for (let i = 0; i < 12; i++) squares += (image.values[i * 12 + j]! - values[j]! * vectors.values[i * 12 + j]!) ** 2;
      worst = Math.max(worst, Math.sqrt(squares));
    }
    expect(residual).toBeCloseTo(worst / Math.max(Math.abs(values[0]!), values[11]!), 15);
    expect(residual).toBeGreaterThan(0);
  });

  it('says what is wrong with its argument', () => {
    const a = symmetricMatrix(3, 1);
    a.values[7] = NaN;
    expect(() => symmetricEigen(a, 'Hessian')).toThrow('Entry (3, 2) of the Hessian is NaN.');
    expect(() => symmetricEigen(createMatrix(2, 3), 'Hessian')).toThrow('The Hessian is 2×3, not square.');
  });
});
