import { UndecidedError } from '../arithmetic';
import { neuronValuesIn, type NeuronList } from '../neuronList';
import { SymbolicArithmetic, type Polynomial } from './polynomial';
import { spanOfPolynomials } from './span';

/** Products of short monomials that a bound may take. */
const SYMBOLIC_WORK = 1_000_000;

/** Neurons as polynomials in atoms. */
export interface SymbolicNeurons {
  readonly values: readonly Polynomial[];
  isConstant(polynomial: Polynomial): boolean;
  /** The polynomial itself, or 1 for any constant but 0: it spans the same. */
  normalized(polynomial: Polynomial): Polynomial;
}

/** Undefined when the polynomials grow too large. */
export function symbolicNeurons(list: NeuronList): SymbolicNeurons | undefined {
  const symbolic = new SymbolicArithmetic(SYMBOLIC_WORK);
  try {
    const inputs = Array.from({ length: list.inputs }, (_, index) => symbolic.input(index));
    const isConstant = (polynomial: Polynomial) => symbolic.isConstant(polynomial);
    return {
      values: neuronValuesIn(symbolic, list, inputs),
      isConstant,
      normalized: (polynomial) => (polynomial.size > 0 && isConstant(polynomial) ? symbolic.one : polynomial),
    };
  } catch (error) {
    if (error instanceof UndecidedError) return undefined;
    throw error;
  }
}

/**
 * Dimension of a space that holds all neurons, from exact relations: neurons that are 0, equal, opposite or complementary
 * (σ(z) + σ(−z) = 1), and constants, which span one dimension together whatever their values. An upper bound of the rank.
 */
export function neuronListSpan(list: NeuronList): number | undefined {
  const symbolic = symbolicNeurons(list);
  if (!symbolic) return undefined;
  return spanOfPolynomials(symbolic.values.map(symbolic.normalized));
}
