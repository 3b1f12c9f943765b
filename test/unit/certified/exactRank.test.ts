import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareissRank, exactRank, integerMatrix } from '../../../src/engine/certified/exactRank';
import { RationalArithmetic } from '../../../src/engine/certified/rational';

/** A product of integer factors n × r and r × m: rank at most r. */
const product = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 0, max: 6 }),
    fc.integer({ min: 1, max: 90 }),
  )
  .chain(([rows, columns, rank, bits]) => {
    const entry = fc.bigInt({ min: -(1n << BigInt(bits)), max: 1n << BigInt(bits) });
    const matrix = (n: number, m: number) =>
      fc.array(fc.array(entry, { minLength: m, maxLength: m }), { minLength: n, maxLength: n });
    return fc.tuple(matrix(rows, rank), matrix(rank, columns), fc.constant(columns));
  })
  .map(([left, right, columns]) => ({
    rank: right.length,
    matrix: left.map((row) =>
      Array.from({ length: columns }, (_, j) => row.reduce((sum, entry, k) => sum + entry * right[k][j], 0n)),
    ),
  }));

describe('exact rank', () => {
  it('is the same modulo primes and by Bareiss, and not above the rank of construction', () => {
    fc.assert(
      fc.property(product, ({ matrix, rank }) => {
        const modular = exactRank(matrix, 1e9)?.rank;
        expect(modular).toBe(bareissRank(matrix, 1e9));
        expect(modular).toBeLessThanOrEqual(rank);
      }),
      { numRuns: 500 },
    );
  });

  it('is not deceived by entries that the first primes divide', () => {
    // 67108859 is the largest prime below 2^26: modulo it this is the zero matrix.
    const p = 67108859n;
    expect(
      exactRank(
        [
          [p, 0n],
          [0n, p * 67108837n],
        ],
        1e6,
      )?.rank,
    ).toBe(2);
    expect(
      exactRank(
        [
          [p, 2n * p],
          [3n * p, 6n * p],
        ],
        1e6,
      )?.rank,
    ).toBe(1);
    expect(
      exactRank(
        [
          [0n, 0n],
          [0n, 0n],
        ],
        1e6,
      )?.rank,
    ).toBe(0);
  });

  it('names rows and columns of a regular submatrix', () => {
    fc.assert(
      fc.property(product, ({ matrix }) => {
        const found = exactRank(matrix, 1e9);
        const submatrix = found?.rowOrder.map((i) => found.columnOrder.map((j) => matrix[i][j])) ?? [];
        expect(bareissRank(submatrix, 1e9)).toBe(found?.rank);
      }),
      { numRuns: 200 },
    );
  });

  it('gives up rather than take too long', () => {
    const matrix = Array.from({ length: 30 }, (_, i) => Array.from({ length: 30 }, (_, j) => BigInt((i * j) % 7) << 200n));
    expect(exactRank(matrix, 1000)).toBeUndefined();
    expect(bareissRank(matrix, 1000)).toBeUndefined();
  });
});

describe('rational arithmetic', () => {
  const arithmetic = new RationalArithmetic();
  const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });

  it('is a field', () => {
    fc.assert(
      fc.property(number, number, number, (x, y, z) => {
        const [a, b, c] = [x, y, z].map((value) => arithmetic.fromFloat(value));
        const left = arithmetic.multiply(a, arithmetic.add(b, c));
        expect(left).toEqual(arithmetic.add(arithmetic.multiply(a, b), arithmetic.multiply(a, c)));
        if (y !== 0) expect(arithmetic.multiply(arithmetic.divide(a, b), b)).toEqual(a);
        expect(arithmetic.subtract(a, a)).toEqual(arithmetic.zero);
      }),
      { numRuns: 1000 },
    );
  });

  it('clears denominators row by row', () => {
    const third = arithmetic.divide(arithmetic.one, arithmetic.fromFloat(3));
    expect(integerMatrix([[third, arithmetic.fromFloat(0.25), arithmetic.zero]])).toEqual([[4n, 3n, 0n]]);
  });
});
