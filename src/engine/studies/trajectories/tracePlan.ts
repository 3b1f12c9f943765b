import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { parameterCountOf } from '../../../experiment/sizes';
import { variantsOf } from '../../../experiment/variants';
import type { CellKey } from '../../../protocol/events';
import { firstTrialOf } from '../../plan';
import { oncePerExperiment, SpacedCells } from '../spacedCells';

/** Numbers in the trajectories of a run, about: a panel gets all of them, and a report holds them. */
const MOST_SHOWN = 6_000;
/** Steps of a path, about. */
const POINTS = 70;
/** Of a training so many parameters are shown. */
export const MOST_LINES = 24;

/** The trainings of a run whose parameters are followed: the first trial of so many cells that a run of many short ones costs no more for it. */
export class TracePlan {
  readonly firstTrial: number;
  private readonly cells: SpacedCells;

  constructor(experiment: ResolvedRecoveryExperiment) {
    this.firstTrial = firstTrialOf(experiment);
    const parameters = variantsOf(experiment).map((variant) => parameterCountOf(variant.experiment.model));
    const lines = Math.min(MOST_LINES, Math.max(...parameters));
    this.cells = new SpacedCells(experiment, lines * POINTS, MOST_SHOWN);
  }

  /** Whether the parameters of a training are followed. */
  has(variant: number, { sampleSize, trial }: CellKey): boolean {
    return trial === this.firstTrial && this.cells.has(variant, sampleSize);
  }
}

export const tracePlan = oncePerExperiment((experiment) => new TracePlan(experiment));
