import type { ResultTable, TableColumn, TableValue } from '../../protocol/table';
import { printable, type Colors } from './colors';
import { alignColumns, formatNumber, wrapText } from './format';

/** Longest table that is printed whole. */
const MOST_ROWS = 40;
/** Longest text in a cell. */
const MOST_TEXT = 60;

/** A table of results: title, columns, and of many rows the first and the last. */
export function formatTable({ title, columns, rows, note }: ResultTable, colors: Colors): string[] {
  const cut = rows.length > MOST_ROWS;
  const shown = cut ? [...rows.slice(0, MOST_ROWS - 10), ...rows.slice(-10)] : rows;
  const texts = shown.map((row) => columns.map((column, i) => formatValue(row[i] ?? null, column)));
  const right = columns.map(({ kind }) => kind === 'number' || kind === 'integer');
  const [head, ...lines] = alignColumns([columns.map((column) => printable(column.title)), ...texts], right);
  if (cut) lines.splice(MOST_ROWS - 10, 0, colors.dim(`… ${rows.length - MOST_ROWS} more rows`));
  return [
    colors.bold(printable(title)),
    colors.dim(head),
    ...(rows.length === 0 ? [colors.dim('no rows')] : lines),
    ...(note === undefined ? [] : wrapText(printable(note), 110).map((line) => colors.dim(line))),
  ];
}

/** A value of a table as text: numbers rounded, `–` for none. */
export function formatValue(value: TableValue, { kind }: Pick<TableColumn, 'kind'>): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return kind === 'integer' || kind === 'text' ? String(value) : formatNumber(value);
  const text = printable(value);
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
}
