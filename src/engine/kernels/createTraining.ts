import type { BackendName } from '../../experiment/schema';
import type { BoundModel } from '../models/model';
import type { StepRules, TrainingRun } from '../training/train';
import { chooseBackend } from './backend';

/** A training in the fastest kernels that the model has, or as the experiment asks; the numbers are the same bits. */
export function createTraining(
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  rules: StepRules & { backend?: BackendName },
): TrainingRun {
  return chooseBackend(bound.kernelProblem?.(), rules.backend).train(bound, targets, parameters, rules);
}
