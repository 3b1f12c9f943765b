import type { Ball } from './ball';
import { bitLength } from './dyadic';
import type { DoubleDoubleMatrix } from './doubleDouble';

/**
 * Powers of two for rows and columns that bring entries to about 1. Scaling changes no rank and, by powers of two, loses
 * nothing; without it pivots that suit one scale would multiply errors in another.
 */
export interface Scaling {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Bits of an entry that its double-double is taken from. */
const SCREENING_BITS = 200;

/** Shifts after which the largest entry of each column, and then of each row, is about 1. */
export function scalingOf(matrix: readonly (readonly Ball[])[], bits: number): Scaling {
  const columns = (matrix[0] ?? []).map((_, j) => shiftToOne(largest(matrix.map((row) => row[j])), bits));
  const rows = matrix.map((row) => shiftToOne(largest(row.map((ball, j) => shifted(ball, columns[j]))), bits));
  return { rows, columns };
}

/** The rows and columns of a scaling that a submatrix has. */
export function subscaling({ rows, columns }: Scaling, order: { rows: readonly number[]; columns: readonly number[] }): Scaling {
  return { rows: order.rows.map((i) => rows[i]), columns: order.columns.map((j) => columns[j]) };
}

export function scaled(matrix: readonly (readonly Ball[])[], { rows, columns }: Scaling): Ball[][] {
  return matrix.map((row, i) => row.map((ball, j) => shifted(ball, rows[i] + columns[j])));
}

/** Middles of balls, of sizes up to about 1, as double-doubles. */
export function doubleDoubles(matrix: readonly (readonly Ball[])[], bits: number): DoubleDoubleMatrix {
  const rows = matrix.length;
  const columns = matrix[0]?.length ?? 0;
  const high = new Float64Array(rows * columns);
  const low = new Float64Array(rows * columns);
  const excess = Math.max(0, bits - SCREENING_BITS);
  matrix.forEach((row, i) =>
    row.forEach(({ middle }, j) => {
      const value = excess > 0 ? middle >> BigInt(excess) : middle;
      const top = Number(value);
      high[i * columns + j] = top;
      low[i * columns + j] = Number(value - BigInt(top));
    }),
  );
  return { rows, columns, high, low };
}

/** A shift to the left is exact; one to the right loses less than 1 ulp. */
function shifted({ middle, radius }: Ball, shift: number): Ball {
  if (shift >= 0) return { middle: middle << BigInt(shift), radius: radius << BigInt(shift) };
  return { middle: middle >> BigInt(-shift), radius: (radius >> BigInt(-shift)) + 2n };
}

function shiftToOne(size: bigint, bits: number): number {
  return size === 0n ? 0 : bits - bitLength(size);
}

function largest(balls: readonly Ball[]): bigint {
  let size = 0n;
  for (const { middle } of balls) {
    if (middle > size) size = middle;
    else if (-middle > size) size = -middle;
  }
  return size;
}
