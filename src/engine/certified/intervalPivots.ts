import { UndecidedError } from './arithmetic';
import type { Interval, IntervalArithmetic } from './interval';

/**
 * Pivots of a square matrix of intervals, in the order of its rows and columns, by Crout's elimination: entry by entry
 * from sums of products, where `eliminate` goes row by row. Stops before the first pivot that may be 0.
 */
export function intervalPivots(matrix: readonly (readonly Interval[])[], arithmetic: IntervalArithmetic): Interval[] {
  const size = matrix.length;
  const shift = BigInt(arithmetic.bits);
  // lower[i][k] and upper[k][j]: factors L (with the pivots on its diagonal) and U (with ones there).
  const lower: Interval[][] = matrix.map(() => []);
  const upper: Interval[][] = matrix.map(() => []);
  const columns: Interval[][] = matrix.map(() => []);
  const pivots: Interval[] = [];
  const reduced = (entry: Interval, left: readonly Interval[], right: readonly Interval[], terms: number): Interval => {
    let least = entry.lower << shift;
    let most = entry.upper << shift;
    for (let k = 0; k < terms; k++) {
      const [low, high] = productBounds(left[k], right[k]);
      least -= high;
      most -= low;
    }
    return { lower: least >> shift, upper: -(-most >> shift) };
  };
  for (let step = 0; step < size; step++) {
    for (let i = step; i < size; i++) lower[i][step] = reduced(matrix[i][step], lower[i], columns[step], step);
    const pivot = lower[step][step];
    if (arithmetic.sign(pivot) === undefined || arithmetic.sign(pivot) === 0) return pivots;
    pivots.push(pivot);
    for (let j = step + 1; j < size; j++) {
      upper[step][j] = divided(arithmetic, reduced(matrix[step][j], lower[step], columns[j], step), pivot);
      columns[j].push(upper[step][j]);
    }
  }
  return pivots;
}

function divided(arithmetic: IntervalArithmetic, a: Interval, b: Interval): Interval {
  try {
    return arithmetic.divide(a, b);
  } catch (error) {
    if (error instanceof UndecidedError) throw new Error('A pivot that excludes 0 contains 0.', { cause: error });
    throw error;
  }
}

/** Bounds of the exact product, in units of 2^-2p. */
function productBounds(a: Interval, b: Interval): [bigint, bigint] {
  const negative = a.upper < 0n;
  const low = negative ? -a.upper : a.lower;
  const high = negative ? -a.lower : a.upper;
  if (low >= 0n) {
    const least = (b.lower >= 0n ? low : high) * b.lower;
    const most = (b.upper >= 0n ? high : low) * b.upper;
    return negative ? [-most, -least] : [least, most];
  }
  const products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper];
  let least = products[0];
  let most = products[0];
  for (const product of products) {
    if (product < least) least = product;
    if (product > most) most = product;
  }
  return [least, most];
}
