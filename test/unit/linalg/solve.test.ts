import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixFrom, multiply, transpose } from '../../../src/engine/linalg/matrix';
import { leastSquares } from '../../../src/engine/linalg/solve';
import { generator } from '../numbers/arguments';
import { randomMatrix, shapes } from './checks';

describe('leastSquares', () => {
  it('satisfies the normal equations and lies in the row space, for every shape and rank', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 30 }), ({ rows, columns, seed }, rank) => {
        const r = Math.min(rank, rows, columns);
        const a =
          rank >= Math.min(rows, columns)
            ? randomMatrix(rows, columns, seed)
            : multiply(randomMatrix(rows, r, seed), randomMatrix(r, columns, seed + 1));
        const random = generator(seed);
        const b = Float64Array.from({ length: rows }, () => random() - 0.5);
        const { solution, rank: found, residualNorm } = leastSquares(a, b);
        const condition = Math.max(1, ...solution.map(Math.abs));
        const residual = multiply(a, { rows: columns, columns: 1, values: solution }).values.map((x, i) => x - b[i]!);
        multiply(transpose(a), { rows, columns: 1, values: residual }).values.forEach((x) =>
          expect(Math.abs(x)).toBeLessThan(1e-11 * condition),
        );
        expect(residualNorm).toBeCloseTo(Math.sqrt(residual.reduce((sum, x) => sum + x * x, 0)), 11);
        expect(found).toBeLessThanOrEqual(r);
        // Shortest: x = aᵀ·y for some y, found by solving that in turn.
        const back = leastSquares(transpose(a), solution);
        expect(back.residualNorm).toBeLessThan(1e-10 * condition);
      }),
      { numRuns: 60 },
    );
  });

  it('solves by hand', () => {
    const { solution, rank, residualNorm } = leastSquares(
      matrixFrom([
        [1, 0],
        [1, 1],
        [1, 2],
      ]),
      Float64Array.of(1, 2, 3),
    );
    expect([...solution]).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)]);
    expect(rank).toBe(2);
    expect(residualNorm).toBeLessThan(1e-14);
    expect([
      ...leastSquares(
        matrixFrom([
          [1, 1],
          [1, 1],
        ]),
        Float64Array.of(2, 2),
      ).solution,
    ]).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)]);
    expect([...leastSquares(matrixFrom([[0, 0]]), Float64Array.of(2)).solution]).toEqual([0, 0]);
  });

  it('refuses what does not fit', () => {
    expect(() => leastSquares(matrixFrom([[1]]), Float64Array.of(1, 2))).toThrow(RangeError);
    expect(() => leastSquares(matrixFrom([[1]]), Float64Array.of(NaN))).toThrow('Entry (1, 1) of the right side is NaN.');
  });
});
