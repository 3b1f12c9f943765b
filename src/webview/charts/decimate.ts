import type { ScaleKind } from './model';

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
 * point survives. `x` ascends; points that the axis cannot hold are left out.
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
    for (const index of [...new Set([first, lowest, highest, last])].sort((a, b) => a - b)) kept.push(index);
  };
  for (let index = 0; index < x.length; index++) {
    const position = x[index] ?? NaN;
    const value = y[index] ?? NaN;
    if (!(columns.scale === 'log' ? position > 0 : Number.isFinite(position)) || Number.isNaN(value)) continue;
    const here = width > 0 ? Math.floor((place(position) - from) / width) : 0;
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
