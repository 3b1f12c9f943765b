import type { JsonPath } from '../../../experiment/problem';
import type { RecoveryExpectationsConfig } from '../../../experiment/schema';
import { counted } from '../../../experiment/words';
import type { SampleSizeResult, Verdict } from '../../../protocol/events';
import { number } from './words';

type Expectations = NonNullable<RecoveryExpectationsConfig['medianTestError']>;
type Expectation = Exclude<Expectations, readonly unknown[]>;

/** One verdict for each bound on the median test error; a single bound may stand without a list. */
export function judgeMedianTestErrors(expectations: Expectations, results: readonly SampleSizeResult[]): Verdict[] {
  if (!Array.isArray(expectations)) return [judge(expectations, results, 'medianTestError', ['expect', 'medianTestError'])];
  return expectations.map((expectation, i) =>
    judge(expectation, results, `medianTestError[${i}]`, ['expect', 'medianTestError', i]),
  );
}

function judge(
  { sampleSize, below, above }: Expectation,
  results: readonly SampleSizeResult[],
  id: string,
  at: JsonPath,
): Verdict {
  const bounds = [
    ...(above === undefined ? [] : [`above ${number(above)}`]),
    ...(below === undefined ? [] : [`below ${number(below)}`]),
  ].join(' and ');
  const result = results.find((candidate) => candidate.sampleSize === sampleSize);
  const value = result?.medianTestError ?? null;
  const verdict = (outcome: Verdict['result'], ...reasons: string[]): Verdict => ({
    id,
    result: outcome,
    value,
    expected: `${bounds} at n = ${sampleSize}`,
    reasons,
    at,
  });
  if (!result) return verdict('inconclusive', `The grid has no sample of size ${sampleSize}.`);
  const { trials, divergedTrials, state } = result;
  if (value === null)
    return verdict(
      'inconclusive',
      `There is no median test error at n = ${sampleSize}: ${divergedTrials} of ${counted(trials, 'training')} diverged.`,
    );

  const reasons = [
    `The median test error at n = ${sampleSize} is ${number(value)} over ${counted(trials, 'training')}; expected was ${bounds}.`,
  ];
  if (divergedTrials > 0) reasons.push(`Of these ${divergedTrials} diverged, which counts as worse than any number.`);
  const low = above === undefined || value > above;
  const high = below === undefined || value < below;
  // Trainings that were cut short have an error that may still fall: that speaks neither for a lower bound nor against an upper one.
  if (state === 'undecided' && (!high || (above !== undefined && low))) {
    reasons.push('Most trainings ended before the stop loss was reached, so the median may still fall with more steps.');
    return verdict('inconclusive', ...reasons);
  }
  return verdict(low && high ? 'met' : 'failed', ...reasons);
}
