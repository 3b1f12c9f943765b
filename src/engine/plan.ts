import type { ResolvedExperiment, ResolvedRecoveryExperiment } from '../experiment/resolved';
import type { CellKey } from '../protocol/events';

/** Sample sizes of the grid, ascending, each once. */
export function gridSizes(experiment: ResolvedExperiment): number[] {
  return [...new Set(experiment.data.sampleSizes)].sort((a, b) => a - b);
}

/**
 * The cells of a recovery experiment, sample size × trial, trial by trial: after the first round every sample size has
 * a value, and medians for all of them sharpen together. Results are folded in this order whatever order cells end in.
 */
export function planCells(experiment: ResolvedRecoveryExperiment): CellKey[] {
  const sizes = gridSizes(experiment);
  const cells: CellKey[] = [];
  for (let trial = 0; trial < experiment.training.trials; trial++) {
    for (const sampleSize of sizes) cells.push({ sampleSize, trial });
  }
  return cells;
}

/** Number of trainings that an experiment asks for. */
export function cellCount(experiment: ResolvedExperiment): number {
  return experiment.experiment === 'recovery' ? gridSizes(experiment).length * experiment.training.trials : 0;
}
