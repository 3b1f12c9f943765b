import type { ResolvedRankExperiment } from '../../../experiment/resolved';
import type { RankExpectationsConfig } from '../../../experiment/schema';
import type { LocalRecoveryResult, Prediction, RankResults, RankTableRow, Verdict } from '../../../protocol/events';
import { judgeFlag, judgeList, judgeNumber, judgeText } from '../verdicts/expected';
import { judgeLinearlyStableFrom } from '../verdicts/linearlyStableFrom';
import { judgeModelRank } from '../verdicts/modelRank';

/** One verdict for every expectation of a rank experiment. */
export function judgeRank(experiment: ResolvedRankExperiment, results: RankResults, prediction: Prediction): Verdict[] {
  const { expect } = experiment;
  const { modelRank: rank, tolerance, gap, conclusive, certified } = results;
  const measurement =
    rank === null || tolerance === null || gap === null ? null : { rank, tolerance, gap, conclusive, certified };
  const verdicts: Verdict[] = [];
  if (expect.modelRank !== undefined) verdicts.push(judgeModelRank(expect.modelRank, measurement, prediction));
  if (expect.linearlyStableFrom !== undefined)
    verdicts.push(judgeLinearlyStableFrom(expect.linearlyStableFrom, results.sampleSizes, rank));
  if (expect.table) {
    const asked = expect.table.some((row, i) => row.measured !== undefined && results.table[i]?.conclusive === false);
    verdicts.push(judgeList('table', expect.table, { value: results.table, ...(asked ? { doubt: UNCLEAR } : {}) }));
  }
  if (expect.points) {
    const unclear = results.points.some((point) => !point.conclusive);
    verdicts.push(judgeList('points', expect.points, { value: results.points, ...(unclear ? { doubt: UNCLEAR } : {}) }));
  }
  if (expect.localRecovery) {
    const found = results.localRecovery ?? [];
    const unclear = found.some((each) => !each.conclusive);
    const rows = expect.localRecovery.map((row) => ({ ...row }));
    for (const row of rows) delete row.perturbation;
    // Fits from near the points have verdicts of their own.
    if (rows.some((row) => Object.keys(row).length > 0) || rows.length !== found.length)
      verdicts.push(judgeList('localRecovery', rows, { value: found, ...(unclear ? { doubt: UNCLEAR } : {}) }));
    verdicts.push(...judgePerturbations(expect.localRecovery, found));
  }
  if (expect.asPredicted !== undefined) verdicts.push(judgeAsPredicted(expect.asPredicted, results.table));
  return verdicts;
}

const UNCLEAR = 'Not every measured rank has a clear gap.';

/** Whether measured ranks are those of the formulas; a single one that is clearly not decides. */
function judgeAsPredicted(expected: boolean, table: readonly RankTableRow[]): Verdict {
  const measured = table.filter((row) => row.measured !== null && row.modelRank !== null);
  const clear = measured.filter((row) => row.conclusive);
  const wrong = clear.filter(({ measured: found, modelRank, exact }) =>
    exact ? found !== modelRank : (found ?? 0) > (modelRank ?? 0),
  );
  const unclear = measured.length - clear.length;
  const reasons = [
    `${clear.length} of ${table.length} rows have a clear measured rank and a formula; ${clear.length - wrong.length} agree.`,
    ...wrong
      .slice(0, 3)
      .map(
        (row) =>
          `${row.model}, target ${row.target}: measured ${row.measured}, ${row.exact ? 'formula' : 'bound'} ${row.modelRank}.`,
      ),
  ];
  if (clear.length === 0)
    return judgeFlag('asPredicted', expected, { value: null, doubt: 'No rank was measured clearly.', reasons });
  const doubt = wrong.length === 0 && unclear > 0 ? `${unclear} measured ranks have no clear gap.` : undefined;
  return judgeFlag('asPredicted', expected, { value: wrong.length === 0, doubt, reasons });
}

function judgePerturbations(
  expected: NonNullable<RankExpectationsConfig['localRecovery']>,
  results: readonly LocalRecoveryResult[],
): Verdict[] {
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
