import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { CellResult, SampleSizeResult } from '../../protocol/events';
import { aggregateCells } from './aggregate';

/** Finished cells of a recovery experiment by sample size, and what they amount to so far. */
export class Tally {
  private readonly cells: Map</* sample size */ number, Map</* trial */ number, CellResult>>;
  private readonly changed = new Set</* sample size */ number>();

  constructor(
    private readonly experiment: ResolvedRecoveryExperiment,
    /** Ascending. */
    private readonly sizes: readonly number[],
  ) {
    this.cells = new Map(sizes.map((size) => [size, new Map<number, CellResult>()]));
  }

  add(cell: CellResult): void {
    this.cells.get(cell.sampleSize)?.set(cell.trial, cell);
    this.changed.add(cell.sampleSize);
  }

  /** Aggregates of the sizes that changed since the last call. */
  takeChanged(): SampleSizeResult[] {
    const results = [...this.changed].sort((a, b) => a - b).map((size) => this.aggregate(size));
    this.changed.clear();
    return results;
  }

  all(): SampleSizeResult[] {
    return this.sizes.map((size) => this.aggregate(size));
  }

  private aggregate(size: number): SampleSizeResult {
    // In the order of the trials, so that nothing depends on which worker was faster.
    const cells = [...this.cells.get(size)!.values()].sort((a, b) => a.trial - b.trial);
    return aggregateCells(size, cells, this.experiment);
  }
}
