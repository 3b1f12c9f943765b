/** A Markdown table whose columns are as wide as their widest cell. The first column is aligned left, the others right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

const UNITS: readonly (readonly [scale: number, unit: string])[] = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
];

/** Three digits and a unit. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const [scale, unit] = UNITS.find(([size]) => Math.abs(seconds) >= size * 0.9995) ?? UNITS[UNITS.length - 1];
  return `${digits(seconds / scale)} ${unit}`;
}

export function digits(value: number, precision = 3): string {
  if (!Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(precision));
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en') : String(rounded);
}

export function ratio(value: number): string {
  return Number.isFinite(value) ? `${digits(value)}×` : '–';
}

/** One digit and a power of ten, for errors. */
export function magnitude(value: number): string {
  if (Number.isNaN(value)) return 'differs';
  return value === 0 ? '0' : value.toExponential(0);
}
