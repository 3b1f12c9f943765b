import type { ResolvedIndependenceExperiment } from '../../experiment/kinds/independence';
import type { Prediction } from '../../protocol/events';
import { neuronListSpan } from '../certified/structure/neuronList';
import { neuronListOf, weightCount } from '../independence/neurons';

/** Weights of a list that is looked at while a person types. */
const MOST_WEIGHTS = 2000;

/**
 * What exact relations between the neurons say before anything is evaluated: an upper bound of the rank, which for generic activations
 * is the rank ("On the linear independence of generalized neurons", arXiv 2410.03693).
 */
export function predictIndependence(experiment: ResolvedIndependenceExperiment): Prediction {
  const { neurons, outputBias } = experiment;
  const functions = (Array.isArray(neurons) ? neurons.length : neurons.count) + (outputBias ? 1 : 0);
  const parameters = null;
  const span = weightCount(experiment) <= MOST_WEIGHTS ? neuronListSpan(neuronListOf(experiment)) : undefined;
  const nothing = { optimisticSampleSize: null, exact: false, formula: '', parameters };
  if (span === undefined)
    return { ...nothing, source: 'The list of neurons is too long to look for exact relations beforehand.' };
  const words = outputBias ? `${functions} functions (with the constant)` : `${functions} neurons`;
  return {
    ...nothing,
    headline: span < functions ? `rank at most ${span} of ${words}` : `${words}, no exact relation among them`,
    formula: `rank ≤ ${span}`,
    source:
      'exact relations: zero, constant, equal, opposite and complementary neurons. For generic activations there are no others: "On the linear independence of generalized neurons" (arXiv 2410.03693)',
  };
}
