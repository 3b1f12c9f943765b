import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTicks } from '../../src/webview/charts/axes';

const positive = fc.double({ min: -18, max: 12, noNaN: true }).map((exponent) => 10 ** exponent);
const anyValue = fc.double({ min: -1e9, max: 1e9, noNaN: true });

describe('ticks', () => {
  it.each(['linear', 'log'] as const)('%s: hold the data, ascend, are few, and lie on the axis', (scale) => {
    const value = scale === 'log' ? positive : anyValue;
    fc.assert(
      fc.property(value, value, fc.integer({ min: 2, max: 12 }), fc.boolean(), (a, b, most, roomy) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { min, max, ticks, format } = axisTicks(low, high, scale, most, { roomy });
        const slack = 1e-6 * Math.max(Math.abs(low), Math.abs(high));
        expect(min).toBeLessThanOrEqual(low + slack);
        expect(max).toBeGreaterThanOrEqual(high - slack);
        expect(max).toBeGreaterThan(min);
        expect(ticks.length).toBeLessThanOrEqual(most + 2);
        for (const [index, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(min - slack);
          expect(tick).toBeLessThanOrEqual(max + slack);
          if (index > 0) expect(tick).toBeGreaterThan(ticks[index - 1]!);
        }
        const labels = ticks.map(format);
        expect(new Set(labels).size).toBe(labels.length);
      }),
    );
  });

  it('marks powers of ten with superscripts on a long log axis', () => {
    const { ticks, format, min, max } = axisTicks(3e-10, 40, 'log', 7);
    expect(min).toBe(1e-10);
    expect(max).toBe(100);
    expect(ticks.map(format)).toEqual(['10⁻¹⁰', '10⁻⁸', '10⁻⁶', '10⁻⁴', '10⁻²', '10⁰', '10²']);
  });

  it('marks 1, 2 and 5 on a short one', () => {
    const { ticks } = axisTicks(1, 16, 'log', 8, { integer: true });
    expect(ticks).toEqual([1, 2, 5, 10, 20]);
  });

  it('marks whole numbers only where only they mean something', () => {
    for (const [low, high] of [
      [1, 3],
      [1, 16],
      [7, 7],
      [1, 200],
    ] as const) {
      const { ticks } = axisTicks(low, high, 'linear', 9, { integer: true });
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.every(Number.isInteger)).toBe(true);
    }
  });
});
