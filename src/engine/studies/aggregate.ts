import { quantileSorted } from 'd3-array';
import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { SampleSizeResult } from '../../protocol/events';
import { CELL, type CellTable } from './cellTable';

type Rules = Pick<ResolvedRecoveryExperiment, 'analysis' | 'training'>;

/** Folds the finished trials of one sample size: the rows of the table from `from` to before `to`. Their order does not matter. */
export function aggregateCells(sampleSize: number, cells: CellTable, from: number, to: number, rules: Rules): SampleSizeResult {
  // Where the stop loss is 0 nothing can reach it; what fits the data far better than the tolerance counts as fitted.
  const { stop } = rules.training;
  const fitted = stop.trainLoss > 0 ? stop.trainLoss : rules.analysis.recoveryTolerance * 1e-3;
  let trials = 0;
  let recovered = 0;
  let diverged = 0;
  let stable = 0;
  let unstable = 0;
  let reached = 0;
  for (let row = from; row < to; row++) {
    const bits = cells.bits[row];
    if (bits === 0) continue;
    trials++;
    if (bits & CELL.recovered) recovered++;
    if (bits & CELL.diverged) diverged++;
    if (bits & CELL.stable) stable++;
    if (bits & CELL.unstable) unstable++;
    const loss = cells.trainLoss[row];
    if (loss <= fitted || (bits & CELL.reachedStopLoss && !Number.isNaN(loss))) reached++;
  }
  const finished = (row: number) => cells.bits[row] !== 0;
  const errors = sorted(cells.testError.subarray(from, to), (value, i) => finished(from + i) && !Number.isNaN(value));
  const losses = sorted(cells.trainLoss.subarray(from, to), (value, i) => finished(from + i) && !Number.isNaN(value));
  const ranks = sorted(cells.rank.subarray(from, to), (value, i) => finished(from + i) && value >= 0);
  const medianTestError = median(errors, trials);
  // d3 asks for an array and reads nothing but its length and entries.
  const quantile = (p: number) => quantileSorted(errors as unknown as number[], p)!;
  return {
    sampleSize,
    trials,
    medianTestError,
    medianTrainLoss: median(losses, trials),
    recoveredFraction: trials === 0 ? 0 : recovered / trials,
    // A rank is a whole number, so the median of an even number of them is the lower middle one.
    empiricalRank: ranks.length === 0 ? null : ranks[Math.floor((ranks.length - 1) / 2)],
    linearlyStable: stable * 2 > trials ? true : unstable * 2 > trials ? false : null,
    state: stateOf(medianTestError, reached * 2 < trials, rules),
    divergedTrials: diverged,
    testErrorQuantiles: errors.length === 0 ? null : [quantile(0.1), quantile(0.9)],
    testErrorQuartiles: errors.length === 0 ? null : [quantile(0.25), quantile(0.75)],
  };
}

function sorted<T extends Float64Array | Int32Array>(values: T, keep: (value: number, index: number) => boolean): T {
  return values.filter(keep).sort() as T;
}

/** Of sorted values among `count`: those that are missing diverged and count as worse than any number; null when no finite median is left. */
function median(finite: Float64Array, count: number): number | null {
  const middle = (count - 1) / 2;
  if (Math.ceil(middle) >= finite.length) return null;
  return (finite[Math.floor(middle)] + finite[Math.ceil(middle)]) / 2;
}

function stateOf(medianTestError: number | null, mostCutShort: boolean, { analysis }: Rules): SampleSizeResult['state'] {
  if (medianTestError === null) return 'undecided';
  if (medianTestError < analysis.recoveryTolerance) return 'recovered';
  return mostCutShort ? 'undecided' : 'notRecovered';
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
