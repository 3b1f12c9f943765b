import type { ResolvedModel } from '../../experiment/resolved';
import type { InputsConfig, TargetConfig } from '../../experiment/schema';
import { convolutionNullPoint, convolutionRank } from '../theory/convolution/closedForm';
import { convolutionCompatiblePoint, convolutionSplittingPoint } from '../theory/convolution/splitting';
import { deepFactorizationOf, rotatedDeepFactorization } from '../theory/deepFactorization';
import { deepCompatiblePoint, deepMinimalPoint, deepNullPoint, deepSplittingPoint } from '../theory/deepNetwork';
import { diagonalPoint, linearCoefficients, rescaledFactors } from '../theory/diagonal';
import { factorizationOf, rotatedFactorization } from '../theory/matrixFactorization';
import { searchRepresentation } from '../theory/formula/search';
import { compatiblePoint, networkPoint, nullPoint, splittingPoint } from '../theory/twoLayer/embeddings';
import { teacherKernels } from './convolutionTeacher';
import { deepTeacher } from './deepTeacher';
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
      const matrix = targetMatrix(model, target);
      const found = 'dimensions' in model ? deepFactorizationOf(model, matrix) : factorizationOf(model, matrix);
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
    case 'diagonal': {
      const coefficients = linearCoefficients(model, target);
      if (!coefficients) return null;
      const intrinsicSize = coefficients.filter((value) => value !== 0).length;
      return { parameters: diagonalPoint(model, coefficients), intrinsicSize, exact: true };
    }
    case 'deepNetwork': {
      if (target.kind !== 'teacher') return null;
      const teacher = deepTeacher(model, target);
      const intrinsicSize = teacher.model.widths.reduce((sum, width) => sum + width, 0);
      return { parameters: deepMinimalPoint(model, teacher), intrinsicSize, exact: false };
    }
    case 'convolution':
      return target.kind === 'teacher' ? convolutionRank(model, teacherKernels(model, target)) : null;
  }
}

/** The target in the smallest net, all further neurons (columns of A, rows of B) zero. */
export function nullEmbedding(model: ResolvedModel, target: TargetConfig, data?: InputsConfig): Float64Array | null {
  if (model.kind === 'twoLayer') return nullPoint(model, target);
  if (target.kind === 'teacher') {
    if (model.kind === 'deepNetwork') return deepNullPoint(model, deepTeacher(model, target));
    if (model.kind === 'convolution') return convolutionNullPoint(model, teacherKernels(model, target));
  }
  return minimalRepresentation(model, target, data)?.parameters ?? null;
}

/**
 * The target in the smallest net, its neurons split into copies that share the output weight at random; for a matrix, its
 * factors turned by a random rotation of the inner dimension; for a diagonal model, its factors rescaled; for a formula the
 * representation itself.
 */
export function splittingEmbedding(
  model: ResolvedModel,
  target: TargetConfig,
  seed: number,
  data?: InputsConfig,
): Float64Array | null {
  if (model.kind === 'twoLayer') return splittingPoint(model, target, seed);
  if (target.kind === 'teacher') {
    if (model.kind === 'deepNetwork') return deepSplittingPoint(model, deepTeacher(model, target), seed);
    if (model.kind === 'convolution') return convolutionSplittingPoint(model, teacherKernels(model, target), seed);
  }
  const parameters = minimalRepresentation(model, target, data)?.parameters ?? null;
  if (!parameters) return null;
  if (model.kind === 'diagonal') return rescaledFactors(model, parameters, seed);
  if (model.kind !== 'matrixFactorization') return parameters;
  return 'dimensions' in model
    ? rotatedDeepFactorization(model, parameters, seed)
    : rotatedFactorization(model, parameters, seed);
}

/**
 * A general compatible embedding: neurons in random order, some of zeros, copies that share output weights unevenly, in deep
 * networks differently for every receiver. For models without neurons as the splitting embedding.
 */
export function compatibleEmbedding(
  model: ResolvedModel,
  target: TargetConfig,
  seed: number,
  data?: InputsConfig,
): Float64Array | null {
  if (model.kind === 'twoLayer') return compatiblePoint(model, target, seed);
  if (target.kind === 'teacher') {
    if (model.kind === 'deepNetwork') return deepCompatiblePoint(model, deepTeacher(model, target), seed);
    if (model.kind === 'convolution') return convolutionCompatiblePoint(model, teacherKernels(model, target), seed);
  }
  return splittingEmbedding(model, target, seed, data);
}
