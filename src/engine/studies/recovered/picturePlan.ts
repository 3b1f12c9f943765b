import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { variantsOf } from '../../../experiment/variants';
import type { CellKey } from '../../../protocol/events';
import { firstTrialOf, gridSizes } from '../../plan';
import { pictureGrid, type PictureGrid } from './pictureGrid';

/** Numbers in the pictures of a run, about: a panel gets all of them, and a report holds them. */
const MOST_SHOWN = 60_000;
/** Numbers that are kept of solutions until it is known which one is shown. */
const MOST_KEPT = 2_000_000;

/**
 * Of which cells of a run there are pictures of what training found, and of which trials values are kept for them: bounded, whatever
 * the run. Depends on the experiment alone, and is the same on every thread.
 */
export class PicturePlan {
  /** By variant; null where there is nothing to be drawn. */
  readonly grids: readonly (PictureGrid | null)[];
  /** Trials of each cell whose values are kept: the first ones. */
  readonly trials: number;
  private readonly firstTrial: number;
  private readonly sizes: readonly number[];
  /** One cell in so many has a picture. */
  private readonly every: number;

  constructor(experiment: ResolvedRecoveryExperiment) {
    this.firstTrial = firstTrialOf(experiment);
    this.sizes = gridSizes(experiment);
    const variants = variantsOf(experiment);
    const cells = variants.length * this.sizes.length;
    const gridsOf = (coarse: boolean) =>
      // Which cells a search visits is not known beforehand.
      experiment.data.search ? [] : variants.map((variant) => pictureGrid(variant.experiment, coarse));
    const fine = gridsOf(false);
    this.grids = cells * pointsOf(fine) > MOST_SHOWN ? gridsOf(true) : fine;
    const points = Math.max(1, pointsOf(this.grids));
    this.every = Math.ceil((cells * points) / MOST_SHOWN);
    this.trials = Math.min(experiment.training.trials, Math.floor(MOST_KEPT / (points * Math.ceil(cells / this.every))));
  }

  /** Whether the cells of a size, by its place among the sizes, have a picture. */
  hasCell(variant: number, size: number): boolean {
    return (this.grids[variant] ?? null) !== null && (variant * this.sizes.length + size) % this.every === 0;
  }

  /** The grid on which the values of a training are kept; null where they are not. */
  gridFor(variant: number, { sampleSize, trial }: CellKey): PictureGrid | null {
    if (trial >= this.firstTrial + this.trials || !this.hasCell(variant, this.sizes.indexOf(sampleSize))) return null;
    return this.grids[variant] ?? null;
  }
}

function pointsOf(grids: readonly (PictureGrid | null)[]): number {
  return grids.reduce((most, grid) => Math.max(most, grid?.inputs.count ?? 0), 0);
}
