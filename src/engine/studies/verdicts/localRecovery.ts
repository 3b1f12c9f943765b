import type { RankExpectationsConfig } from '../../../experiment/schema';
import type { LocalRecoveryResult, Verdict } from '../../../protocol/events';
import { judgeList, judgeNumber, judgeText } from './expected';

type Expected = NonNullable<RankExpectationsConfig['localRecovery']>;

/** Why a list of ranks is left open. */
export const UNCLEAR = 'Not every measured rank has a clear gap.';

/** n*(X) at the points, and fits from near them, of the two kinds of experiments that have these. */
export function judgeLocalRecovery(expected: Expected | undefined, found: readonly LocalRecoveryResult[] = []): Verdict[] {
  if (!expected) return [];
  const unclear = found.some((each) => !each.conclusive);
  const rows = expected.map((row) => ({ ...row }));
  for (const row of rows) delete row.perturbation;
  // Fits from near the points have verdicts of their own.
  const asksRanks = rows.some((row) => Object.keys(row).length > 0) || rows.length !== found.length;
  return [
    ...(asksRanks ? [judgeList('localRecovery', rows, { value: [...found], ...(unclear ? { doubt: UNCLEAR } : {}) })] : []),
    ...judgePerturbations(expected, found),
  ];
}

function judgePerturbations(expected: Expected, results: readonly LocalRecoveryResult[]): Verdict[] {
  return expected.flatMap(({ perturbation = [] }, i) =>
    perturbation.flatMap(({ sampleSize, state, order, error }, j) => {
      const path = ['localRecovery', i, 'perturbation', j];
      const test = results[i]?.perturbation?.find((each) => each.sampleSize === sampleSize);
      const missing = test ? undefined : `No fits were made there at n = ${sampleSize}.`;
      const reasons = test
        ? [`${results[i].name}, n = ${sampleSize}: ${test.trials} trials, ${test.guaranteed} with the guarantee.`]
        : [];
      const open = test?.state === 'inconclusive' ? 'The errors follow no order of ε, or too few fits came to an end.' : missing;
      const verdicts: Verdict[] = [];
      if (state !== undefined)
        verdicts.push(judgeText([...path, 'state'], state, { value: test?.state ?? null, doubt: open, reasons }));
      if (order !== undefined) {
        const value = test?.order ?? null;
        verdicts.push(
          judgeNumber([...path, 'order'], order, {
            value,
            doubt: missing ?? (value === null ? 'The errors are rounding.' : undefined),
            reasons,
          }),
        );
      }
      if (error !== undefined)
        verdicts.push(
          judgeNumber([...path, 'error'], error, { value: test?.epsilons[0]?.median ?? null, doubt: missing, reasons }),
        );
      return verdicts;
    }),
  );
}
