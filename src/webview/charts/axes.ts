import { formatCount, formatNumber, powerOfTen } from '../format';
import type { ScaleKind } from './model';

/** Ends and marks of an axis, and how a mark is written. */
export interface AxisTicks {
  min: number;
  max: number;
  ticks: number[];
  format: (value: number) => string;
}

/** Factor between the ends of a roomy log axis and the data. */
const ROOM = 1.7;

/**
 * Ticks for values from `low` to `high`, at most `maxCount` of them. A log axis ends at powers of ten and marks every
 * k-th of them; one of less than a decade and a half marks 1, 2 and 5. A roomy axis leaves space between its ends and the data.
 */
export function axisTicks(
  low: number,
  high: number,
  scale: ScaleKind,
  maxCount: number,
  { integer = false, roomy = false, powers = false } = {},
): AxisTicks {
  return scale === 'log' ? logTicks(low, high, maxCount, { integer, roomy, powers }) : linearTicks(low, high, maxCount, integer);
}

/** Ticks inside a part of an axis, which keeps exactly the ends that it is given. */
export function windowTicks(
  low: number,
  high: number,
  scale: ScaleKind,
  maxCount: number,
  { integer = false, powers = false } = {},
): AxisTicks {
  const inside = ({ ticks, format }: AxisTicks): AxisTicks => ({
    min: low,
    max: high,
    ticks: ticks.filter((tick) => tick >= low && tick <= high),
    format,
  });
  const own = inside(axisTicks(low, high, scale, maxCount, { integer, powers }));
  // Within a factor of about two a logarithmic axis is as good as linear.
  return own.ticks.length >= 2 ? own : inside(linearTicks(low, high, maxCount, integer && high - low >= 2));
}

/** Ticks with names: of too many every k-th. */
export function namedTicks(
  low: number,
  high: number,
  names: readonly { value: number; name: string }[],
  maxCount: number,
): AxisTicks {
  const nameOf = new Map(names.filter(({ value }) => value >= low && value <= high).map(({ value, name }) => [value, name]));
  return { min: low, max: high, ticks: thin([...nameOf.keys()], maxCount), format: (value) => nameOf.get(value) ?? '' };
}

function logTicks(
  low: number,
  high: number,
  maxCount: number,
  { integer, roomy, powers }: { integer: boolean; roomy: boolean; powers: boolean },
): AxisTicks {
  const decades = Math.log10(high) - Math.log10(low);
  if (decades < 1.5) return shortLogTicks(low, high, maxCount, integer);
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const step = niceDecadeStep((last - first) / Math.max(1, maxCount - 1));
  const ticks: number[] = [];
  for (let exponent = Math.ceil(first / step) * step; exponent <= last; exponent += step) ticks.push(Number(`1e${exponent}`));
  const plain = !powers && (integer || (first >= -2 && last <= 3));
  return {
    min: roomy ? Math.min(Number(`1e${first}`), low / ROOM) : Number(`1e${first}`),
    max: roomy ? Math.max(Number(`1e${last}`), high * ROOM) : Number(`1e${last}`),
    ticks,
    format: (value) => (plain ? formatNumber(value) : powerOfTen(Math.round(Math.log10(value)))),
  };
}

function shortLogTicks(low: number, high: number, maxCount: number, integer: boolean): AxisTicks {
  const candidates: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)) - 1; exponent <= Math.ceil(Math.log10(high)); exponent++) {
    for (const digit of [1, 2, 5]) candidates.push(Number(`${digit}e${exponent}`));
  }
  const below = candidates.filter((value) => value <= low * (1 + 1e-9)).at(-1) ?? low;
  const above = candidates.find((value) => value >= high * (1 - 1e-9) && value > below) ?? high;
  const inside = candidates.filter((value) => value >= below && value <= above && (!integer || value >= 1));
  return { min: below, max: above, ticks: thin(inside, maxCount), format: (value) => formatNumber(value) };
}

function linearTicks(low: number, high: number, maxCount: number, integer: boolean): AxisTicks {
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  // Narrower than this, ticks could not be told apart in double precision.
  const narrow = high - low <= magnitude * 1e-9 || magnitude < 1e-290;
  const margin = narrow ? Math.max(magnitude / 2, 1e-290) : 0;
  const [from, to] = integer ? [low, high] : [low - margin, high + margin];
  const span = to - from || 1;
  let step = niceStep(span / Math.max(1, maxCount - 1));
  if (integer) step = Math.max(1, Math.round(step));
  const aside = Math.min(0.6, span * 0.04 + 0.2);
  const min = integer ? from - aside : Math.floor(from / step + 1e-9) * step;
  const max = integer ? to + aside : Math.ceil(to / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k <= max / step + 1e-9; k++) ticks.push(k === 0 ? 0 : k * step);
  return { min, max, ticks, format: linearFormat(Math.max(Math.abs(min), Math.abs(max)), step, integer) };
}

/** As many digits as it takes to tell neighbouring ticks apart. */
function linearFormat(magnitude: number, step: number, integer: boolean): (value: number) => string {
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const digits = Math.min(15, Math.max(1, Math.ceil(Math.log10(magnitude / step)) + 1));
  if (integer || (places === 0 && magnitude < 1e6)) return (value) => formatCount(Math.round(value));
  if (magnitude >= 1e6 || places > 4) return (value) => formatNumber(value, digits);
  return (value) => value.toFixed(places).replace('-', '\u2212');
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `value`. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return digit * power;
}

function niceDecadeStep(value: number): number {
  return [1, 2, 3, 4, 5, 10, 20, 50, 100].find((step) => step >= value - 1e-9) ?? 200;
}

function thin(values: number[], maxCount: number): number[] {
  const every = Math.ceil(values.length / Math.max(2, maxCount));
  return values.filter((_, index) => index % every === 0);
}
