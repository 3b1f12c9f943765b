import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatFraction,
  formatNumber,
  typeset,
  formatRatio,
  formatTime,
  powerOfTen,
  subscript,
} from '../../src/webview/format';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [0.37, '0.37'],
    [12.5, '12.5'],
    [-0.25, '−0.25'],
    [100, '100'],
    [123456, '123 456'],
    [1e-9, '10⁻⁹'],
    [3.24e-9, '3.24 × 10⁻⁹'],
    [-1.5e-12, '−1.5 × 10⁻¹²'],
    [2.5e12, '2.5 × 10¹²'],
    [0.00999999, '0.01'],
    [0.9999999e-9, '10⁻⁹'],
    [99999.9, '10⁵'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [NaN, '–'],
    [null, '–'],
  ])('%s is %s', (value, text) => expect(plain(formatNumber(value))).toBe(text));

  it('never loses the value: read back, it is within the digits that are shown', () => {
    const back = (text: string) => {
      const digits = plain(text)
        .replace('−', '-')
        .replace(/ × 10|^(-?)10(?=[⁻⁰¹²³⁴-⁹])/, (_, sign: string | undefined) => (sign === undefined ? 'e' : `${sign}1e`))
        .replace(/[⁻⁰¹²³⁴-⁹]/g, (character) => '-0123456789'['⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(character)] ?? '')
        .replaceAll(' ', '');
      return Number(digits);
    };
    fc.assert(
      fc.property(
        fc.double({ min: -1e30, max: 1e30, noNaN: true }).filter((value) => Math.abs(value) > 1e-30),
        (value) => {
          expect(Math.abs(back(formatNumber(value, 3)) - value)).toBeLessThanOrEqual(0.00501 * Math.abs(value));
        },
      ),
    );
  });

  it.each([
    [6034.2, 1, '6000'],
    [47.3, 1, '50'],
    [0.0123456, 2, '0.012'],
    [1234.5, 6, '1234.5'],
    [31415.9, 2, '31 000'],
  ])('%s with %d digits is %s', (value, digits, text) => expect(plain(formatNumber(value, digits))).toBe(text));

  it.each([
    ['below 1e-6; the largest is 1.2e-9 at n = 7.', 'below 10⁻⁶; the largest is 1.2 × 10⁻⁹ at n = 7.'],
    ['rank 1, gap 4.1e+8', 'rank 1, gap 4.1 × 10⁸'],
    ['from -2.5e-3', 'from −2.5 × 10⁻³'],
    ['2293862 branches of 187 types', '2 293 862 branches of 187 types'],
    ['"Optimistic estimate" (arXiv 2307.08921), w = (0.12345, 1)', '"Optimistic estimate" (arXiv 2307.08921), w = (0.12345, 1)'],
    [
      'hash b0cc0de0, theta12345, 3e4x, 2026-11-22 and 12345/67890',
      'hash b0cc0de0, theta12345, 3e4x, 2026-11-22 and 12345/67890',
    ],
  ])('the sentence %s is set as %s', (text, set) => expect(plain(typeset(text))).toBe(set));

  it('groups digits from five on', () => {
    expect(formatCount(1000)).toBe('1000');
    expect(plain(formatCount(1234567))).toBe('1 234 567');
    expect(plain(formatCount(-12345))).toBe('−12 345');
  });

  it.each([
    [300, '0.3 s'],
    [12_400, '12 s'],
    [80_000, '1 min 20 s'],
    [59_700, '1 min'],
    [7_500_000, '2 h 5 min'],
    [3_599_600, '1 h'],
    [200_000_000, '2 d 8 h'],
  ])('%d ms is %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  it('writes powers, indices, fractions and times', () => {
    expect(powerOfTen(-12)).toBe('10⁻¹²');
    expect(subscript(18)).toBe('₁₈');
    expect(formatRatio(6034.2)).toBe('6000');
    expect(plain(formatRatio(3.2e11))).toBe('3 × 10¹¹');
    expect(plain(formatFraction(0.375))).toBe('37.5 %');
    expect(formatTime(new Date(2026, 2, 1, 4, 5, 9).getTime())).toBe('2026-03-01 04:05:09');
    expect(formatTime(NaN)).toBe('–');
  });
});
