import type { ModelExperiment } from '../../experiment/resolved';
import type { RankMeasurement } from '../../protocol/events';
import { isNumericalError } from '../errors';
import { bestConditionedOrder } from '../inputs/bestConditioned';
import { createModel } from '../models/registry';
import { tangentRank } from '../rank/tangentRank';
import { probeInputs } from '../targets/probes';
import { minimalRepresentation } from '../targets/representation';
import { certify, minimalPointIsExact, theoryBound, type Certified, type NamedCertificate } from './certification';

/** Name of the rank event of the target's minimal representation. */
export const MINIMAL_REPRESENTATION = 'minimal representation';

/** What is found once for an experiment and shared with every worker, as plain data. */
export interface Preparation {
  /** Row-major indices of matrix entries, for best-conditioned samples. */
  entryOrder: number[] | null;
  /** Rank at the target's minimal representation over probe inputs; null where there is none or it is not asked for. */
  modelRank: RankMeasurement | null;
}

/** What preparing gives. */
export interface Prepared {
  preparation: Preparation;
  /** Of the model rank. */
  certificate: NamedCertificate | null;
}

export function prepare(experiment: ModelExperiment): Prepared {
  const { inputs } = experiment.data;
  const wantsSamples = experiment.data.sampleSizes.length > 0 || 'localRecovery' in experiment.analysis;
  const wantsOrder = inputs.kind === 'entries' && inputs.order === 'bestConditioned' && wantsSamples;
  const wantsRank = experiment.experiment === 'rank' || experiment.analysis.rank;
  const { measurement = null, certificate = null } = (wantsRank && modelRank(experiment)) || {};
  return {
    preparation: { entryOrder: wantsOrder ? bestConditionedOrder(experiment) : null, modelRank: measurement },
    certificate,
  };
}

function modelRank(experiment: ModelExperiment): Certified | null {
  const { model, target, analysis } = experiment;
  const representation = minimalRepresentation(model, target, experiment.data.inputs);
  if (!representation) return null;
  const { parameters } = representation;
  const inputs = probeInputs(model, 1, experiment.data.inputs);
  try {
    const measurement = tangentRank(createModel(model), parameters, inputs, { tolerance: analysis.rankTolerance });
    return certify(measurement, analysis.certify, {
      model,
      parameters,
      inputs,
      upperBound: theoryBound(experiment),
      pointIsExact: minimalPointIsExact(experiment),
      name: 'minimal-representation.json',
    });
  } catch (error) {
    if (isNumericalError(error)) return null;
    throw error;
  }
}
