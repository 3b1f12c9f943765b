import type { LinePart, ScaleKind } from './model';

/** Axis range, its scale, and how many columns of pixels (or fewer) there are to draw in. */
export interface Columns {
  min: number;
  max: number;
  scale: ScaleKind;
  count: number;
}

/**
 * Indices of the points of a curve that make a visible difference: in each column of the axis the first, the lowest, the
 * highest and the last one. Columns are even in axis space, so a log axis keeps its early steps, and a spike of one
 * point survives. Of what lies outside of the range only the neighbours of its ends are kept, which lines lead to. `x` ascends;
 * points that the axis cannot hold are left out.
 */
export function decimate(x: ArrayLike<number>, y: ArrayLike<number>, columns: Columns): number[] {
  const place = columns.scale === 'log' ? Math.log : (value: number) => value;
  const from = place(columns.min);
  const width = (place(columns.max) - from) / Math.max(1, columns.count);
  const kept: number[] = [];
  let column = NaN;
  let first = -1;
  let lowest = -1;
  let highest = -1;
  let last = -1;
  const flush = () => {
    if (first < 0) return;
    // Outside of the range.
    if (column < 0) return void kept.push(last);
    for (const index of [...new Set([first, lowest, highest, last])].sort((a, b) => a - b)) kept.push(index);
  };
  for (let index = 0; index < x.length; index++) {
    const position = x[index] ?? NaN;
    const value = y[index] ?? NaN;
    if (!(columns.scale === 'log' ? position > 0 : Number.isFinite(position)) || Number.isNaN(value)) continue;
    const part = width > 0 ? Math.floor((place(position) - from) / width) : 0;
    const here = part < 0 ? -1 : Math.min(part, Math.ceil(columns.count));
    if (here !== column) {
      flush();
      column = here;
      first = lowest = highest = index;
    } else {
      if (value < (y[lowest] ?? NaN)) lowest = index;
      if (value > (y[highest] ?? NaN)) highest = index;
    }
    last = index;
  }
  flush();
  return kept;
}

/** Places in ascending values of the first that is not below `low`, and of the first above `high`. */
export function insideRange(values: ArrayLike<number>, low: number, high: number): [from: number, to: number] {
  const first = (isPast: (value: number) => boolean) => {
    let [a, b] = [0, values.length];
    while (a < b) {
      const middle = (a + b) >> 1;
      if (isPast(values[middle] ?? NaN)) b = middle;
      else a = middle + 1;
    }
    return a;
  };
  return [first((value) => value >= low), first((value) => value > high)];
}

/**
 * Which points of a curve are drawn: with room for all (`columns` is infinite) every one between the ends of the axis and its
 * neighbours, else those that make a difference.
 */
export function shownPlaces(
  { x, y }: Pick<LinePart, 'x' | 'y'>,
  { min, max }: Pick<Columns, 'min' | 'max'>,
  scale: ScaleKind,
  columns: number,
): number[] {
  if (columns < Infinity) return decimate(x, y, { min, max, scale, count: columns });
  const [from, to] = insideRange(x, min, max);
  const [first, last] = [Math.max(0, from - 1), Math.min(x.length, to + 1)];
  const places = Array.from({ length: Math.max(0, last - first) }, (_, k) => first + k);
  return scale === 'log' ? places.filter((i) => (x[i] ?? 0) > 0) : places;
}
