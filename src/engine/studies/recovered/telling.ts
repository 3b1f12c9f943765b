import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { variantsOf } from '../../../experiment/variants';
import type { SampleSizeResult } from '../../../protocol/events';
import { gridSizes } from '../../plan';
import type { LiveResults } from '../liveResults';
import { isAtBounds, isOutside, type ThresholdBounds } from '../thresholdSearch';
import { recoveredFigures, type Pictured } from './figures';
import { picturePlan, type PicturePlan } from './picturePlan';
import { RecoveredTally } from './recoveredTally';

/**
 * What was recovered, gathered while trainings finish and told when their number has doubled: a run of any length tells it some times.
 * Of a search it is told what was recovered on both sides of the threshold.
 */
export class RecoveredPictures {
  private readonly plan: PicturePlan;
  private readonly names: readonly string[];
  private readonly sizes: readonly number[];
  private readonly tallies: readonly (RecoveredTally | null)[];
  private done = 0;
  private next: number;

  /** @param entryOrders of each variant, for best-conditioned samples */
  constructor(
    experiment: ResolvedRecoveryExperiment,
    entryOrders: readonly (readonly number[] | null)[],
    /** Trainings of the run; undefined of a search, of which nobody knows. */
    private readonly total?: number,
  ) {
    const variants = variantsOf(experiment);
    this.plan = picturePlan(experiment);
    this.names = variants.map(({ name }) => name);
    this.sizes = gridSizes(experiment);
    this.tallies = variants.map((variant, i) => {
      const grid = this.plan.grids[i] ?? null;
      return grid && new RecoveredTally(variant.experiment, grid, entryOrders[i]);
    });
    this.next = variants.length * this.sizes.length;
  }

  /** Adds a finished training; `size` is an index of the grid. */
  add(variant: number, size: number, trial: number, testError: number | null, values: readonly number[] | undefined): void {
    this.tallies[variant]?.add(size, trial, testError, values);
    this.done++;
  }

  /** Says what has changed, where it is time; `results` are those of each variant by the index of the size. */
  tell(live: LiveResults, results: (variant: number) => readonly SampleSizeResult[]): void {
    if (this.done < this.next && this.done !== this.total) return;
    this.next = 2 * this.done;
    this.tellSome(live, results, () => true);
  }

  /** Says what is on both sides of the threshold, and forgets what is beyond. */
  narrow(
    live: LiveResults,
    results: (variant: number) => readonly SampleSizeResult[],
    boundsOf: (variant: number) => ThresholdBounds,
  ): void {
    this.tallies.forEach((tally, variant) => {
      const bounds = boundsOf(variant);
      tally?.keep((size) => !isOutside(size, bounds));
    });
    this.tellSome(live, results, (variant, size) => isAtBounds(size, boundsOf(variant)));
  }

  private tellSome(
    live: LiveResults,
    results: (variant: number) => readonly SampleSizeResult[],
    isShown: (variant: number, size: number) => boolean,
  ): void {
    const pictured = this.pictured(results, isShown);
    for (const [id, make] of Object.entries(recoveredFigures(pictured))) live.figure(id, make);
  }

  private pictured(
    results: (variant: number) => readonly SampleSizeResult[],
    isShown: (variant: number, size: number) => boolean,
  ): Pictured[] {
    return this.tallies.flatMap((tally, variant) => {
      if (!tally) return [];
      const { grid, target } = tally;
      return results(variant).flatMap((result, size): Pictured[] => {
        const isWanted = isShown(variant, size) && this.plan.hasCell(variant, result.sampleSize);
        const recovered = isWanted ? tally.at(size, result) : undefined;
        if (!recovered) return [];
        const { sampleSize, trial } = recovered;
        const name = [this.names[variant], `n = ${sampleSize}, trial ${trial}`].filter(Boolean).join(', ');
        return [{ name, cell: { variant, sampleSize }, grid, target, recovered }];
      });
    });
  }
}
