import type { BackendName } from '../../experiment/schema';
import type { BoundModel } from '../models/model';
import { isFasterInTensorFlow, tensorFlowBackend } from '../tensorflow/backend';
import type { StepRules, TrainingRun } from '../training/train';
import { chooseBackend, type Backend } from './backend';

/** What an experiment says about its backend. */
export interface BackendChoice {
  backend?: BackendName;
  /** By default all backends but those that are asked for by name compute in float64, to the same bits. */
  precision?: 'float32';
}

/**
 * What trains a model at these inputs: the fastest kernels that it has, or as the experiment asks.
 *
 * @throws EngineError when this machine does not have what is asked for.
 */
export function backendFor(bound: Pick<BoundModel, 'kernelProblem'>, { backend = 'auto', precision }: BackendChoice): Backend {
  if (backend === 'tensorflow' || (backend === 'auto' && precision === 'float32' && isFasterInTensorFlow(bound)))
    return tensorFlowBackend(bound);
  return chooseBackend(bound.kernelProblem?.(), backend);
}

/** A training in the fastest kernels that the model has, or as the experiment asks. */
export function createTraining(
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  rules: StepRules & BackendChoice,
): TrainingRun {
  return backendFor(bound, rules).train(bound, targets, parameters, rules);
}
