import type { ExpectedNumber } from '../../../experiment/schema/expectation';
import type { SearchResult, Verdict } from '../../../protocol/events';
import { judgeNumber } from './expected';

/** Whether a search found the threshold that the file expects; nothing where the file expects none. */
export function judgeThreshold(expected: ExpectedNumber | undefined, search: SearchResult | undefined): Verdict[] {
  if (expected === undefined) return [];
  const measured = search
    ? {
        value: search.threshold,
        ...(search.decided ? {} : { doubt: 'At some sample size the trials did not suffice to decide: give more trials.' }),
        reasons: [
          `${search.trainings} trainings instead of ${search.gridTrainings}, at ${100 * search.confidence} % confidence.`,
        ],
      }
    : { value: null, reasons: ['Nothing was searched: "data" has no "search".'] };
  return [judgeNumber('threshold', expected, measured)];
}
