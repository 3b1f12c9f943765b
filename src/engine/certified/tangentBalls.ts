import { UndecidedError, type Arithmetic } from './arithmetic';
import { bitLength, dyadicOf } from './dyadic';
import { integerMatrix } from './exactRank';
import { RationalArithmetic } from './rational';
import type { RankRequest } from './request';
import { tangentRows } from './tangent';

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
