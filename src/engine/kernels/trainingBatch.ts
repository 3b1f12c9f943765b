import type { BoundModel } from '../models/model';
import type { TrainingRun } from '../training/train';

/** A training in a batch, which the batch takes steps of. */
export type BatchedTraining = Omit<TrainingRun, 'advance'>;

/**
 * Trainings of one experiment that one call of the kernels takes steps of side by side. Each has the numbers that it has alone, to the
 * last bit.
 */
export interface TrainingBatch {
  /** How many there may be. */
  readonly size: number;
  /** Those that have not ended. */
  readonly running: readonly BatchedTraining[];
  /**
   * Begins a training. Its parameters are brought up to date when it has ended, its curve by `collect` too.
   *
   * @returns undefined where it must go alone.
   */
  add(bound: BoundModel, targets: Float64Array, parameters: Float64Array): BatchedTraining | undefined;
  /** Takes up to `count` steps of each and returns how many: fewer where some end. */
  advance(count: number): number;
  /** Brings steps and curves of those that run up to date. */
  collect(): void;
}
