import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import { variantCount } from '../../experiment/variants';
import { gridSizes } from '../plan';

/** How many cells a run has: one for every variant and sample size. */
export function cellCount(experiment: ResolvedRecoveryExperiment): number {
  return variantCount(experiment) * gridSizes(experiment).length;
}

/**
 * One cell of a run in so many, that all together hold no more than some `most` numbers of `numbers` each. Depends on the experiment
 * alone, and is the same on every thread.
 */
export class SpacedCells {
  /** One cell in so many. */
  readonly every: number;
  private readonly places: ReadonlyMap</* sample size */ number, number>;

  constructor(experiment: ResolvedRecoveryExperiment, numbers: number, most: number) {
    this.every = Math.ceil((cellCount(experiment) * numbers) / most);
    this.places = new Map(gridSizes(experiment).map((size, place) => [size, place]));
  }

  has(variant: number, sampleSize: number): boolean {
    const place = this.places.get(sampleSize);
    return place !== undefined && (variant * this.places.size + place) % this.every === 0;
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
