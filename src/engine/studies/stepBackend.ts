import type { ResolvedExperiment, ResolvedRecoveryExperiment } from '../../experiment/resolved';
import { variantsOf } from '../../experiment/variants';
import { chooseBackend, type Backend } from '../kernels/backend';
import { backendFor } from '../kernels/createTraining';
import type { BoundModel } from '../models/model';
import { createModel } from '../models/registry';
import { batchKernels } from './batchKernels';

/**
 * What trains in an experiment; undefined where nothing takes steps.
 *
 * @throws EngineError when the experiment asks for a backend that this machine does not have.
 */
export function stepBackend(experiment: ResolvedExperiment): Pick<Backend, 'name' | 'exact' | 'prepare'> | undefined {
  if (experiment.experiment !== 'recovery' || experiment.training.optimizer.kind === 'gradientFlow') return undefined;
  const { backend, precision, dropout } = experiment.training;
  // No kernel drops neurons.
  if (dropout !== undefined) return chooseBackend(undefined);
  const batch = batchKernels(experiment);
  if (batch) return { name: batch.name, exact: true };
  const plain = backendFor(bindZeros(experiment, 1), backend ? { backend } : {});
  if (precision === undefined || backend !== undefined) return plain;
  // Each training has the backend that is faster for it, on this machine.
  const large = variantsOf(experiment)
    .map((variant) => backendFor(bindZeros(variant.experiment, Math.max(1, ...experiment.data.sampleSizes)), { precision }))
    .find(({ exact }) => !exact);
  return { ...plain, ...large, exact: false, name: large ? `${large.name} for large steps, else ${plain.name}` : plain.name };
}

function bindZeros({ model: config }: ResolvedRecoveryExperiment, count: number): BoundModel {
  const model = createModel(config);
  const { inputDimension: dimension } = model;
  return model.bind({ count, dimension, values: new Float64Array(count * dimension) });
}
