import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitRate } from '../../../../src/engine/studies/geometry/rate';

const times = Array.from({ length: 200 }, (_, i) => 10 ** (-2 + (8 * i) / 199));

describe('rates of decay', () => {
  it('are found where there are any', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 4, noNaN: true }), fc.double({ min: 1e-3, max: 10, noNaN: true }), (p, size) => {
        const algebraic = fitRate(
          times,
          times.map((t) => size * (1 + t) ** -p),
        );
        expect(algebraic.kind).toBe('algebraic');
        expect(algebraic.exponent).toBeCloseTo(p, 2);
        const until = times.filter((t) => t < 1e4);
        const linear = fitRate(
          until,
          until.map((t) => size * Math.exp(-p * 1e-2 * t)),
        );
        expect(linear.kind).toBe('linear');
        expect(linear.rate / (p * 1e-2)).toBeCloseTo(1, 6);
      }),
      { numRuns: 100 },
    );
  });

  it('are not made up of what stands still, oscillates or has too few points', () => {
    expect(
      fitRate(
        times,
        times.map(() => 1),
      ).kind,
    ).toBe('inconclusive');
    expect(
      fitRate(
        times,
        times.map((t) => 1.5 + Math.sin(5 * Math.log(t))),
      ).kind,
    ).toBe('inconclusive');
    expect(fitRate([1, 2, 3], [3, 2, 1]).kind).toBe('inconclusive');
  });
});
