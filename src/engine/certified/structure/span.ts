import { exactRank, integerMatrix } from '../exactRank';
import { RationalArithmetic } from '../rational';
import type { Polynomial } from './polynomial';

/** Multiplications that an exact rank may take. */
const RANK_WORK = 3e8;

/** Dimension over the rationals of the span of polynomials; undefined when that is too much work. */
export function spanOfPolynomials(polynomials: readonly Polynomial[]): number | undefined {
  const { zero } = new RationalArithmetic();
  const monomials = [...new Set(polynomials.flatMap((polynomial) => [...polynomial.keys()]))];
  if (monomials.length === 0) return 0;
  const matrix = polynomials.map((polynomial) => monomials.map((monomial) => polynomial.get(monomial) ?? zero));
  return exactRank(integerMatrix(matrix), RANK_WORK)?.rank;
}
