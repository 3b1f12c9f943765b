import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import { parameterCountOf } from '../../experiment/sizes';
import type { TrainingBatch } from '../kernels/trainingBatch';
import { canBatchFactors, FactorBatch } from '../native/factorBatch';
import { loadNative, nativeName } from '../native/load';

/** Kernels that train several cells of an experiment side by side. */
export interface BatchKernels {
  /** For people: `native (AVX2)`. */
  name: string;
  create(): TrainingBatch;
}

/** Undefined where each cell is trained alone. */
export function batchKernels(experiment: ResolvedRecoveryExperiment): BatchKernels | undefined {
  const { model, training, analysis, data, vary } = experiment;
  const { optimizer, stop, backend, dropout } = training;
  if (model.kind !== 'matrixFactorization' || !('inner' in model) || optimizer.kind === 'gradientFlow') return undefined;
  const followed = analysis.hessian !== 'none' && analysis.hessianEvery !== undefined;
  if (backend !== undefined || dropout !== undefined || followed || vary || data.search) return undefined;
  const rules = { optimizer, stop };
  if (!canBatchFactors(parameterCountOf(model), rules)) return undefined;
  const { addon } = loadNative('matrixFactorization');
  return addon && { name: nativeName(addon), create: () => new FactorBatch(addon, model, rules) };
}
