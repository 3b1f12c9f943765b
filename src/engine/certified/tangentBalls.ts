import { UndecidedError, type Arithmetic } from './arithmetic';
import type { Ball } from './ball';
import { bitLength, dyadicOf } from './dyadic';
import type { DoubleDoubleMatrix } from './doubleDouble';
import { integerMatrix } from './exactRank';
import { RationalArithmetic } from './rational';
import type { RankRequest } from './request';
import { tangentRows } from './tangent';

/** Bits of a column that double-double entries are taken from. */
const SCREENING_BITS = 200;

/** The tangent matrix, or the rows and columns of it that are asked for, in that order. */
export function tangentMatrix<T>(
  arithmetic: Arithmetic<T>,
  { model, parameters, inputs }: RankRequest,
  order?: { rows: readonly number[]; columns: readonly number[] },
): T[][] {
  const row = tangentRows(arithmetic, model, parameters, inputs);
  if (order) return order.rows.map((i) => pick(row(i), order.columns));
  return Array.from({ length: inputs.count }, (_, i) => row(i));
}

function pick<T>(row: readonly T[], columns: readonly number[]): T[] {
  return columns.map((j) => row[j]);
}

/**
 * The tangent matrix in integers (each row times a positive number), for models whose tangent functions are rational at
 * these parameters and inputs; undefined for others.
 */
export function integerTangentMatrix(request: RankRequest): bigint[][] | undefined {
  try {
    return integerMatrix(tangentMatrix(new RationalArithmetic(), request));
  } catch (error) {
    if (error instanceof UndecidedError) return undefined;
    throw error;
  }
}

/**
 * Middles of balls as double-doubles, with every column and then every row scaled by a power of two to entries of about
 * 1: scaling changes no rank, and pivots can then be compared with each other.
 */
export function doubleDoubles(matrix: readonly (readonly Ball[])[]): DoubleDoubleMatrix {
  const rows = matrix.length;
  const columns = matrix[0]?.length ?? 0;
  const high = new Float64Array(rows * columns);
  const low = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j++) {
    let longest = 0n;
    for (const row of matrix) if (absolute(row[j].middle) > longest) longest = absolute(row[j].middle);
    const shift = BigInt(bitLength(longest) - SCREENING_BITS);
    for (let i = 0; i < rows; i++) {
      const { middle } = matrix[i][j];
      const scaled = shift >= 0n ? middle >> shift : middle << -shift;
      high[i * columns + j] = Number(scaled);
      low[i * columns + j] = Number(scaled - BigInt(high[i * columns + j]));
    }
  }
  for (let i = 0; i < rows; i++)
    scaleToOne(high.subarray(i * columns, (i + 1) * columns), low.subarray(i * columns, (i + 1) * columns));
  return { rows, columns, high, low };
}

function scaleToOne(high: Float64Array, low: Float64Array): void {
  let largest = 0;
  for (const entry of high) largest = Math.max(largest, Math.abs(entry));
  if (largest === 0) return;
  let factor = 1;
  while (largest * factor > 1) factor /= 2;
  for (let j = 0; j < high.length; j++) {
    high[j] *= factor;
    low[j] *= factor;
  }
}

/** Bits after the point that data need beyond the usual ones, so that very small parameters and inputs are not rounded away. */
export function smallnessBits({ parameters, inputs }: RankRequest): number {
  return below(parameters) + below(inputs.values);
}

function below(values: Float64Array): number {
  let least = 0;
  for (const value of values) {
    if (value === 0) continue;
    const { mantissa, exponent } = dyadicOf(value);
    least = Math.min(least, exponent + bitLength(mantissa));
  }
  return Math.max(0, -least - 32);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
