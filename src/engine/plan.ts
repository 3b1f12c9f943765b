import type { ModelExperiment, ResolvedExperiment, ResolvedRecoveryExperiment } from '../experiment/resolved';
import { variantCount } from '../experiment/variants';
import type { CellKey } from '../protocol/events';

/** Sample sizes of the grid, ascending, each once. */
export function gridSizes(experiment: Pick<ModelExperiment, 'data'>): number[] {
  return [...new Set(experiment.data.sampleSizes)].sort((a, b) => a - b);
}

/** Number of the first trial: random numbers depend on these numbers. */
export function firstTrialOf({ training }: Pick<ResolvedRecoveryExperiment, 'training'>): number {
  return training.firstTrial ?? 0;
}

/**
 * The cells of a recovery experiment, sample size × trial, trial by trial: after the first round every sample size has
 * a value, and medians for all of them sharpen together.
 */
export class CellGrid {
  /** Ascending, each once. */
  readonly sizes: readonly number[];
  readonly trials: number;
  readonly firstTrial: number;

  constructor(experiment: ResolvedRecoveryExperiment) {
    this.sizes = gridSizes(experiment);
    this.trials = experiment.training.trials;
    this.firstTrial = firstTrialOf(experiment);
  }

  get count(): number {
    return this.sizes.length * this.trials;
  }

  /** The cell at a place of the plan, from 0. */
  at(index: number): CellKey {
    return { sampleSize: this.sizes[this.sizeIndex(index)], trial: this.firstTrial + this.round(index) };
  }

  /** Which of the trials, from 0, the cell at a place of the plan is. */
  round(index: number): number {
    return Math.floor(index / this.sizes.length);
  }

  /** Which of the sizes the cell at a place of the plan has. */
  sizeIndex(index: number): number {
    return index % this.sizes.length;
  }
}

/** All cells of the plan, in order. */
export function planCells(experiment: ResolvedRecoveryExperiment): CellKey[] {
  const grid = new CellGrid(experiment);
  return Array.from({ length: grid.count }, (_, index) => grid.at(index));
}

/** Number of trainings that an experiment asks for. */
export function cellCount(experiment: ResolvedExperiment): number {
  return experiment.experiment === 'recovery'
    ? variantCount(experiment) * gridSizes(experiment).length * experiment.training.trials
    : 0;
}

/** The seed that all random numbers of a run derive from; kinds that draw none have 1. */
export function seedOf(experiment: ResolvedExperiment): number {
  if ('training' in experiment) return experiment.training.seed;
  return 'seed' in experiment && typeof experiment.seed === 'number' ? experiment.seed : 1;
}
