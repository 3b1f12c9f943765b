import type { FormulaConfig } from '../../../experiment/schema';
import { UndecidedError } from '../arithmetic';
import { formulaGradient } from '../tangent/formula';
import { SymbolicArithmetic } from './polynomial';
import { spanOfPolynomials } from './span';

/** Products of short monomials that a bound may take. */
const SYMBOLIC_WORK = 200_000;

/**
 * Dimension over the rationals of the tangent functions of a formula, as polynomials in atoms with the parameters put
 * in exactly: an upper bound of the rank for any inputs. Undefined when the polynomials grow too large.
 */
export function formulaSpan(formula: FormulaConfig, parameters: Float64Array): number | undefined {
  const symbolic = new SymbolicArithmetic(SYMBOLIC_WORK);
  try {
    const inputs = formula.inputs.map((_, index) => symbolic.input(index));
    return spanOfPolynomials(formulaGradient(symbolic, formula, parameters)(inputs, undefined));
  } catch (error) {
    if (error instanceof UndecidedError) return undefined;
    throw error;
  }
}
