import type { ResolvedExperiment } from '../../experiment/resolved';
import type { RankMeasurement } from '../../protocol/events';
import { isNumericalError } from '../errors';
import { bestConditionedOrder } from '../inputs/bestConditioned';
import { createModel } from '../models/registry';
import { tangentRank } from '../rank/tangentRank';
import { probeInputs } from '../targets/probes';
import { minimalRepresentation } from '../targets/representation';

/** What is found once for an experiment and shared with every worker, as plain data. */
export interface Preparation {
  /** Row-major indices of matrix entries, for best-conditioned samples. */
  entryOrder: number[] | null;
  /** Rank at the target's minimal representation over probe inputs; null where there is none or it is not asked for. */
  modelRank: RankMeasurement | null;
}

export function prepare(experiment: ResolvedExperiment): Preparation {
  const { inputs } = experiment.data;
  const wantsOrder = inputs.kind === 'entries' && inputs.order === 'bestConditioned' && experiment.data.sampleSizes.length > 0;
  return {
    entryOrder: wantsOrder ? bestConditionedOrder(experiment) : null,
    modelRank: experiment.experiment === 'rank' || experiment.analysis.rank ? modelRank(experiment) : null,
  };
}

function modelRank(experiment: ResolvedExperiment): RankMeasurement | null {
  const { model: config, target, analysis } = experiment;
  const representation = minimalRepresentation(config, target, experiment.data.inputs);
  if (!representation) return null;
  try {
    return tangentRank(createModel(config), representation.parameters, probeInputs(config, 1, experiment.data.inputs), {
      tolerance: analysis.rankTolerance,
    });
  } catch (error) {
    if (isNumericalError(error)) return null;
    throw error;
  }
}
