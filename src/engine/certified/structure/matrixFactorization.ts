import type { ResolvedMatrixFactorization } from '../../../experiment/resolved';
import { exactRank, integerMatrix } from '../exactRank';
import { RationalArithmetic } from '../rational';

/** Multiplications that the exact ranks of A and B may take. */
const WORK = 3e8;

/**
 * d1 d2 − (d1 − r_A)(d2 − r_B) with the exact ranks of A and B: the rank over all entries, "Linear stability hypothesis
 * and rank stratification for nonlinear models" (arXiv 2211.11623), so a bound over any of them.
 */
export function matrixFactorizationSpan(
  { rows, columns, inner }: ResolvedMatrixFactorization,
  parameters: Float64Array,
): number | undefined {
  const arithmetic = new RationalArithmetic();
  const block = (offset: number, height: number, width: number) =>
    integerMatrix(
      Array.from({ length: height }, (_, i) =>
        Array.from({ length: width }, (_, j) => arithmetic.fromFloat(parameters[offset + i * width + j])),
      ),
    );
  const left = exactRank(block(0, rows, inner), WORK);
  const right = exactRank(block(rows * inner, inner, columns), WORK);
  if (!left || !right) return undefined;
  return rows * columns - (rows - left.rank) * (columns - right.rank);
}
