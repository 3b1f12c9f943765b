import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { variantsOf } from '../../../experiment/variants';
import { gridSizes } from '../../plan';
import type { LiveResults } from '../liveResults';
import { isAtBounds, isOutside, type ThresholdBounds } from '../thresholdSearch';
import { traceFigures, type Traced } from './figures';
import type { Trace } from './trace';
import { tracePlan } from './tracePlan';

/**
 * The followed trainings of a run: told with the first that has finished, then each time when there are twice as many, and with the last.
 * Of a search those on both sides of the threshold, as far as that is known.
 */
export class TracePictures {
  private readonly variants: ReturnType<typeof variantsOf>;
  private readonly sizes: readonly number[];
  private readonly traces = new Map</* place of the cell */ number, Trace>();
  /** How many are followed; of a search nobody knows beforehand. */
  private readonly followed: number;
  private readonly isSearch: boolean;
  private readonly firstTrial: number;
  private next = 1;

  constructor(experiment: ResolvedRecoveryExperiment) {
    this.variants = variantsOf(experiment);
    this.sizes = gridSizes(experiment);
    const plan = tracePlan(experiment);
    this.firstTrial = plan.firstTrial;
    this.isSearch = experiment.data.search !== undefined;
    this.followed = this.variants.reduce(
      (count, _, variant) =>
        count + this.sizes.filter((sampleSize) => plan.has(variant, { sampleSize, trial: plan.firstTrial })).length,
      0,
    );
  }

  /** Adds a finished training; `size` is an index of the grid. */
  add(live: LiveResults, variant: number, size: number, trace: Trace | undefined): void {
    if (!trace) return;
    this.traces.set(variant * this.sizes.length + size, trace);
    if (this.isSearch || (this.traces.size < this.next && this.traces.size < this.followed)) return;
    this.next = 2 * this.traces.size;
    this.tell(live, () => true);
  }

  /** Says what is on both sides of the threshold, and forgets what is beyond. */
  narrow(live: LiveResults, boundsOf: (variant: number) => ThresholdBounds): void {
    const sizeOf = (place: number) => place % this.sizes.length;
    const boundsAt = (place: number) => boundsOf(Math.floor(place / this.sizes.length));
    for (const place of this.traces.keys()) if (isOutside(sizeOf(place), boundsAt(place))) this.traces.delete(place);
    this.tell(live, (place) => isAtBounds(sizeOf(place), boundsAt(place)));
  }

  private tell(live: LiveResults, isShown: (place: number) => boolean): void {
    for (const [id, make] of Object.entries(traceFigures(this.inOrder(isShown)))) live.figure(id, make);
  }

  /** In the order of the plan. */
  private inOrder(isShown: (place: number) => boolean): Traced[] {
    return [...this.traces]
      .filter(([place]) => isShown(place))
      .sort(([one], [other]) => one - other)
      .map(([place, trace]) => {
        const variant = Math.floor(place / this.sizes.length);
        const { name, experiment } = this.variants[variant];
        const sampleSize = this.sizes[place % this.sizes.length];
        return {
          name: [name, `n = ${sampleSize}, trial ${this.firstTrial}`].filter(Boolean).join(', '),
          cell: { variant, sampleSize },
          experiment,
          trace,
        };
      });
  }
}
