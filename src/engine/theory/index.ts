import type { JsonPath } from '../../experiment/problem';
import type { ExperimentKindName, ExperimentOf } from '../../experiment/kinds';
import type { ResolvedExperiment } from '../../experiment/resolved';
import type { Prediction } from '../../protocol/events';
import { geometryObstacles, predictGeometry } from './geometry';
import { predictIndependence } from './independence';
import { overlapObstacles, predictOverlap } from './overlap/predict';
import { predictLifting } from './lifting';
import { predictRepopulation } from './repopulation/predict';
import { inexpressibleTarget, predictOptimisticSampleSize } from './optimisticSampleSize';

export { isQuick } from './effort';

/** Something that the theory says against an experiment, at the place where that is to be mended. */
export interface Obstacle {
  path: JsonPath;
  message: string;
}

/** What the theory knows of one kind of experiment, without running it and within the time of a key stroke. */
interface Theory<Experiment> {
  predict(experiment: Experiment): Prediction;
  /** Why the experiment cannot be run, beyond what the file format can tell; empty when nothing is known. */
  obstacles?(experiment: Experiment): Obstacle[];
}

const aboutTarget = { predict: predictOptimisticSampleSize, obstacles: inexpressibleTarget };

const THEORIES: { [K in ExperimentKindName]: Theory<ExperimentOf<K>> } = {
  recovery: aboutTarget,
  rank: aboutTarget,
  geometry: { predict: predictGeometry, obstacles: geometryObstacles },
  independence: { predict: predictIndependence },
  overlap: { predict: predictOverlap, obstacles: overlapObstacles },
  lifting: { predict: predictLifting },
  repopulation: { predict: predictRepopulation },
};

/** What the theory says of an experiment before anything runs. */
export function predict(experiment: ResolvedExperiment): Prediction {
  return theoryOf(experiment).predict(experiment);
}

/** Why an experiment cannot be run; empty when nothing is known. */
export function obstacles(experiment: ResolvedExperiment): Obstacle[] {
  return theoryOf(experiment).obstacles?.(experiment) ?? [];
}

/** An experiment of a kind only ever meets the theory of that kind. */
function theoryOf(experiment: ResolvedExperiment): Theory<ResolvedExperiment> {
  return THEORIES[experiment.experiment] as unknown as Theory<ResolvedExperiment>;
}
