import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { parameterCountOf } from '../../../experiment/sizes';
import { variantsOf } from '../../../experiment/variants';
import type { CellKey } from '../../../protocol/events';
import { firstTrialOf, gridSizes } from '../../plan';

/** Numbers in the trajectories of a run, about: a panel gets all of them, and a report holds them. */
const MOST_SHOWN = 6_000;
/** Steps of a path, about. */
const POINTS = 70;
/** Of a training so many parameters are shown. */
export const MOST_LINES = 24;

/**
 * The trainings of a run whose parameters are followed: the first trial of so many cells that a run of many short ones costs no more for
 * it. Depends on the experiment alone, and is the same on every thread.
 */
export class TracePlan {
  readonly firstTrial: number;
  private readonly sizes: readonly number[];
  /** One cell in so many is followed. */
  private readonly every: number;

  constructor(experiment: ResolvedRecoveryExperiment) {
    this.firstTrial = firstTrialOf(experiment);
    this.sizes = gridSizes(experiment);
    const variants = variantsOf(experiment);
    const lines = Math.min(MOST_LINES, Math.max(...variants.map((each) => parameterCountOf(each.experiment.model))));
    const cells = variants.length * this.sizes.length;
    // Which cells a search visits is not known beforehand.
    this.every = experiment.data.search ? Infinity : Math.ceil((cells * lines * POINTS) / MOST_SHOWN);
  }

  /** Whether the parameters of a training are followed. */
  has(variant: number, { sampleSize, trial }: CellKey): boolean {
    if (trial !== this.firstTrial || this.every === Infinity) return false;
    return (variant * this.sizes.length + this.sizes.indexOf(sampleSize)) % this.every === 0;
  }
}

const plans = new WeakMap<ResolvedRecoveryExperiment, TracePlan>();

/** The same plan for every job of an experiment, made once on each thread. */
export function tracePlan(experiment: ResolvedRecoveryExperiment): TracePlan {
  let plan = plans.get(experiment);
  if (!plan) plans.set(experiment, (plan = new TracePlan(experiment)));
  return plan;
}
