import type { RecoveryResults, Summary } from '../../protocol/events';
import { formatNumber } from '../terminal/format';
import { escapeHtml } from '../../protocol/markup';
import type { ResultTable } from '../../protocol/table';
import { formatValue } from '../terminal/table';
import { table } from './html';

/** The results as plain tables: what a report says where scripts do not run. */
export function plainResults(summary: Summary, tables: readonly ResultTable[]): string {
  const { predictions: prediction } = summary;
  const { optimisticSampleSize: size, formula, source } = prediction;
  const bound = prediction.exact
    ? `Predicted optimistic sample size ${size}: ${formula} (${source})`
    : `Predicted optimistic sample size at most ${size}: ${formula} (${source})`;
  const predicted =
    prediction.headline !== undefined
      ? `Predicted: ${prediction.headline}. ${formula} (${source})`
      : size === null
        ? `No prediction: ${source}`
        : bound;
  const parts = [`<p>${escapeHtml(predicted)}</p>`];
  // What varies something is told by its tables.
  if (summary.experiment === 'recovery' && !summary.results.variants) parts.push(...recoveryTables(summary.results));
  parts.push(...tables.map(resultTable));
  if (summary.verdicts.length > 0) {
    parts.push(
      table(
        'Verdicts',
        ['Expectation', 'Result', 'Value', 'Expected', 'Reasons'],
        summary.verdicts.map((verdict) => [
          verdict.id,
          verdict.result,
          typeof verdict.value === 'number' ? formatNumber(verdict.value) : String(verdict.value ?? '–'),
          String(verdict.expected),
          verdict.reasons.join('\n'),
        ]),
      ),
    );
  }
  return parts.join('\n');
}

const STATES = { recovered: 'recovered', notRecovered: 'not recovered', undecided: 'undecided' };

function recoveryTables(results: RecoveryResults): string[] {
  const { modelRank, modelRankMeasurement, recoveredFrom, linearlyStableFrom } = results;
  const rank = formatNumber(modelRank);
  const isCertified = modelRankMeasurement?.certified?.status === 'certified';
  return [
    `<p>${isCertified ? `Model rank ${rank}, certified.` : `Model rank ${rank}.`}</p>`,
    `<p>${escapeHtml(`Recovered from n = ${formatNumber(recoveredFrom)} on; linearly stable from n = ${formatNumber(linearlyStableFrom)} on.`)}</p>`,
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
        STATES[result.state],
        formatNumber(result.empiricalRank),
        yesNo(result.linearlyStable),
        String(result.trials),
        String(result.divergedTrials),
      ]),
    ),
  ];
}

function resultTable({ title, columns, rows, note }: ResultTable): string {
  const html = table(
    title,
    columns.map((column) => column.title),
    rows.map((row) => columns.map((column, i) => formatValue(row[i] ?? null, column))),
  );
  return note === undefined ? html : `${html}\n<p>${escapeHtml(note)}</p>`;
}

function yesNo(value: boolean | null): string {
  return value === null ? 'unclear' : value ? 'yes' : 'no';
}
