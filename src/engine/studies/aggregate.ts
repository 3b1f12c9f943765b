import { mean, quantileSorted } from 'd3-array';
import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { CellResult, SampleSizeResult } from '../../protocol/events';

type Rules = Pick<ResolvedRecoveryExperiment, 'analysis' | 'training'>;

/** Folds the finished trials of one sample size. The order of the cells does not matter. */
export function aggregateCells(sampleSize: number, cells: readonly CellResult[], rules: Rules): SampleSizeResult {
  const errors = cells.flatMap((cell) => (cell.testError === null ? [] : [cell.testError])).sort((a, b) => a - b);
  const medianTestError = medianOf(cells.map((cell) => cell.testError));
  const stability = cells.map((cell) => cell.linearlyStable);
  return {
    sampleSize,
    trials: cells.length,
    medianTestError,
    medianTrainLoss: medianOf(cells.map((cell) => cell.trainLoss)),
    recoveredFraction: cells.length === 0 ? 0 : cells.filter((cell) => cell.recovered).length / cells.length,
    empiricalRank: lowerMedian(cells.flatMap((cell) => (cell.empiricalRank ? [cell.empiricalRank.rank] : []))),
    linearlyStable: most(stability, true) ? true : most(stability, false) ? false : null,
    state: stateOf(medianTestError, cells, rules),
    divergedTrials: cells.filter((cell) => cell.stopReason === 'diverged').length,
    testErrorQuantiles: errors.length === 0 ? null : [quantileSorted(errors, 0.1)!, quantileSorted(errors, 0.9)!],
  };
}

/** A training that diverged counts as worse than any number; null when that leaves no finite median. */
function medianOf(values: readonly (number | null)[]): number | null {
  const finite = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = (values.length - 1) / 2;
  // The values that diverged stand behind all others.
  if (Math.ceil(middle) >= finite.length) return null;
  return mean([finite[Math.floor(middle)], finite[Math.ceil(middle)]]) ?? null;
}

/** A rank is a whole number, so the median of an even number of them is the lower middle one. */
function lowerMedian(values: number[]): number | null {
  if (values.length === 0) return null;
  return values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

function most(values: readonly unknown[], wanted: boolean): boolean {
  return values.filter((value) => value === wanted).length * 2 > values.length;
}

function stateOf(
  medianTestError: number | null,
  cells: readonly CellResult[],
  { analysis, training }: Rules,
): SampleSizeResult['state'] {
  if (medianTestError === null) return 'undecided';
  if (medianTestError < analysis.recoveryTolerance) return 'recovered';
  // Where the stop loss is 0 nothing can reach it; what fits the data far better than the tolerance counts as fitted.
  const fitted = training.stop.trainLoss > 0 ? training.stop.trainLoss : analysis.recoveryTolerance * 1e-3;
  const reached = cells.filter(
    (cell) => cell.trainLoss !== null && (cell.stopReason === 'trainLoss' || cell.trainLoss <= fitted),
  );
  return reached.length * 2 < cells.length ? 'undecided' : 'notRecovered';
}

/** The smallest size from which on `holds` is true for every size, given results in ascending order; null when there is none. */
export function holdsFrom<T extends { sampleSize: number }>(results: readonly T[], holds: (result: T) => boolean): number | null {
  let from: number | null = null;
  for (let i = results.length - 1; i >= 0; i--) {
    const result = results[i];
    if (!holds(result)) break;
    from = result.sampleSize;
  }
  return from;
}
