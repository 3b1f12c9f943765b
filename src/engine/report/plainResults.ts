import type { RankResults, RecoveryResults, Summary } from '../../protocol/events';
import { formatNumber, reliance } from '../terminal/format';
import { escapeHtml, table } from './html';

/** The results as plain tables: what a report says where scripts do not run. */
export function plainResults(summary: Summary): string {
  const { predictions: prediction } = summary;
  const predicted =
    prediction.optimisticSampleSize === null
      ? `No prediction: ${prediction.source}`
      : `Predicted optimistic sample size ${prediction.exact ? '' : 'at most '}${prediction.optimisticSampleSize}: ${prediction.formula} (${prediction.source})`;
  const parts = [`<p>${escapeHtml(predicted)}</p>`];
  parts.push(...('recoveredFrom' in summary.results ? recoveryTables(summary.results) : rankTables(summary.results)));
  if (summary.verdicts.length > 0) {
    parts.push(
      table(
        'Verdicts',
        ['Expectation', 'Result', 'Value', 'Expected', 'Reasons'],
        summary.verdicts.map((verdict) => [
          verdict.id,
          verdict.result,
          formatNumber(verdict.value),
          String(verdict.expected),
          verdict.reasons.join(' '),
        ]),
      ),
    );
  }
  return parts.join('\n');
}

function recoveryTables(results: RecoveryResults): string[] {
  return [
    `<p>Model rank ${formatNumber(results.modelRank)}${results.modelRankMeasurement?.certified?.status === 'certified' ? ', certified' : ''}. Recovered from n = ${formatNumber(results.recoveredFrom)} on; linearly stable from n = ${formatNumber(results.linearlyStableFrom)} on.</p>`,
    table(
      'Test error against sample size',
      [
        'Sample size',
        'Median test error',
        'Median train loss',
        'Recovered trials',
        'State',
        'Empirical rank',
        'Linearly stable',
        'Trials',
        'Diverged',
      ],
      results.sampleSizes.map((result) => [
        String(result.sampleSize),
        formatNumber(result.medianTestError),
        formatNumber(result.medianTrainLoss),
        `${Math.round(result.recoveredFraction * 100)} %`,
        result.state,
        formatNumber(result.empiricalRank),
        yesNo(result.linearlyStable),
        String(result.trials),
        String(result.divergedTrials),
      ]),
    ),
  ];
}

function rankTables(results: RankResults): string[] {
  const row = (name: string, value: Pick<RankResults, 'modelRank' | 'tolerance' | 'gap' | 'conclusive' | 'certified'>) => [
    name,
    formatNumber(value.modelRank),
    formatNumber(value.tolerance),
    formatNumber(value.gap),
    reliance(value),
  ];
  const tables = [
    table(
      'Ranks',
      ['Point', 'Rank', 'Tolerance', 'Gap', 'Conclusive'],
      [row('minimal representation', results), ...results.points.map((point) => row(point.name, point))],
    ),
  ];
  if (results.sampleSizes.length > 0) {
    tables.push(
      table(
        'Empirical ranks',
        ['Sample size', 'Empirical rank', 'Gap', 'Conclusive', 'Linearly stable'],
        results.sampleSizes.map((result) => [
          String(result.sampleSize),
          String(result.empiricalRank),
          formatNumber(result.gap),
          reliance(result),
          yesNo(result.linearlyStable),
        ]),
      ),
    );
  }
  return tables;
}

function yesNo(value: boolean | null): string {
  return value === null ? 'unclear' : value ? 'yes' : 'no';
}
