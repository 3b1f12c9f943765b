import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitLength, dyadicOf, exactText, parseExactText, trailingZeros } from '../../../src/engine/certified/dyadic';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('exact dyadic numbers', () => {
  it('gives back every float64, subnormals included', () => {
    fc.assert(
      fc.property(finite, (value) => {
        const text = exactText(value);
        expect(parseExactText(text)).toBe(value === 0 ? 0 : value);
        const { mantissa, exponent } = dyadicOf(value);
        const exact =
          exponent >= 0
            ? Number(mantissa << BigInt(exponent))
            : Number(mantissa) * 2 ** Math.max(exponent, -1000) * 2 ** Math.min(exponent + 1000, 0);
        expect(exact === value).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('writes known numbers in one way', () => {
    expect([1.5, -0.1, 0, 1024, Number.MIN_VALUE, Number.MAX_VALUE].map(exactText)).toEqual([
      '3p-1',
      '-3602879701896397p-55',
      '0',
      '1p10',
      '1p-1074',
      '9007199254740991p971',
    ]);
  });

  it.each(['', '1', '2p0', '3p-1 ', '+3p-1', '03p-1', '1p1024', '1p-1075', '9007199254740993p0', '3P-1', 'NaN', '-0'])(
    'refuses "%s"',
    (text) => {
      expect(parseExactText(text)).toBeUndefined();
    },
  );

  it('refuses what is no finite number', () => {
    expect(() => dyadicOf(NaN)).toThrow(RangeError);
    expect(() => dyadicOf(-Infinity)).toThrow(RangeError);
  });

  it('counts bits and factors of two', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1n << 300n }), fc.integer({ min: 0, max: 200 }), (value, shift) => {
        expect(bitLength(-value)).toBe(value.toString(2).length);
        const odd = 2n * value + 1n;
        expect(trailingZeros(odd << BigInt(shift))).toBe(shift);
      }),
    );
  });
});
