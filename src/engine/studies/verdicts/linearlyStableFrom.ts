import type { Verdict } from '../../../protocol/events';
import { holdsFrom } from '../aggregate';
import { sizes } from './words';

interface Stability {
  sampleSize: number;
  empiricalRank: number | null;
  linearlyStable: boolean | null;
}

/** Met when `expected` is exactly the smallest sample size of the grid from which on the target is linearly stable. */
export function judgeLinearlyStableFrom(expected: number, results: readonly Stability[], modelRank: number | null): Verdict {
  const value = holdsFrom(results, (result) => result.linearlyStable === true);
  const verdict = (result: Verdict['result'], ...reasons: string[]): Verdict => ({
    id: 'linearlyStableFrom',
    result,
    value,
    expected,
    reasons,
    at: ['expect', 'linearlyStableFrom'],
  });
  const from = results.filter((result) => result.sampleSize >= expected);
  const below = results.filter((result) => result.sampleSize < expected);
  const closest = below[below.length - 1];
  if (modelRank === null || results.length === 0) {
    return verdict('inconclusive', 'No ranks were measured over the samples, so linear stability cannot be told.');
  }
  if (from.length === 0) return verdict('inconclusive', `The grid has no sample size from ${expected} on.`);
  const unstable = from.find((result) => result.linearlyStable === false);
  if (unstable) {
    return verdict(
      'failed',
      `At n = ${unstable.sampleSize} the empirical rank is ${unstable.empiricalRank}, not the model rank ${modelRank}: the target is not linearly stable there.`,
    );
  }
  const unclear = from.filter((result) => result.linearlyStable === null);
  if (unclear.length > 0)
    return verdict(
      'inconclusive',
      `At ${sizes(unclear.map((result) => result.sampleSize))} the ranks are not clear enough to decide.`,
    );
  if (value !== null && value < expected) {
    return verdict(
      'failed',
      `The target is linearly stable already from n = ${value} on: the empirical rank equals the model rank ${modelRank} there.`,
    );
  }
  if (closest && closest.linearlyStable === null)
    return verdict('inconclusive', `At n = ${closest.sampleSize}, just below, the ranks are not clear enough to decide.`);
  const reasons = [`At every sample size of the grid from ${expected} on the empirical rank equals the model rank ${modelRank}.`];
  if (closest) reasons.push(`At n = ${closest.sampleSize} it is only ${closest.empiricalRank}.`);
  if (from[0].sampleSize !== expected)
    reasons.push(`The grid has no sample of size ${expected}; the next one is ${from[0].sampleSize}.`);
  return verdict('met', ...reasons);
}
