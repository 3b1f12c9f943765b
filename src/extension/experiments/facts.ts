import { isQuick, predict } from '../../engine/theory';
import {
  variantCount,
  variantsOf,
  type JsonPath,
  type ResolvedExperiment,
  type ResolvedRecoveryExperiment,
} from '../../experiment';
import type { Prediction } from '../../protocol/events';
import type { ExperimentAnalysis } from './experimentDocument';

/** Something that is known before a run, at the value that it is about. */
export type Fact = { path: JsonPath } & (
  | { kind: 'sampleSize'; smallest: number; largest: number; exact: boolean }
  | { kind: 'thresholds'; thresholds: NonNullable<Prediction['thresholds']> }
  | { kind: 'parameters'; parameters: number }
  | { kind: 'trainings'; trainings: number; isMost: boolean }
);

/** Most values of `vary` of which each is predicted while a person types. */
const MOST_VARIANTS = 20;

const SAMPLE_SIZES: JsonPath = ['data', 'sampleSizes'];

/** What is known of an experiment at places that its file has. */
export function factsOf(analysis: ExperimentAnalysis): Fact[] {
  const { parsed, prediction } = analysis;
  const experiment = parsed.resolved;
  if (!experiment) return [];
  const facts = [
    ...(prediction ? predictedFacts(experiment, prediction) : []),
    ...(experiment.experiment === 'recovery' ? [trainings(experiment)] : []),
  ];
  return facts.filter(({ path }) => parsed.has(path));
}

/** Where the prediction of an experiment is shown: at its sample sizes, else at its model, else at the name of its kind. */
export function predictionPath({ parsed }: ExperimentAnalysis): JsonPath {
  return [SAMPLE_SIZES, ['model']].find((path) => parsed.has(path)) ?? ['experiment'];
}

/** Number of trainings of the whole grid. */
export function trainingCount(experiment: ResolvedRecoveryExperiment): number {
  return variantCount(experiment) * new Set(experiment.data.sampleSizes).size * experiment.training.trials;
}

function predictedFacts(experiment: ResolvedExperiment, prediction: Prediction): Fact[] {
  const { optimisticSampleSize: size, parameters, thresholds, exact } = prediction;
  const facts: Fact[] = [];
  if (thresholds) facts.push({ kind: 'thresholds', path: SAMPLE_SIZES, thresholds });
  else if (size !== null) facts.push({ kind: 'sampleSize', path: SAMPLE_SIZES, ...sizesOf(experiment, size, exact) });
  if (parameters !== null) facts.push({ kind: 'parameters', path: ['model'], parameters });
  return facts;
}

/** The optimistic sample size, or its range over what the experiment varies. */
function sizesOf(experiment: ResolvedExperiment, size: number, exact: boolean) {
  const one = { smallest: size, largest: size, exact };
  if (experiment.experiment !== 'recovery' || !experiment.vary || variantCount(experiment) > MOST_VARIANTS) return one;
  const all = variantsOf(experiment).filter((variant) => isQuick(variant.experiment));
  const predicted = all.map((variant) => predict(variant.experiment));
  const sizes = predicted.flatMap(({ optimisticSampleSize: each }) => (each === null ? [] : [each]));
  if (sizes.length === 0) return one;
  return { smallest: Math.min(...sizes), largest: Math.max(...sizes), exact: predicted.every((each) => each.exact) };
}

function trainings(experiment: ResolvedRecoveryExperiment): Fact {
  return {
    kind: 'trainings',
    path: ['training', 'trials'],
    trainings: trainingCount(experiment),
    isMost: experiment.data.search !== undefined,
  };
}
