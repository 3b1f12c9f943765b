import type { ModelExperiment, ResolvedModel } from '../../experiment/resolved';
import type { InputsConfig } from '../../experiment/schema';
import { inputDimensionOf, matrixShapeOf } from '../../experiment/sizes';
import { EngineError } from '../errors';
import type { Inputs } from '../models/model';
import { allEntries } from '../targets/probes';
import { entryInputs, nestedOrder, randomOrder } from './entries';
import { gridInputs, normalInputs, pointInputs, uniformInputs } from './points';

/** Training and test inputs of an experiment. They depend on the seed and the trial alone. */
export interface Sampler {
  /** Whether every trial draws training inputs of its own. */
  readonly random: boolean;
  /** The first `sampleSize` inputs of a trial; a larger sample extends a smaller one (but for a grid). */
  training(trial: number, sampleSize: number): Inputs;
  /** Test inputs, from a stream of their own; all entries for matrix models. */
  test(): Inputs;
}

/** Seed of the inputs of rank experiments, which have no training seed. */
const RANK_SEED = 1;
const DEFAULT_TEST_SAMPLES = 1000;

/** What inputs are drawn from. */
export interface SamplerSettings {
  model: ResolvedModel;
  inputs: InputsConfig;
  seed: number;
  testSamples: number;
}

/**
 * @param entryOrder row-major indices of matrix entries in the best-conditioned order, for experiments that ask for it:
 *   it is expensive, so it is found once and handed to every worker.
 */
export function createSampler(experiment: ModelExperiment, entryOrder?: readonly number[] | null): Sampler {
  const { model, data } = experiment;
  const { seed, testSamples } =
    experiment.experiment === 'recovery'
      ? { seed: experiment.training.seed, testSamples: experiment.data.testSamples }
      : { seed: RANK_SEED, testSamples: DEFAULT_TEST_SAMPLES };
  return createInputSampler({ model, inputs: data.inputs, seed, testSamples }, entryOrder);
}

/** The same for experiments of other kinds, from what inputs depend on. */
export function createInputSampler(
  { model, inputs, seed, testSamples }: SamplerSettings,
  entryOrder?: readonly number[] | null,
): Sampler {
  const dimension = inputDimensionOf(model);

  if (inputs.kind === 'entries') {
    if (model.kind !== 'matrixFactorization') {
      throw new EngineError('invalid-experiment', 'Inputs of kind "entries" need a matrix model.', 2, {
        path: ['data', 'inputs', 'kind'],
      });
    }
    const { rows, columns } = matrixShapeOf(model);
    const test = () => allEntries(rows, columns);
    if (inputs.order === 'random') {
      // The sample sizes of a trial come one after the other.
      let last: { trial: number; order: number[] } | undefined;
      const orderOf = (trial: number) => {
        if (last?.trial !== trial) last = { trial, order: randomOrder(rows, columns, seed, trial) };
        return last.order;
      };
      return { random: true, training: (trial, sampleSize) => entryInputs(orderOf(trial), columns, sampleSize), test };
    }
    let order: readonly number[];
    if (inputs.order === 'nested') order = nestedOrder(rows, columns);
    else if (inputs.order === 'bestConditioned') {
      if (!entryOrder) throw new Error('the best-conditioned order has not been prepared');
      order = entryOrder;
    } else order = inputs.order.map(([row, column]) => (row - 1) * columns + (column - 1));
    return { random: false, training: (_trial, sampleSize) => entryInputs(order, columns, sampleSize), test };
  }

  switch (inputs.kind) {
    case 'normal': {
      const scale = inputs.scale ?? 1;
      return {
        random: true,
        training: (trial, sampleSize) => normalInputs(dimension, sampleSize, scale, seed, 'inputs', trial),
        test: () => normalInputs(dimension, testSamples, scale, seed, 'test'),
      };
    }
    case 'uniform': {
      const box = boxOf(dimension, inputs.low, inputs.high);
      return {
        random: true,
        training: (trial, sampleSize) => uniformInputs(box, sampleSize, seed, 'inputs', trial),
        test: () => uniformInputs(box, testSamples, seed, 'test'),
      };
    }
    case 'grid': {
      const { low, high } = inputs;
      return {
        random: false,
        training: (_trial, sampleSize) => gridInputs(low, high, sampleSize),
        test: () => uniformInputs(boxOf(1, low, high), testSamples, seed, 'test'),
      };
    }
    case 'points': {
      const { values } = inputs;
      const box = Array.from({ length: dimension }, (_, axis) => {
        let low = Infinity;
        let high = -Infinity;
        for (const point of values) {
          low = Math.min(low, point[axis]);
          high = Math.max(high, point[axis]);
        }
        return { low, high };
      });
      return {
        random: false,
        training: (_trial, sampleSize) => pointInputs(values, dimension, sampleSize),
        test: () => uniformInputs(box, testSamples, seed, 'test'),
      };
    }
  }
}

function boxOf(dimension: number, low: number, high: number): { low: number; high: number }[] {
  return Array.from({ length: dimension }, () => ({ low, high }));
}
