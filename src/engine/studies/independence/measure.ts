import type { RankMeasurement } from '../../../protocol/events';
import type { CertifyConfig } from '../../../experiment/schema';
import type { NeuronList } from '../../certified/neuronList';
import { numericalRank } from '../../rank/numericalRank';
import { certify, type NamedCertificate } from '../certification';
import { findCauses, type Cause } from '../../independence/causes';
import { neuronValues, pointCount, probePoints } from '../../independence/neurons';

export interface IndependenceRules {
  rankTolerance: number;
  certify: CertifyConfig;
  /** Number of points; default: see `pointCount`. */
  points?: number;
  /** Standard deviation of their coordinates. */
  scale: number;
  seed: number;
}

/** Whether neurons are linearly independent, with what makes the answer trustworthy. */
export interface Independence {
  /** Of the neurons, and the constant 1 with an output bias. */
  measurement: RankMeasurement;
  /** Null where the rank is inconclusive. */
  independent: boolean | null;
  causes: Cause[];
  /** Number of points. */
  points: number;
  certificate: NamedCertificate | null;
}

/**
 * Linear independence of neurons as functions: the rank of their values at random points, which is that of the functions for almost
 * all points once there are enough, by SVD with normalised columns; proven where the experiment asks for it or its gap is small.
 */
export function measureIndependence(list: NeuronList, rules: IndependenceRules): Independence {
  const functions = list.neurons.length + (list.outputBias ? 1 : 0);
  const inputs = probePoints(list, Math.max(functions, rules.points ?? pointCount(functions)), rules.scale, rules.seed);
  const values = neuronValues(list, inputs);
  const float64 = numericalRank(values, { tolerance: rules.rankTolerance, name: 'matrix of neuron values' });
  const { measurement, certificate } = certify(float64, rules.certify, {
    model: list,
    parameters: new Float64Array(functions),
    inputs,
    pointIsExact: true,
    name: 'neurons.json',
  });
  const { rank, conclusive } = measurement;
  // Fewer points than functions prove nothing about the functions.
  const enough = inputs.count >= functions;
  return {
    measurement: enough ? measurement : { ...measurement, conclusive: false },
    independent: conclusive && enough ? rank === functions : null,
    causes: findCauses(list, values, functions - rank),
    points: inputs.count,
    certificate,
  };
}
