import type { BoundModel } from '../models/model';
import { Training, type StepRules, type TrainingRun } from '../training/train';
import { KernelTraining } from './kernelTraining';

/** A training in the kernels where the model has one, else in TypeScript; the numbers are the same bits. */
export function createTraining(
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  config: StepRules,
): TrainingRun {
  const problem = bound.kernelProblem?.();
  return problem ? new KernelTraining(problem, targets, parameters, config) : new Training(bound, targets, parameters, config);
}
