import type { CellResult } from '../../protocol/events';

/** What the aggregate of a sample size rests on. */
export type CellOutcome = Pick<CellResult, 'trainLoss' | 'testError' | 'stopReason' | 'recovered' | 'linearlyStable'>;

/** Bits of a row. */
export const CELL = { finished: 1, recovered: 2, diverged: 4, reachedStopLoss: 8, stable: 16, unstable: 32 } as const;

/** Outcomes of cells as columns of numbers: 21 bytes for a cell. */
export class CellTable {
  /** NaN where there is none. */
  readonly testError: Float64Array;
  /** NaN where there is none. */
  readonly trainLoss: Float64Array;
  /** Of the empirical rank; -1 where there is none. */
  readonly rank: Int32Array;
  /** Bits of `CELL`; 0 for a cell that has not finished. */
  readonly bits: Uint8Array;

  constructor(rows: number) {
    this.testError = new Float64Array(rows);
    this.trainLoss = new Float64Array(rows);
    this.rank = new Int32Array(rows);
    this.bits = new Uint8Array(rows);
  }

  set(row: number, cell: CellOutcome, empiricalRank: number | undefined): void {
    const { testError, trainLoss, recovered, stopReason, linearlyStable } = cell;
    this.testError[row] = testError ?? NaN;
    this.trainLoss[row] = trainLoss ?? NaN;
    this.rank[row] = empiricalRank ?? -1;
    this.bits[row] =
      CELL.finished |
      (recovered ? CELL.recovered : 0) |
      (stopReason === 'diverged' ? CELL.diverged : 0) |
      (stopReason === 'trainLoss' ? CELL.reachedStopLoss : 0) |
      (linearlyStable === true ? CELL.stable : 0) |
      (linearlyStable === false ? CELL.unstable : 0);
  }
}
