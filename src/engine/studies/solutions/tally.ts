import { quantileSorted } from 'd3-array';
import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import type { SolutionResult, SolutionResults, SolutionSpectra } from '../../../protocol/results';
import { singularValues } from '../../linalg/svd';
import type { CellGrid } from '../../plan';
import { targetMatrix } from '../../targets/targetMatrix';

/** Singular values of the solutions by sample size, as far as trainings have finished. */
export class SolutionTally {
  /** The trials of a size one behind the other, so that sums do not depend on which came first. */
  private readonly spectra: (SolutionSpectra | undefined)[];
  private readonly target: number[];

  constructor(
    { model, target }: Pick<ResolvedRecoveryExperiment, 'model' | 'target'>,
    private readonly grid: CellGrid,
  ) {
    if (model.kind !== 'matrixFactorization' || (target.kind !== 'matrix' && target.kind !== 'lowRank'))
      throw new Error('only a matrix factorization has a matrix as its solution');
    this.target = [...singularValues(targetMatrix(model, target), 'target')];
    this.spectra = new Array<SolutionSpectra | undefined>(grid.count);
  }

  /** Adds the cell at a place of the plan; undefined where it diverged. */
  add(index: number, spectra: SolutionSpectra | undefined): void {
    this.spectra[this.grid.sizeIndex(index) * this.grid.trials + this.grid.round(index)] = spectra;
  }

  result(): SolutionResults {
    const { sizes, trials } = this.grid;
    const sampleSizes = sizes.map((sampleSize, i) => {
      const found = this.spectra.slice(i * trials, (i + 1) * trials).filter((each) => each !== undefined);
      return fold(sampleSize, found);
    });
    return { target: this.target, sampleSizes };
  }
}

function fold(sampleSize: number, found: readonly SolutionSpectra[]): SolutionResult {
  if (found.length === 0) return { sampleSize, trials: 0, mean: null, quantiles: null };
  const mean = (lists: readonly (readonly number[])[]) =>
    lists[0].map((_, k) => lists.reduce((sum, list) => sum + list[k], 0) / lists.length);
  const matrices = found.map(({ matrix }) => matrix);
  const all = (name: 'tangent' | 'sampleTangent') => found.flatMap((each) => (each[name] ? [each[name]] : []));
  const tangents = all('tangent');
  const quantiles = (p: number) =>
    matrices[0].map((_, k) => quantileSorted(Float64Array.from(matrices, (list) => list[k]).sort() as unknown as number[], p)!);
  return {
    sampleSize,
    trials: found.length,
    mean: {
      matrix: mean(matrices),
      ...(tangents.length === 0 ? {} : { tangent: mean(tangents), sampleTangent: mean(all('sampleTangent')) }),
    },
    quantiles: [quantiles(0.1), quantiles(0.9)],
  };
}
