import type { RunRecord } from '../../protocol/record';
import { formatDuration, formatTime } from '../format';
import * as strings from '../strings';
import { formatTableValue } from '../ui/tableValue';
import { originOf, originSentence } from './origin';
import { runTables } from './runTables';

/** A whole run in Markdown with the tables that GitHub reads. */
export function runMarkdown(record: RunRecord): string {
  const { accepted, finished, failed, crash, fileName, startedAt } = record;
  const title = accepted?.config.title || fileName;
  const lines = [`# ${text(title)}`, ''];
  const paragraph = (words: string | null | undefined) => words && lines.push(text(words), '');
  paragraph(accepted?.config.description);
  paragraph(
    finished ? `${strings.states[record.state]}. ${strings.status.finished(finished.elapsedMs)}` : strings.states[record.state],
  );
  paragraph(failed?.message ?? crash);
  if (accepted) {
    const { config, predictions } = accepted;
    const { detail } = strings.header;
    const facts: [string, string][] = [
      ...('model' in config ? [[strings.header.model, strings.modelSentence(config.model)] as [string, string]] : []),
      ...('target' in config ? [[strings.header.target, strings.targetSentence(config.target)] as [string, string]] : []),
      [
        strings.header.prediction,
        [predictions.headline ?? predictions.optimisticSampleSize, predictions.formula].filter(Boolean).join('; '),
      ],
      [strings.header.source, predictions.source],
      ...strings.settings(config),
      [detail.started, formatTime(startedAt)],
      ...(finished ? [[detail.elapsed, formatDuration(finished.elapsedMs)] as [string, string]] : []),
    ];
    for (const [label, value] of facts) if (value !== '') lines.push(`- **${text(label)}:** ${text(value)}`);
    lines.push('');
  }
  for (const { title: heading, columns, rows, note } of runTables(record)) {
    lines.push(`## ${text(heading)}`, '');
    lines.push(row(columns.map((column) => text(column.title))));
    lines.push(row(columns.map(({ kind }) => (kind === 'number' || kind === 'integer' ? '---:' : '---'))));
    for (const values of rows) lines.push(row(columns.map(({ kind }, i) => text(formatTableValue(values[i] ?? null, kind)))));
    lines.push('');
    paragraph(note);
  }
  const reasons = record.verdicts.flatMap((verdict) => verdict.reasons);
  if (reasons.length > 0) lines.push(...reasons.map((reason) => `- ${text(reason)}`), '');
  lines.push(text(originSentence(originOf(record))), '');
  return lines.join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text on one line in which nothing is markup. */
function text(words: string): string {
  return words.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~$]/g, '\\$&');
}
