import type { RunRecord } from '../../protocol/record';
import type { ResultTable, TableValue } from '../../protocol/table';
import { sortedSizes } from '../charts/testError';
import { publishedTable } from '../published';
import * as strings from '../strings';

/** What came out of a run, as tables: verdicts, results by sample size, and those that the study tells. */
export function runTables(record: RunRecord): ResultTable[] {
  return [verdictTable(record), sizeTable(record), ...publishedTable(record), ...record.tables].filter(
    ({ rows }) => rows.length > 0,
  );
}

function verdictTable({ verdicts }: RunRecord): ResultTable {
  const [name, result, expected, found] = strings.verdicts.columns;
  return {
    id: 'verdicts',
    title: strings.verdicts.title,
    columns: [name, result, expected, found].map((title) => ({ title, kind: 'text' })),
    rows: verdicts.map(({ id, result: outcome, expected: wanted, value }): TableValue[] => [
      strings.verdicts.names[id.replace(/\[.*$/, '')] ?? id,
      strings.verdicts.results[outcome],
      wanted,
      value,
    ]),
  };
}

function sizeTable(record: RunRecord): ResultTable {
  const { columns, states } = strings.results;
  const kinds = ['integer', 'integer', 'number', 'number', 'integer', 'flag', 'text'] as const;
  return {
    id: 'results',
    title: strings.results.title,
    columns: kinds.map((kind, i) => ({ title: columns[i] ?? '', kind })),
    rows: sortedSizes(record).map((row): TableValue[] => [
      row.sampleSize,
      row.trials,
      row.medianTestError,
      row.recoveredFraction,
      row.empiricalRank,
      row.linearlyStable,
      states[row.state],
    ]),
  };
}
