import type { ResultTable, TableColumn, TableValue } from '../../protocol/table';
import { printable, type Colors } from './colors';
import { alignColumns, formatNumber, wrapText } from './format';

/** Longest table that is printed whole. */
const MOST_ROWS = 40;
/** Longest text in a cell, and in the first column of a table that would be too wide. */
const MOST_TEXT = 60;
const LEAST_TEXT = 40;
/** Widest table where the width of the terminal is not known. */
const WIDTH = 120;
/** Between two columns. */
const GAP = 3;

/** A table of results: title, columns, of many rows the first and the last; long texts that do not fit are left out. */
export function formatTable(table: ResultTable, colors: Colors, width = WIDTH): string[] {
  const { title, columns, rows, note } = table;
  const cut = rows.length > MOST_ROWS;
  const shown = cut ? [...rows.slice(0, MOST_ROWS - 10), ...rows.slice(-10)] : rows;
  const texts = [
    columns.map((column) => printable(column.title)),
    ...shown.map((row) => columns.map((column, i) => formatValue(row[i] ?? null, column))),
  ];
  const { places, first } = fit(columns, texts, width);
  const leftOut = texts[0].filter((_, i) => !places.includes(i));
  const picked = texts.map((row) => places.map((i) => (i === 0 ? shortened(row[i], first) : row[i])));
  const right = places.map((i) => columns[i].kind === 'number' || columns[i].kind === 'integer');
  const [head, ...lines] = alignColumns(picked, right);
  if (cut) lines.splice(MOST_ROWS - 10, 0, colors.dim(`… ${rows.length - MOST_ROWS} more rows`));
  const notes = [
    ...(leftOut.length === 0 ? [] : [`More in the report: ${leftOut.join(', ')}.`]),
    ...(note === undefined ? [] : [note]),
  ];
  return [
    colors.bold(printable(title)),
    colors.dim(head),
    ...(rows.length === 0 ? [colors.dim('no rows')] : lines),
    ...notes.flatMap((text) => wrapText(printable(text), 110)).map((line) => colors.dim(line)),
  ];
}

/** Places of the columns that fit, and the width of the first: the widest texts beside the first are left out until the others do. */
function fit(
  columns: readonly TableColumn[],
  texts: readonly (readonly string[])[],
  width: number,
): { places: number[]; first: number } {
  const widths = columns.map((_, i) => texts.reduce((most, row) => Math.max(most, row[i].length), 0) + GAP);
  let places = columns.map((_, i) => i);
  for (;;) {
    const others = places.slice(1).reduce((sum, i) => sum + widths[i], 0);
    const first = Math.max(Math.min(widths[0], LEAST_TEXT), width - others);
    const droppable = places.slice(1).filter((i) => columns[i].kind === 'text');
    if (first + others <= width || droppable.length === 0) return { places, first };
    const widest = droppable.reduce((most, i) => (widths[i] > widths[most] ? i : most));
    places = places.filter((i) => i !== widest);
  }
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** A value of a table as text: numbers rounded, `–` for none. */
export function formatValue(value: TableValue, { kind }: Pick<TableColumn, 'kind'>): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return kind === 'integer' || kind === 'text' ? String(value) : formatNumber(value);
  return shortened(printable(value), MOST_TEXT);
}
