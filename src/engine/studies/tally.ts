import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { SampleSizeResult } from '../../protocol/events';
import type { CellGrid } from '../plan';
import { aggregateCells } from './aggregate';
import { CellTable, type CellOutcome } from './cellTable';

/** Finished cells of a recovery experiment by sample size, and what they amount to so far. */
export class Tally {
  /** The trials of a size one behind the other, so that nothing depends on which worker was faster. */
  private readonly cells: CellTable;
  private readonly changed = new Set</* index of the size */ number>();

  constructor(
    private readonly experiment: ResolvedRecoveryExperiment,
    private readonly grid: CellGrid,
  ) {
    this.cells = new CellTable(grid.count);
  }

  /** Adds the cell at a place of the plan. */
  add(index: number, cell: CellOutcome, empiricalRank: number | undefined): void {
    const size = this.grid.sizeIndex(index);
    this.cells.set(size * this.grid.trials + this.grid.round(index), cell, empiricalRank);
    this.changed.add(size);
  }

  /** Aggregates of the sizes that changed since the last call. */
  takeChanged(): SampleSizeResult[] {
    const results = [...this.changed].sort((a, b) => a - b).map((size) => this.aggregate(size));
    this.changed.clear();
    return results;
  }

  all(): SampleSizeResult[] {
    return this.grid.sizes.map((_, size) => this.aggregate(size));
  }

  private aggregate(size: number): SampleSizeResult {
    const { sizes, trials } = this.grid;
    return aggregateCells(sizes[size], this.cells, size * trials, (size + 1) * trials, this.experiment);
  }
}
