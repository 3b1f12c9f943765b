import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reducedRankCoefficient } from '../../../src/engine/theory/learningCoefficient';

const shapes = fc
  .record({ M: fc.integer({ min: 1, max: 9 }), N: fc.integer({ min: 1, max: 9 }), H: fc.integer({ min: 1, max: 12 }) })
  .chain(({ M, N, H }) =>
    fc.record({ M: fc.constant(M), N: fc.constant(N), H: fc.constant(H), r: fc.integer({ min: 0, max: Math.min(M, N, H) }) }),
  );

const coefficient = (M: number, N: number, H: number, r: number) => reducedRankCoefficient(M, N, H, r).value;

/** Of |a|²|b|² with a ∈ R^M and b ∈ R^N: polar coordinates give the poles −M/2 and −N/2 of the zeta function. */
const ofRankOneAtZero = (M: number, N: number) => Math.min(M, N) / 2;

describe('learning coefficient of reduced rank regression', () => {
  it('is half the model rank where the inner dimension is the rank of the target', () => {
    fc.assert(
      fc.property(shapes, ({ M, N, r }) => {
        expect(coefficient(M, N, r, r)).toBe((r * (M + N - r)) / 2);
      }),
    );
  });

  it('is that of the product of two norms at inner dimension 1 and target 0', () => {
    for (let M = 1; M <= 8; M++) for (let N = 1; N <= 8; N++) expect(coefficient(M, N, 1, 0)).toBe(ofRankOneAtZero(M, N));
  });

  it('splits into the regular part of the target and the coefficient of what is left over at zero', () => {
    // Near a point of rank r the model is r(M + N − r) regular coordinates and an (M − r) × (N − r) problem at 0.
    fc.assert(
      fc.property(shapes, ({ M, N, H, r }) => {
        fc.pre(r < Math.min(M, N, H));
        expect(coefficient(M, N, H, r)).toBe((r * (M + N - r)) / 2 + coefficient(M - r, N - r, H - r, 0));
      }),
    );
  });

  it('is symmetric, grows with the inner dimension and stays below half of what there is to learn', () => {
    fc.assert(
      fc.property(shapes, ({ M, N, H, r }) => {
        expect(coefficient(M, N, H, r)).toBe(coefficient(N, M, H, r));
        expect(coefficient(M, N, H + 1, r)).toBeGreaterThanOrEqual(coefficient(M, N, H, r));
        expect(coefficient(M, N, H, r)).toBeLessThanOrEqual(Math.min(M * N, H * (M + N)) / 2);
        expect(coefficient(M, N, H, r)).toBeGreaterThanOrEqual((r * (M + N - r)) / 2);
      }),
    );
  });
});
