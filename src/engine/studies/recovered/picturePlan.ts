import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { variantsOf } from '../../../experiment/variants';
import type { CellKey } from '../../../protocol/events';
import { firstTrialOf } from '../../plan';
import { oncePerExperiment, shownCellCount, SpacedCells } from '../spacedCells';
import { pictureGrid, type PictureGrid } from './pictureGrid';

/** Numbers in the pictures of a run, about: a panel gets all of them, and a report holds them. */
const MOST_SHOWN = 60_000;
/** Numbers that are kept of solutions until it is known which one is shown. */
const MOST_KEPT = 2_000_000;

/** Of which cells of a run there are pictures of what training found, and of which trials values are kept for them: bounded, whatever the run. */
export class PicturePlan {
  /** By variant; null where there is nothing to be drawn. */
  readonly grids: readonly (PictureGrid | null)[];
  /** Trials of each cell whose values are kept: the first ones. */
  readonly trials: number;
  private readonly firstTrial: number;
  private readonly cells: SpacedCells;

  constructor(experiment: ResolvedRecoveryExperiment) {
    this.firstTrial = firstTrialOf(experiment);
    const variants = variantsOf(experiment);
    const cells = shownCellCount(experiment);
    const gridsOf = (coarse: boolean) => variants.map((variant) => pictureGrid(variant.experiment, coarse));
    const fine = gridsOf(false);
    this.grids = cells * pointsOf(fine) > MOST_SHOWN ? gridsOf(true) : fine;
    const points = Math.max(1, pointsOf(this.grids));
    this.cells = new SpacedCells(experiment, points, MOST_SHOWN);
    this.trials = Math.min(experiment.training.trials, Math.floor(MOST_KEPT / (points * Math.ceil(cells / this.cells.every))));
  }

  /** Whether a cell has a picture. */
  hasCell(variant: number, sampleSize: number): boolean {
    return (this.grids[variant] ?? null) !== null && this.cells.has(variant, sampleSize);
  }

  /** The grid on which the values of a training are kept; null where they are not. */
  gridFor(variant: number, { sampleSize, trial }: CellKey): PictureGrid | null {
    if (trial >= this.firstTrial + this.trials || !this.hasCell(variant, sampleSize)) return null;
    return this.grids[variant] ?? null;
  }
}

/** The same plan for every job of an experiment. */
export const picturePlan = oncePerExperiment((experiment) => new PicturePlan(experiment));

function pointsOf(grids: readonly (PictureGrid | null)[]): number {
  return grids.reduce((most, grid) => Math.max(most, grid?.inputs.count ?? 0), 0);
}
