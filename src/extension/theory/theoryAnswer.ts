import { obstacles, predict, type Obstacle } from '../../engine/theory';
import type { ResolvedExperiment } from '../../experiment';
import type { Prediction } from '../../protocol/events';

/** What the theory says of an experiment. */
export interface TheoryAnswer {
  /** Where and why the model cannot express the target, or the theory nothing about it. */
  obstacles: Obstacle[];
  /** Undefined where there are obstacles. */
  prediction: Prediction | undefined;
}

export function askTheory(experiment: ResolvedExperiment): TheoryAnswer {
  const found = obstacles(experiment);
  return { obstacles: found, prediction: found.length === 0 ? predict(experiment) : undefined };
}
