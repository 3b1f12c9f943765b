import type { ComparedRun } from './compare';
import { publishedRows, type PublishedRow } from './published';
import type { RunRecord } from './record';
import type { ResultTable } from './table';

/** What the table says in the language of whoever shows it. */
export interface PublishedWords {
  title: string;
  source: string;
  quantity: string;
  at: string;
  published: string;
  measured: string;
  /** Of results that the file names and the run does not have. */
  unknown(paths: readonly string[]): string;
}

/** Published numbers beside what a run measured; none where its file has none. */
export function publishedTable(record: RunRecord, words: PublishedWords): ResultTable[] {
  const rows = publishedRows(record);
  if (rows.length === 0) return [];
  return [
    {
      id: 'published',
      title: words.title,
      columns: [...headColumns(rows, words), { title: words.measured, kind: 'number' }],
      rows: rows.map((row) => [...headCells(row, rows), row.measured]),
      ...noteOf(rows, words),
    },
  ];
}

/** The same for several runs, a column for what each measured. */
export function comparedPublishedTable(
  runs: readonly ComparedRun[],
  names: readonly string[],
  words: PublishedWords,
): ResultTable[] {
  const all = runs.flatMap(({ published }) => published);
  const rows = [...new Map(all.map((row) => [keyOf(row), row])).values()];
  if (rows.length === 0) return [];
  return [
    {
      id: 'compared-published',
      title: words.title,
      columns: [...headColumns(rows, words), ...names.map((title) => ({ title, kind: 'number' as const }))],
      rows: rows.map((row) => [
        ...headCells(row, rows),
        ...runs.map(({ published }) => published.find((each) => keyOf(each) === keyOf(row))?.measured ?? null),
      ]),
      ...noteOf(all, words),
    },
  ];
}

/** The column of places is there where a number is of a point. */
function headColumns(rows: readonly PublishedRow[], { source, quantity, at, published }: PublishedWords): ResultTable['columns'] {
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

function noteOf(rows: readonly PublishedRow[], words: PublishedWords): Pick<ResultTable, 'note'> {
  const unknown = [...new Set(rows.flatMap((row) => row.unknown ?? []))];
  return unknown.length === 0 ? {} : { note: words.unknown(unknown) };
}
