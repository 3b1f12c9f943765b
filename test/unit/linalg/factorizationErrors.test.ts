import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { luErrors, pivotedQrErrors, svdErrors } from '../../../src/engine/linalg/factorizationErrors';
import { lu } from '../../../src/engine/linalg/lu';
import { createMatrix, transpose, type Matrix } from '../../../src/engine/linalg/matrix';
import { pivotedQr } from '../../../src/engine/linalg/pivotedQr';
import { svd } from '../../../src/engine/linalg/svd';
import { orthonormalityError, randomMatrix, reconstructionError, withSpectrum } from './checks';

/** Around the sizes where other code takes over, with graded, deficient, huge, tiny and subnormal ones. */
const matrices: fc.Arbitrary<Matrix> = fc
  .record({
    rows: fc.constantFrom(1, 2, 3, 5, 7, 23, 25, 40, 70),
    columns: fc.constantFrom(1, 2, 3, 5, 7, 23, 25, 40, 70),
    kind: fc.constantFrom('plain', 'graded', 'deficient', 'huge', 'tiny', 'subnormal'),
    seed: fc.integer(),
  })
  .map(({ rows, columns, kind, seed }) => {
    const k = Math.min(rows, columns);
    if (kind === 'deficient') {
      return withSpectrum(
        rows,
        columns,
        Array.from({ length: Math.ceil(k / 2) }, () => 1),
        seed,
      );
    }
    const a = randomMatrix(rows, columns, seed);
    const scale = { plain: 1, graded: 1, huge: 1e307, tiny: 1e-300, subnormal: 1e-318 }[kind] ?? 1;
    for (let i = 0; i < a.values.length; i++) a.values[i] *= kind === 'graded' ? 2 ** (-3 * (i % columns)) : scale;
    return a;
  });

const qrOf = (a: Matrix) => pivotedQr(transpose(a).values, a.rows, a.columns);

describe('errors of factorisations', () => {
  it('are a few roundings, for every kind of matrix', () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const k = Math.max(a.rows, a.columns);
        // Singular values of subnormal matrices are subnormal, which is all the accuracy that they can have.
        const coarse = (4 * 5e-324 * k) / Math.max(...a.values.map(Math.abs));
        for (const errors of [svdErrors(a, svd(a)), pivotedQrErrors(a, qrOf(a))]) {
          expect(errors.residual).toBeLessThan(1e-14 * Math.sqrt(k) + coarse);
          expect(errors.orthogonality).toBeLessThan(1e-14 * Math.sqrt(k));
        }
        if (a.rows !== a.columns) return;
        const factors = lu(a);
        if (factors.regular) expect(luErrors(a, factors).residual).toBeLessThan(1e-14 * k + coarse);
      }),
      { numRuns: 150 },
    );
  });

  it('say the same as other ways of measuring them', () => {
    const a = randomMatrix(30, 20, 3);
    const decomposition = svd(a);
    decomposition.s[4] *= 1 + 1e-6;
    const measured = svdErrors(a, decomposition).residual;
    expect(measured).toBeGreaterThan(reconstructionError(a, decomposition) / 40);
    expect(measured).toBeGreaterThan(1e-8);
    decomposition.u.values[7] += 1e-5;
    expect(svdErrors(a, decomposition).orthogonality).toBeCloseTo(orthonormalityError(decomposition.u), 15);
    const qr = qrOf(a);
    qr.columns[0] *= 1 + 1e-7;
    expect(pivotedQrErrors(a, qr).residual).toBeGreaterThan(1e-9);
    qr.tau[3] *= 1 + 1e-6;
    expect(pivotedQrErrors(a, qr).orthogonality).toBeGreaterThan(1e-8);
    const square = randomMatrix(30, 30, 5);
    const factors = lu(square);
    factors.factors[3 * 30 + 1] += 1e-6;
    expect(luErrors(square, factors).residual).toBeGreaterThan(1e-9);
  });

  it('of the zero matrix are none', () => {
    const zero = createMatrix(4, 3);
    expect(svdErrors(zero, svd(zero))).toEqual({ residual: 0, orthogonality: 0 });
    expect(pivotedQrErrors(zero, qrOf(zero))).toEqual({ residual: 0, orthogonality: 0 });
    expect(lu(createMatrix(30, 30)).regular).toBe(false);
  });
});

describe('factorisations of what is no matrix of numbers', () => {
  it('say where', () => {
    for (const n of [5, 40]) {
      const a = randomMatrix(n, n, 1);
      a.values[2 * n + 3] = NaN;
      expect(() => lu(a, 'Hessian')).toThrow('Entry (3, 4) of the Hessian is NaN.');
      expect(() => qrOf(a)).toThrow('Entry (4, 3) of the transposed matrix is NaN.');
    }
    expect(() => lu(createMatrix(2, 3))).toThrow('The matrix is 2×3, not square.');
  });
});
