import type { ResolvedModel } from '../../experiment/resolved';
import { searchHessianPattern, type HessianPattern } from '../flow/hessianPattern';
import type { Inputs, Model } from '../models/model';

/** An input of a network or formula meets all of its parameters: these many only guard against relu neurons that are off. */
const ENOUGH_INPUTS = 32;

/**
 * The pattern of the loss Hessian at any inputs, from the model's probe inputs alone, so that it is the same for all trainings and in
 * all workers; searched for in steps, which may be many where every parameter meets every other. An entry of a matrix meets its own parameters only, so matrices take all probes, which are all entries.
 */
export function modelHessianPattern(config: ResolvedModel, model: Model, probes: Inputs): Generator<void, HessianPattern> {
  const count = config.kind === 'matrixFactorization' ? probes.count : Math.min(ENOUGH_INPUTS, probes.count);
  const { dimension, values } = probes;
  return searchHessianPattern(model.bind({ count, dimension, values: values.slice(0, count * dimension) }));
}
