import type { ComparedRun } from '../protocol/compare';
import { publishedRows, type PublishedRow } from '../protocol/published';
import type { RunRecord } from '../protocol/record';
import type { ResultTable } from '../protocol/table';
import * as strings from './strings';

/** Published numbers beside what a run measured; none where its file has none. */
export function publishedTable(record: RunRecord): ResultTable[] {
  const rows = publishedRows(record);
  if (rows.length === 0) return [];
  const words = strings.published;
  return [
    {
      id: 'published',
      title: words.title,
      columns: [...headColumns(rows), { title: words.measured, kind: 'number' }],
      rows: rows.map((row) => [...headCells(row, rows), row.measured]),
      note: noteOf(rows),
    },
  ];
}

/** The same for several runs, a column for what each measured. */
export function comparedPublishedTable(runs: readonly ComparedRun[], names: readonly string[]): ResultTable[] {
  const all = runs.flatMap(({ published }) => published);
  const rows = [...new Map(all.map((row) => [keyOf(row), row])).values()];
  if (rows.length === 0) return [];
  return [
    {
      id: 'compared-published',
      title: strings.published.title,
      columns: [...headColumns(rows), ...names.map((title) => ({ title, kind: 'number' as const }))],
      rows: rows.map((row) => [
        ...headCells(row, rows),
        ...runs.map(({ published }) => published.find((each) => keyOf(each) === keyOf(row))?.measured ?? null),
      ]),
      note: noteOf(all),
    },
  ];
}

/** The column of places is there where a number is of a point. */
function headColumns(rows: readonly PublishedRow[]): ResultTable['columns'] {
  const { source, quantity, at, published } = strings.published;
  return [
    { title: source, kind: 'text' },
    { title: quantity, kind: 'text' },
    ...(hasPoints(rows) ? [{ title: at, kind: 'number' as const }] : []),
    { title: published, kind: 'number' },
  ];
}

function headCells(
  { source, quantity, at, published }: PublishedRow,
  rows: readonly PublishedRow[],
): ResultTable['rows'][number] {
  return [source, quantity, ...(hasPoints(rows) ? [at] : []), published];
}

const hasPoints = (rows: readonly PublishedRow[]) => rows.some(({ at }) => at !== null);

const keyOf = ({ source, quantity, at, published }: PublishedRow) => JSON.stringify([source, quantity, at, published]);

function noteOf(rows: readonly PublishedRow[]): string {
  const unknown = [...new Set(rows.flatMap((row) => row.unknown ?? []))];
  return unknown.length === 0 ? '' : strings.published.unknown(unknown);
}
