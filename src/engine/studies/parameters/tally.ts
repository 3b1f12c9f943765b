import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import type { ParameterResult, ParameterResults } from '../../../protocol/results';
import type { CellGrid } from '../../plan';

/** Parameters of the solutions by sample size, as far as trainings have finished. */
export class ParameterTally {
  /** The trials of a size one behind the other, so that sums do not depend on which came first. */
  private readonly found: (readonly number[] | undefined)[];
  private readonly names: string[];

  constructor(
    { model }: Pick<ResolvedRecoveryExperiment, 'model'>,
    private readonly grid: CellGrid,
  ) {
    if (model.kind !== 'formula') throw new Error('only the parameters of a formula have names');
    this.names = [...model.parameters];
    this.found = new Array<readonly number[] | undefined>(grid.count);
  }

  /** Adds the cell at a place of the plan; undefined where it diverged. */
  add(index: number, parameters: readonly number[] | undefined): void {
    this.found[this.grid.sizeIndex(index) * this.grid.trials + this.grid.at(index).trial] = parameters;
  }

  result(): ParameterResults {
    const { sizes, trials } = this.grid;
    const { names } = this;
    const sampleSizes = sizes.map((sampleSize, i) => {
      const found = this.found.slice(i * trials, (i + 1) * trials).filter((each) => each !== undefined);
      return fold(sampleSize, names.length, found);
    });
    return { names, sampleSizes };
  }
}

function fold(sampleSize: number, count: number, found: readonly (readonly number[])[]): ParameterResult {
  const trials = found.length;
  const each = (of: (k: number) => number) => Array.from({ length: count }, (_, k) => of(k));
  const sum = (of: (list: readonly number[]) => number) => found.reduce((total, list) => total + of(list), 0);
  const mean = trials > 0 ? each((k) => sum((list) => list[k]) / trials) : null;
  const standardDeviation =
    mean && trials > 1 ? each((k) => Math.sqrt(sum((list) => (list[k] - mean[k]) * (list[k] - mean[k])) / (trials - 1))) : null;
  return { sampleSize, trials, mean, standardDeviation };
}
