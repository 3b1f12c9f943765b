import type { ResolvedModel } from '../../experiment/resolved';
import type { InputsConfig, TargetConfig } from '../../experiment/schema';
import { factorizationOf, rotatedFactorization } from '../theory/matrixFactorization';
import { searchRepresentation } from '../theory/formula/search';
import { networkPoint, nullPoint, splittingPoint } from '../theory/twoLayer/embeddings';
import { targetMatrix } from './targetMatrix';

/** A parameter point of the full model that is the target function, of least rank among those known. */
export interface Representation {
  readonly parameters: Float64Array;
  /** Rank r of a matrix, intrinsic width k of a network, number of parameters that are not 0 of a formula. */
  readonly intrinsicSize: number;
  /** Whether no other point of the target set has lower rank. */
  readonly exact: boolean;
}

/** The target at least rank; null when none is known, or when the model cannot express the target. */
export function minimalRepresentation(model: ResolvedModel, target: TargetConfig, data?: InputsConfig): Representation | null {
  switch (model.kind) {
    case 'matrixFactorization': {
      if (target.kind !== 'matrix' && target.kind !== 'lowRank') return null;
      const found = factorizationOf(model, targetMatrix(model, target));
      return found && { parameters: found.parameters, intrinsicSize: found.rank.rank, exact: found.rank.conclusive };
    }
    case 'twoLayer':
      return networkPoint(model, target);
    case 'formula': {
      const found = target.kind === 'formula' ? searchRepresentation(model, target, data) : null;
      if (!found) return null;
      return {
        parameters: found.parameters,
        intrinsicSize: found.parameters.filter((value) => value !== 0).length,
        exact: found.exact,
      };
    }
  }
}

/** The target in the smallest net, all further neurons (columns of A, rows of B) zero. */
export function nullEmbedding(model: ResolvedModel, target: TargetConfig, data?: InputsConfig): Float64Array | null {
  if (model.kind === 'twoLayer') return nullPoint(model, target);
  return minimalRepresentation(model, target, data)?.parameters ?? null;
}

/**
 * The target in the smallest net, its neurons split into copies that share the output weight at random; for a matrix, its
 * factors turned by a random rotation of the inner dimension; for a formula the representation itself.
 */
export function splittingEmbedding(
  model: ResolvedModel,
  target: TargetConfig,
  seed: number,
  data?: InputsConfig,
): Float64Array | null {
  if (model.kind === 'twoLayer') return splittingPoint(model, target, seed);
  const parameters = minimalRepresentation(model, target, data)?.parameters ?? null;
  return parameters && model.kind === 'matrixFactorization' ? rotatedFactorization(model, parameters, seed) : parameters;
}
