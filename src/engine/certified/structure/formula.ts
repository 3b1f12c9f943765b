import type { FormulaConfig } from '../../../experiment/schema';
import { UndecidedError } from '../arithmetic';
import { exactRank, integerMatrix } from '../exactRank';
import { RationalArithmetic } from '../rational';
import { formulaGradient } from '../tangent/formula';
import { SymbolicArithmetic } from './polynomial';

/** Products of monomials, and multiplications of the exact rank, that a bound may take. */
const SYMBOLIC_WORK = 200_000;
const RANK_WORK = 3e8;

/**
 * Dimension over the rationals of the tangent functions of a formula, as polynomials in atoms with the parameters put
 * in exactly: an upper bound of the rank for any inputs. Undefined when the polynomials grow too large.
 */
export function formulaSpan(formula: FormulaConfig, parameters: Float64Array): number | undefined {
  const symbolic = new SymbolicArithmetic(SYMBOLIC_WORK);
  const zero = new RationalArithmetic().zero;
  try {
    const inputs = formula.inputs.map((_, index) => symbolic.input(index));
    const gradient = formulaGradient(symbolic, formula, parameters)(inputs, undefined);
    const monomials = [...new Set(gradient.flatMap((polynomial) => [...polynomial.keys()]))];
    const matrix = gradient.map((polynomial) => monomials.map((monomial) => polynomial.get(monomial) ?? zero));
    return exactRank(integerMatrix(matrix), RANK_WORK)?.rank;
  } catch (error) {
    if (error instanceof UndecidedError) return undefined;
    throw error;
  }
}
