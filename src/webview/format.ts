/** Shown where there is no number. */
export const NO_VALUE = '–';

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const THIN_SPACE = '\u202f';
const NO_BREAK = '\u00a0';
const MINUS = '\u2212';

/** `-8` as `⁻⁸`. */
export function superscript(value: number): string {
  return Array.from(String(value), (character) => SUPERSCRIPTS[character] ?? character).join('');
}

/** `12` as `₁₂`. */
export function subscript(value: number): string {
  return Array.from(String(value), (character) => SUBSCRIPTS[Number(character)] ?? character).join('');
}

/** `10⁻⁸` for -8. */
export function powerOfTen(exponent: number): string {
  return `10${superscript(exponent)}`;
}

/** A whole number with thin spaces between groups of three digits, from five digits on: `12 345`. */
export function formatCount(value: number): string {
  const digits = String(Math.abs(value));
  const grouped = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) : digits;
  return value < 0 ? MINUS + grouped : grouped;
}

/** A real number for reading: `0.37`, `12.5`, `3.2 × 10⁻⁹`, `–` for none; `digits` significant ones. */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_VALUE;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const sign = value < 0 ? MINUS : '';
  const magnitude = Math.abs(value);
  if (Number.isInteger(magnitude) && magnitude < 1e6) return sign + formatCount(magnitude);
  const [mantissa = '', exponentText = '0'] = magnitude.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -3 && exponent < 5) return sign + formatPlain(magnitude, digits);
  const trimmed = trimZeros(mantissa);
  return trimmed === '1' ? `${sign}${powerOfTen(exponent)}` : `${sign}${trimmed}${NO_BREAK}×${NO_BREAK}${powerOfTen(exponent)}`;
}

/** A sentence of the engine, which writes plain ASCII, with its numbers as a panel writes them: `1e-6` as `10⁻⁶`, `12345` as `12 345`. */
export function typeset(text: string): string {
  return text
    .replace(/(?<![\w.])(-?\d+(?:\.\d+)?)e([+-]?\d+)(?![\w.]*\w)/g, (_, mantissa: string, exponent: string) => {
      const power = powerOfTen(Number(exponent));
      const signed = mantissa.replace('-', MINUS);
      return mantissa === '1' ? power : `${signed}${NO_BREAK}×${NO_BREAK}${power}`;
    })
    .replace(/(?<![\w.,:/-])\d{5,}(?![\w.,:/-]*\w)/g, (digits) => formatCount(Number(digits)));
}

/** The order of magnitude alone, for large ratios: `3 × 10¹¹`. */
export function formatRatio(value: number): string {
  return formatNumber(value, value >= 100 ? 1 : 2);
}

/** `37 %`. */
export function formatFraction(value: number): string {
  return `${formatNumber(Math.round(value * 1000) / 10)}${THIN_SPACE}%`;
}

/** A duration in the two largest units that matter: `0.3 s`, `12 s`, `1 min 20 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joinUnits(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 48 * 60) return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return joinUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Local date and time, `2026-03-01 14:05:09`: sortable, and the same in every locale. */
export function formatTime(millisecondsSince1970: number): string {
  const date = new Date(millisecondsSince1970);
  if (Number.isNaN(date.getTime())) return NO_VALUE;
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function formatPlain(magnitude: number, digits: number): string {
  const rounded = Number(magnitude.toPrecision(digits));
  return Number.isInteger(rounded) ? formatCount(rounded) : String(rounded);
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
