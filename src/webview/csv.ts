import type { TableValue } from '../protocol/table';

/** Comma-separated values (RFC 4180): a value with a comma, a quote or a line break stands in quotes; none is empty. */
export function toCsv(columns: readonly string[], rows: readonly (readonly TableValue[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: TableValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
