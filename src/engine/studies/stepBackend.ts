import type { ResolvedExperiment } from '../../experiment/resolved';
import { chooseBackend, type Backend } from '../kernels/backend';
import { createModel } from '../models/registry';
import { batchKernels } from './batchKernels';

/**
 * What trains in an experiment; undefined where nothing takes steps.
 *
 * @throws EngineError when the experiment asks for a backend that this machine does not have.
 */
export function stepBackend(experiment: ResolvedExperiment): Pick<Backend, 'name' | 'exact'> | undefined {
  if (experiment.experiment !== 'recovery' || experiment.training.optimizer.kind === 'gradientFlow') return undefined;
  // No kernel drops neurons.
  if (experiment.training.dropout !== undefined) return chooseBackend(undefined);
  const batch = batchKernels(experiment);
  if (batch) return { name: batch.name, exact: true };
  const model = createModel(experiment.model);
  const { inputDimension } = model;
  const bound = model.bind({ count: 1, dimension: inputDimension, values: new Float64Array(inputDimension) });
  return chooseBackend(bound.kernelProblem?.(), experiment.training.backend);
}
