import { counted } from '../../../experiment/words';
import type { RecoveryResults, SampleSizeResult, Verdict } from '../../../protocol/events';
import { number, sizes } from './words';

/** Met when every sample size of the grid from `expected` on is recovered. */
export function judgeRecoveredFrom(
  expected: number,
  { sampleSizes, recoveredFrom }: RecoveryResults,
  tolerance: number,
): Verdict {
  const verdict = (result: Verdict['result'], ...reasons: string[]): Verdict => ({
    id: 'recoveredFrom',
    result,
    value: recoveredFrom,
    expected,
    reasons,
    at: ['expect', 'recoveredFrom'],
  });
  const from = sampleSizes.filter((result) => result.sampleSize >= expected);
  if (from.length === 0) return verdict('inconclusive', `The grid has no sample size from ${expected} on.`);
  const missed = from.filter((result) => result.state === 'notRecovered');
  if (missed.length > 0) {
    const worst = missed.reduce((a, b) => (b.medianTestError! > a.medianTestError! ? b : a));
    return verdict(
      'failed',
      `At ${sizes(missed.map((result) => result.sampleSize))} the median test error is not below ${number(tolerance)}; at n = ${worst.sampleSize} it is ${number(worst.medianTestError!)}.`,
      recoveredFrom === null
        ? 'There is no sample size of the grid from which on every one is recovered.'
        : `Every sample size of the grid is recovered from n = ${recoveredFrom} on.`,
    );
  }
  const undecided = from.filter((result) => result.state === 'undecided');
  if (undecided.length > 0)
    return verdict('inconclusive', ...undecided.slice(0, 3).map((result) => undecidedWords(result, tolerance)));
  const largest = from.reduce((a, b) => (b.medianTestError! > a.medianTestError! ? b : a));
  return verdict(
    'met',
    `At every sample size of the grid from ${expected} on the median test error is below ${number(tolerance)}; the largest is ${number(largest.medianTestError!)} at n = ${largest.sampleSize}.`,
  );
}

/** Why a sample size is neither recovered nor clearly not. */
export function undecidedWords(result: SampleSizeResult, tolerance: number): string {
  const { sampleSize, trials, divergedTrials, medianTestError } = result;
  if (medianTestError === null)
    return `At n = ${sampleSize} ${divergedTrials} of ${counted(trials, 'training')} diverged, so there is no median test error.`;
  const diverged = divergedTrials > 0 ? ` (${divergedTrials} of them diverged)` : '';
  return `At n = ${sampleSize} the median test error ${number(medianTestError)} is not below ${number(tolerance)}, but most of ${counted(trials, 'training')}${diverged} ended before the stop loss was reached: more steps may change it.`;
}
