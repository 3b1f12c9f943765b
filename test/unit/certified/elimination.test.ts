import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDoubleDouble,
  divideDoubleDouble,
  multiplyDoubleDouble,
  screenRank,
} from '../../../src/engine/certified/doubleDouble';
import type { Ball } from '../../../src/engine/certified/ball';
import { eliminate } from '../../../src/engine/certified/elimination';
import { bareissRank } from '../../../src/engine/certified/exactRank';
import { IntervalArithmetic } from '../../../src/engine/certified/interval';
import { intervalPivots } from '../../../src/engine/certified/intervalPivots';
import { RationalArithmetic } from '../../../src/engine/certified/rational';

const rationals = new RationalArithmetic();
const exact = (high: number, low: number) => rationals.add(rationals.fromFloat(high), rationals.fromFloat(low));

/** |computed − truth| ≤ 2^-bits |truth|, exactly. */
function close(computed: ReturnType<typeof exact>, truth: ReturnType<typeof exact>, bits: number): boolean {
  const error = rationals.subtract(computed, truth);
  const limit = rationals.multiply(truth, { numerator: 1n, denominator: 1n, exponent: -bits });
  const size = (value: typeof error) => (value.numerator < 0n ? rationals.negate(value) : value);
  return rationals.sign(rationals.subtract(size(limit), size(error))) >= 0;
}

describe('double-double arithmetic', () => {
  const part = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
  const small = fc.double({ min: -2e-20, max: 2e-20, noNaN: true });

  it('carries 100 bits and more', () => {
    fc.assert(
      fc.property(part, small, part, small, (a, aLow, b, bLow) => {
        const [x, y] = [exact(a, aLow), exact(b, bLow)];
        expect(close(exact(...addDoubleDouble(a, aLow, b, bLow)), rationals.add(x, y), 100)).toBe(true);
        expect(close(exact(...multiplyDoubleDouble(a, aLow, b, bLow)), rationals.multiply(x, y), 100)).toBe(true);
        expect(close(exact(...divideDoubleDouble(a, aLow, b, bLow)), rationals.divide(x, y), 96)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('sees a pivot of 1e-25 and none below 1e-27', () => {
    const matrix = (entry: number) => ({
      rows: 2,
      columns: 2,
      high: Float64Array.of(1, 1, 1, 1),
      low: Float64Array.of(0, 0, 0, entry),
    });
    expect(screenRank(matrix(1e-25)).rank).toBe(2);
    expect(screenRank(matrix(1e-27)).rank).toBe(1);
    expect(screenRank(matrix(0)).gap).toBe(Infinity);
  });
});

/** Integer matrices of low rank with entries beyond the radius, and a ball about each entry shifted within its radius. */
const perturbed = fc
  .tuple(
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 0, max: 8 }),
    fc.integer({ min: 0, max: 60 }),
    fc.infiniteStream(fc.integer({ min: -1000, max: 1000 })),
  )
  .map(([rows, columns, rank, radiusBits, stream]) => {
    const next = () => BigInt(stream.next().value as number);
    const left = Array.from({ length: rows }, () => Array.from({ length: rank }, next));
    const right = Array.from({ length: rank }, () => Array.from({ length: columns }, next));
    const truth = left.map((row) =>
      Array.from({ length: columns }, (_, j) => row.reduce((sum, entry, k) => sum + entry * right[k][j], 0n)),
    );
    const radius = 1n << BigInt(radiusBits);
    // Units of 2^-80, shifted within the radius.
    const matrix: Ball[][] = truth.map((row) =>
      row.map((entry) => ({ middle: (entry << 80n) + (next() * radius) / 1000n, radius })),
    );
    return { truth, matrix };
  });

describe('elimination in balls', () => {
  it('never proves more than the true rank, whatever the radius', () => {
    fc.assert(
      fc.property(perturbed, ({ truth, matrix }) => {
        const rank = bareissRank(truth, 1e9) ?? 0;
        const found = eliminate(matrix, 80);
        expect(found.rank).toBeLessThanOrEqual(rank);
        const again = eliminate(matrix, 80, { rows: found.rowOrder, columns: found.columnOrder });
        expect(again.rank).toBe(found.rank);
      }),
      { numRuns: 2000 },
    );
  });

  it('proves all of it when the radius is small', () => {
    fc.assert(
      fc.property(perturbed, ({ truth }) => {
        const matrix = truth.map((row) => row.map((entry) => ({ middle: entry << 200n, radius: 1n })));
        expect(eliminate(matrix, 200).rank).toBe(bareissRank(truth, 1e9));
      }),
      { numRuns: 500 },
    );
  });

  it('encloses pivots that interval elimination encloses too, and that are ratios of minors', () => {
    fc.assert(
      fc.property(perturbed, ({ truth }) => {
        const matrix = truth.map((row) => row.map((entry) => ({ middle: entry << 200n, radius: 1n })));
        const { pivots, rowOrder, columnOrder } = eliminate(matrix, 200);
        const arithmetic = new IntervalArithmetic(230);
        const submatrix = rowOrder.map((i) =>
          columnOrder.map((j) => ({ lower: truth[i][j] << 230n, upper: truth[i][j] << 230n })),
        );
        const intervals = intervalPivots(submatrix, arithmetic);
        expect(intervals).toHaveLength(pivots.length);
        pivots.forEach(({ middle, radius }, i) => {
          expect((middle - radius) << 30n <= intervals[i].upper && intervals[i].lower <= (middle + radius) << 30n).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });
});
