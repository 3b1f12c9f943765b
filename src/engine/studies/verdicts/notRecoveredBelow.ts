import type { SampleSizeResult, Verdict } from '../../../protocol/events';
import { number, sizes } from './words';
import { undecidedWords } from './recoveredFrom';

/** Met when no sample size of the grid below `expected` is recovered. The value is the smallest one that is. */
export function judgeNotRecoveredBelow(expected: number, results: readonly SampleSizeResult[], tolerance: number): Verdict {
  const recovered = results.filter((result) => result.state === 'recovered');
  const verdict = (result: Verdict['result'], ...reasons: string[]): Verdict => ({
    id: 'notRecoveredBelow',
    result,
    value: recovered[0]?.sampleSize ?? null,
    expected,
    reasons,
    at: ['expect', 'notRecoveredBelow'],
  });
  const below = results.filter((result) => result.sampleSize < expected);
  if (below.length === 0) return verdict('inconclusive', `The grid has no sample size below ${expected}.`);
  const tooEarly = recovered.filter((result) => result.sampleSize < expected);
  if (tooEarly.length > 0) {
    const first = tooEarly[0];
    return verdict(
      'failed',
      `At ${sizes(tooEarly.map((result) => result.sampleSize))} the target is recovered: the median test error at n = ${first.sampleSize} is ${number(first.medianTestError!)}, below ${number(tolerance)}.`,
    );
  }
  const undecided = below.filter((result) => result.state === 'undecided');
  if (undecided.length > 0)
    return verdict('inconclusive', ...undecided.slice(0, 3).map((result) => undecidedWords(result, tolerance)));
  const smallest = below.reduce((a, b) => (b.medianTestError! < a.medianTestError! ? b : a));
  return verdict(
    'met',
    `At every sample size of the grid below ${expected} the median test error is at least ${number(tolerance)}; the smallest is ${number(smallest.medianTestError!)} at n = ${smallest.sampleSize}.`,
  );
}
