import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate } from '../../src/webview/charts/decimate';
import { generator } from './fixture';

describe('decimation in axis space', () => {
  it('keeps first, last, lowest and highest, in order, and at most four points a column', () => {
    const curve = fc.array(fc.double({ min: 1e-12, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(
        curve,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('linear' as const, 'log' as const),
        (y, count, scale) => {
          const x = y.map((_, index) => index + 1);
          const kept = decimate(x, y, { min: 1, max: y.length + 1, scale, count });
          expect(kept[0]).toBe(0);
          expect(kept.at(-1)).toBe(y.length - 1);
          expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
          expect(kept.length).toBeLessThanOrEqual(4 * count);
          const drawn = kept.map((index) => y[index]!);
          expect(Math.min(...drawn)).toBe(Math.min(...y));
          expect(Math.max(...drawn)).toBe(Math.max(...y));
        },
      ),
    );
  });

  it('does not lose a spike of one step among a million', () => {
    const random = generator(3);
    const x = Array.from({ length: 1_000_000 }, (_, index) => index + 1);
    const y = x.map(() => random());
    y[765_432] = 50;
    const kept = decimate(x, y, { min: 1, max: 1e6, scale: 'log', count: 300 });
    expect(kept).toContain(765_432);
    expect(kept.length).toBeLessThan(1200);
  });

  it('gives a log axis its early steps: the first ten of a million are all there', () => {
    const x = Array.from({ length: 1_000_000 }, (_, index) => index + 1);
    const kept = decimate(x, x, { min: 1, max: 1e6, scale: 'log', count: 300 });
    expect(kept.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('leaves out what the axis cannot hold', () => {
    expect(decimate([0, 1, 2], [1, NaN, 3], { min: 1, max: 10, scale: 'log', count: 5 })).toEqual([2]);
  });
});
