import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import { variantCount } from '../../experiment/variants';
import { gridSizes } from '../plan';

/** How many cells a run has: one for every variant and sample size. */
export function cellCount(experiment: ResolvedRecoveryExperiment): number {
  return variantCount(experiment) * gridSizes(experiment).length;
}

/** Of how many cells of a run something can be shown: of a search the two on both sides of the threshold of each variant. */
export function shownCellCount(experiment: ResolvedRecoveryExperiment): number {
  return experiment.data.search ? variantCount(experiment) * Math.min(2, gridSizes(experiment).length) : cellCount(experiment);
}

/**
 * One cell of a run in so many, that all together hold no more than some `most` numbers of `numbers` each. Depends on the experiment
 * alone, and is the same on every thread. Where a search decides which cells there are, it is all of one variant in so many.
 */
export class SpacedCells {
  /** One cell in so many, or one variant of a search. */
  readonly every: number;
  private readonly isSearch: boolean;
  private readonly places: ReadonlyMap</* sample size */ number, number>;

  constructor(experiment: ResolvedRecoveryExperiment, numbers: number, most: number) {
    this.every = Math.ceil((shownCellCount(experiment) * numbers) / most);
    this.isSearch = experiment.data.search !== undefined;
    this.places = new Map(gridSizes(experiment).map((size, place) => [size, place]));
  }

  has(variant: number, sampleSize: number): boolean {
    const place = this.places.get(sampleSize);
    if (place === undefined) return false;
    return (this.isSearch ? variant : variant * this.places.size + place) % this.every === 0;
  }
}

/** What a plan makes of an experiment, made once on each thread. */
export function oncePerExperiment<Plan>(
  make: (experiment: ResolvedRecoveryExperiment) => Plan,
): (experiment: ResolvedRecoveryExperiment) => Plan {
  const plans = new WeakMap<ResolvedRecoveryExperiment, Plan>();
  return (experiment) => {
    let plan = plans.get(experiment);
    if (plan === undefined) plans.set(experiment, (plan = make(experiment)));
    return plan;
  };
}
