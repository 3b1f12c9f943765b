import type { ResolvedOverlapExperiment } from '../../../experiment/kinds/overlap';
import type { Prediction } from '../../../protocol/events';
import { activationFunction } from '../../models/activation';
import type { Obstacle } from '../index';
import { distance, limitingSlope, sampleThrough, type NeuronPoint } from './neuron';
import { exponentialSample, recipeA } from './recipe';

const INVARIANTS: Readonly<Record<ResolvedOverlapExperiment['activation'], string>> = {
  sigmoid: 'a²/2 − (w·x + e^{w·x})/‖x‖²',
  exp: 'a²/2 − w·x/‖x‖²',
  tanh: 'a²/2 − sinh²(w·x)/(2‖x‖²)',
  softplus: 'a²/2 − (1/‖x‖²) ∫ log(1 + e^z)(1 + e^{−z}) dz up to w·x',
  recipe: 'a²/2 − (1/‖x‖²) ∫ σ/σ′ dz up to w·x',
};
const PAPER = 'Limitation of characterizing implicit regularization by data-independent functions (arXiv 2201.12198)';

/** What is known of the flows' limits without integrating them. */
export function predictOverlap(experiment: ResolvedOverlapExperiment): Prediction {
  const { activation, start, datasets = [], limits = [] } = experiment;
  const known = activation === 'recipe' ? limits : datasets.flatMap((set) => ('limit' in set ? [set.limit] : []));
  const prediction = {
    optimisticSampleSize: null,
    exact: true,
    formula: `each flow keeps ${INVARIANTS[activation]} and ends where f(x) = y`,
    source: `${PAPER}, section 6`,
    parameters: start.w.length + 1,
  };
  if (known.length > 0) {
    return {
      ...prediction,
      headline: `limits ${known.map(words).join(' and ')}`,
      source: `${PAPER}, recipe A. It asks for a* ≠ a0; what is needed is a*² ≠ a0².`,
    };
  }
  const mirror = { w: start.w, a: -start.a };
  const common = datasets.every((set) => 'through' in set && distance(set.through, mirror) === 0);
  if (!common || start.w.length > 1) {
    return { ...prediction, headline: `${datasets.length === 1 ? 'one flow' : `${datasets.length} flows`} from ${words(start)}` };
  }
  const sigma = activationFunction(activation as 'sigmoid');
  const slopes = datasets.map((set) => {
    const { x } = set as { x: number[] };
    return limitingSlope(sigma, mirror, sampleThrough(sigma, x, mirror)).toFixed(5);
  });
  return {
    ...prediction,
    headline: `all limits ${words(mirror)}, slopes ${slopes.join(', ')}`,
    formula: `${prediction.formula}; da/dw = −σ(x w0)/(a0 x σ′(x w0)) there`,
    source: `${PAPER}, one-point example`,
  };
}

/** Recipes that cannot be made. */
export function overlapObstacles({ activation, start, datasets = [], limits = [] }: ResolvedOverlapExperiment): Obstacle[] {
  const found: Obstacle[] = [];
  const attempt = (path: Obstacle['path'], make: () => unknown) => {
    try {
      make();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      found.push({ path, message: error.message });
    }
  };
  if (activation === 'recipe') attempt(['limits'], () => recipeA(start, limits[0], limits[1]));
  datasets.forEach((set, i) => {
    if ('limit' in set) attempt(['datasets', i, 'limit'], () => exponentialSample(start, set.limit));
  });
  return found;
}

function words({ w, a }: NeuronPoint): string {
  return `(${[...w, a].map((value) => String(Number(value.toPrecision(6)))).join(', ')})`;
}
