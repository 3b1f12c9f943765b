import type { BoundModel } from '../models/model';
import type { ParameterPath } from '../training/parameterPath';
import type { TrainingRun } from '../training/train';

/** A training in a batch, which the batch takes steps of. */
export type BatchedTraining = Omit<TrainingRun, 'advance' | 'goOn'>;

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
   * @param saved goes on from what a training of the same rules saved, in a batch or alone.
   * @param path looks at its parameters on the way.
   * @returns undefined where it must go alone.
   * @throws StateError when it is none of this training, which is not begun.
   */
  add(
    bound: BoundModel,
    targets: Float64Array,
    parameters: Float64Array,
    saved?: unknown,
    path?: ParameterPath,
  ): BatchedTraining | undefined;
  /** Takes up to `count` steps of each and returns how many: fewer where some end. */
  advance(count: number): number;
  /** Brings steps and curves of those that run up to date. */
  collect(): void;
}
