import type { PointResult } from '../../protocol/events';

/** A number for a table: `7`, `0.34`, `1.2e-9`, `–` for none. */
export function formatNumber(value: number | null): string {
  if (value === null) return '–';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size >= 1e-2 && size < 1e4) return String(Number(value.toPrecision(3)));
  const [digits, exponent] = value.toExponential(1).split('e') as [string, string];
  return `${digits}e${Number(exponent)}`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Text in columns; `right` says which columns hold numbers. */
export function alignColumns(rows: readonly (readonly string[])[], right: readonly boolean[]): string[] {
  const widths = right.map((_, column) => Math.max(0, ...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('   ')
      .trimEnd(),
  );
}

/** Breaks a text into lines of at most `width` characters, at spaces, but not within `n = 7`. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of text.replace(/(\w) = /g, '$1\u00a0=\u00a0').split(' ')) {
    const word = part.replace(/\u00a0/g, ' ');
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Whether a rank can be relied on, and by what: `certified`, `yes`, `no`. */
export function reliance({ conclusive, certified }: Pick<PointResult, 'conclusive' | 'certified'>): string {
  if (certified?.status === 'certified') return 'certified';
  const proven = certified?.status === 'certifiedLowerBound' ? `, proven ≥ ${certified.rank}` : '';
  return (conclusive ? 'yes' : 'no') + proven;
}
