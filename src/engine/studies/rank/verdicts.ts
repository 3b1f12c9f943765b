import type { ResolvedRankExperiment } from '../../../experiment/resolved';
import type { Prediction, RankResults, RankTableRow, Verdict } from '../../../protocol/events';
import { judgeFlag, judgeList } from '../verdicts/expected';
import { judgeLinearlyStableFrom } from '../verdicts/linearlyStableFrom';
import { judgeLocalRecovery, UNCLEAR } from '../verdicts/localRecovery';
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
  verdicts.push(...judgeLocalRecovery(expect.localRecovery, results.localRecovery));
  if (expect.asPredicted !== undefined) verdicts.push(judgeAsPredicted(expect.asPredicted, results.table));
  return verdicts;
}

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
