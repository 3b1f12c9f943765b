import type { ChartModel, LinePart, ScaleKind } from './model';

export type Extent = [low: number, high: number];

interface Seen {
  length: number;
  linear: Extent;
  log: Extent;
}

const seenOf = new WeakMap<readonly number[], Seen>();

/** Smallest and largest value of an array that only grows; the new part alone is looked at. */
function growingExtent(values: readonly number[], scale: ScaleKind): Extent {
  let seen = seenOf.get(values);
  if (!seen || seen.length > values.length) {
    seen = { length: 0, linear: [Infinity, -Infinity], log: [Infinity, -Infinity] };
    seenOf.set(values, seen);
  }
  for (let index = seen.length; index < values.length; index++) {
    const value = values[index] ?? NaN;
    include(seen.linear, value, 'linear');
    include(seen.log, value, 'log');
  }
  seen.length = values.length;
  return seen[scale];
}

function include(extent: Extent, value: number, scale: ScaleKind): void {
  if (!Number.isFinite(value) || (scale === 'log' && value <= 0)) return;
  if (value < extent[0]) extent[0] = value;
  if (value > extent[1]) extent[1] = value;
}

/** What an axis has to hold: finite values only, positive ones only for a log axis; null when there is none. */
export function axisExtent(model: ChartModel, which: 'x' | 'y', scale: ScaleKind): Extent | null {
  const extent: Extent = [Infinity, -Infinity];
  const add = (value: number) => include(extent, value, scale);
  const addPart = (part: LinePart) => {
    const [low, high] = growingExtent(part[which], scale);
    add(low);
    add(high);
  };
  for (const value of model[which].include) add(value);
  for (const marker of model.markers) if (marker.axis === which) add(marker.value);
  for (const series of model.series) {
    if (series.kind === 'line') series.parts.forEach(addPart);
    else if (series.kind === 'points') for (const point of series.points) add(point[which]);
    else if (series.kind === 'heatMap') for (const cell of series.cells) cell[which].forEach(add);
    else if (series.kind === 'graph') for (const node of series.nodes) add(node[which]);
    else for (const bar of series.bars) [...(which === 'x' ? [bar.x] : [bar.low, bar.high])].forEach(add);
  }
  return extent[0] <= extent[1] ? extent : null;
}
