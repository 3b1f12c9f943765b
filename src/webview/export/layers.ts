import { decimate } from '../charts/decimate';
import type {
  GraphSeries,
  HeatMapSeries,
  LinePart,
  LineSeries,
  Marker,
  PointSeries,
  Series,
  WhiskerSeries,
} from '../charts/model';
import { besideLine, freest, type Obstacle } from '../charts/freePlace';
import { place, placeX, placeY, type Frame } from './frame';
import { mark } from './marks';
import { PAPER, paperInk } from './paper';
import { stroke, type Point, type Shape } from './scene';
import { FONT, textWidth } from './text';

/** Columns for each point of width in which a curve keeps its first, lowest, highest and last value. */
const COLUMNS_PER_POINT = 2;
/** Points of all curves of a picture at most: a file that any program opens. */
const POINT_BUDGET = 60_000;
/** From this many curves on they are drawn translucent, so that dense places show. */
const CROWD = 12;
const WIDTHS = { thin: 0.8, normal: 1.4, bold: 1.8, halo: 4.5 };
const RADIUS = { small: 1.5, normal: 2.6 };

/** Lines of a whole chart share the budget; how many there are decides how they are drawn. */
export function countParts(series: readonly Series[]): number {
  return series.reduce((count, each) => count + (each.kind === 'line' ? each.parts.length : 0), 0);
}

/** The shapes of one series. */
export function seriesShapes(series: Series, frame: Frame, parts: number): Shape[] {
  switch (series.kind) {
    case 'line':
      return lineShapes(series, frame, parts);
    case 'points':
      return pointShapes(series, frame);
    case 'whiskers':
      return whiskerShapes(series, frame);
    case 'heatMap':
      return heatShapes(series, frame);
    case 'graph':
      return graphShapes(series, frame);
  }
}

function lineShapes(series: LineSeries, frame: Frame, parts: number): Shape[] {
  const colour = paperInk(series.ink);
  const columns = Math.max(6, Math.min(frame.plot.width * COLUMNS_PER_POINT, POINT_BUDGET / 4 / Math.max(1, parts)));
  const lines = series.parts.flatMap((part) => unbroken(part, frame, series.path === true ? null : columns));
  const shapes: Shape[] = [];
  const thin = series.width === 'thin' && parts > CROWD;
  if (lines.length > 0)
    shapes.push({
      kind: 'lines',
      lines,
      stroke: colour,
      width: WIDTHS[series.width],
      ...(series.dash ? { dash: [5, 3] } : {}),
      ...(thin ? { opacity: 0.55 } : {}),
    });
  const { symbol } = series;
  if (symbol) for (const line of lines) shapes.push(...line.map((at) => mark(symbol, at, RADIUS.normal, colour)));
  return shapes;
}

/** The pieces of a line between places that the axes cannot hold. */
function unbroken({ x, y }: LinePart, frame: Frame, columns: number | null): Point[][] {
  const all = columns === null ? x.map((_, i) => i) : decimate(x, y, { ...frame.x, scale: frame.scales.x, count: columns });
  const lines: Point[][] = [];
  let line: Point[] | undefined;
  for (const i of all) {
    const at = place(frame, x[i] ?? NaN, y[i] ?? NaN);
    if (at === null) line = undefined;
    else if (line) line.push(at);
    else lines.push((line = [at]));
  }
  return lines;
}

function pointShapes({ points, symbol, size, ink }: PointSeries, frame: Frame): Shape[] {
  const colour = paperInk(ink);
  return points.flatMap(({ x, y }) => {
    const at = place(frame, x, y);
    return at ? [mark(symbol, at, RADIUS[size], colour)] : [];
  });
}

function whiskerShapes({ bars, ink }: WhiskerSeries, frame: Frame): Shape[] {
  const bottom = frame.plot.top + frame.plot.height;
  const lines = bars.flatMap(({ x, low, high }): Point[][] => {
    const at = placeX(frame, x);
    if (at === null) return [];
    const ends = [placeY(frame, low) ?? bottom, placeY(frame, high) ?? bottom];
    return [
      ends.map((end): Point => [at, end]),
      ...ends.map((end): Point[] => [
        [at - 3, end],
        [at + 3, end],
      ]),
    ];
  });
  return lines.length > 0 ? [{ kind: 'lines', lines, stroke: paperInk(ink), width: 1.1 }] : [];
}

function heatShapes({ cells, diverging }: HeatMapSeries, frame: Frame): Shape[] {
  return cells.flatMap((cell): Shape[] => {
    const [left, right] = cell.x.map((value) => placeX(frame, value));
    const [bottom, top] = cell.y.map((value) => placeY(frame, value));
    if (!isPlace(left) || !isPlace(right) || !isPlace(top) || !isPlace(bottom)) return [];
    const box = { kind: 'box', left, top, width: right - left, height: bottom - top } as const;
    // The stroke closes the hairlines that viewers leave between neighbours.
    const colour = cell.fraction === null ? null : paperInk({ heat: cell.fraction, diverging });
    return [colour === null ? { ...box, fill: null, stroke: PAPER.grid } : { ...box, fill: colour, stroke: colour }];
  });
}

function isPlace(value: number | null | undefined): value is number {
  return typeof value === 'number';
}

function graphShapes({ nodes, edges }: GraphSeries, frame: Frame): Shape[] {
  const places = nodes.map(({ x, y }) => place(frame, x, y));
  const lines = edges.flatMap(([from, to]): Point[][] => {
    const [a, b] = [places[from], places[to]];
    return a && b ? [[a, b]] : [];
  });
  const shapes: Shape[] = lines.length > 0 ? [{ kind: 'lines', lines, stroke: PAPER.muted, width: 0.8 }] : [];
  nodes.forEach(({ ink }, i) => {
    const at = places[i];
    if (at) shapes.push({ kind: 'circle', at, radius: 4, fill: paperInk(ink), stroke: PAPER.ground, width: 0.75 });
  });
  nodes.forEach(({ name }, i) => {
    const at = places[i];
    if (!at || name === '') return;
    const width = textWidth(name, FONT.small);
    const [x, y] = [at[0], at[1] - 7];
    shapes.push({
      kind: 'box',
      left: x - width / 2 - 1,
      top: y - 8,
      width: width + 2,
      height: 10,
      fill: PAPER.ground,
      stroke: null,
    });
    shapes.push({ kind: 'text', at: [x, y], text: name, size: FONT.small, colour: PAPER.ink, anchor: 'middle' });
  });
  return shapes;
}

/** Reference lines under the data, and their words over it: those of vertical lines above the plot, side by side where there is room. */
export function markerShapes(
  markers: readonly Marker[],
  frame: Frame,
  data: readonly Shape[],
): { lines: Shape[]; words: Shape[] } {
  const { plot } = frame;
  const [right, bottom] = [plot.left + plot.width, plot.top + plot.height];
  const lines: Shape[] = [];
  const words: Shape[] = [];
  let taken = -Infinity;
  for (const { axis, value, label, ink, dash, symbol } of [...markers].sort((a, b) => a.value - b.value)) {
    const at = axis === 'x' ? placeX(frame, value) : placeY(frame, value);
    if (at === null || (axis === 'x' ? at < plot.left || at > right : at < plot.top || at > bottom)) continue;
    const colour = paperInk(ink);
    const pattern = dash ? [5, 3] : undefined;
    lines.push(
      axis === 'x'
        ? stroke([at, plot.top], [at, bottom], colour, 1.2, pattern)
        : stroke([plot.left, at], [right, at], colour, 1.2, pattern),
    );
    if (symbol) words.push(mark(symbol, axis === 'x' ? [at, bottom] : [plot.left, at], RADIUS.normal, colour));
    if (label === '' || symbol) continue;
    const width = textWidth(label, FONT.small);
    const style = { kind: 'text', text: label, size: FONT.small, colour } as const;
    if (axis === 'x') {
      const middle = Math.max(Math.min(Math.max(at, plot.left + width / 2), right - width / 2), taken + width / 2 + 6);
      taken = middle + width / 2;
      words.push({ ...style, at: [middle, plot.top - 4], anchor: 'middle' });
    } else {
      const area = { left: plot.left, right, top: plot.top, bottom };
      const box = freest(besideLine(area, at, width + 4, 10.5, 4), [...data, ...lines].flatMap(obstacles));
      const size = { width: box.right - box.left, height: box.bottom - box.top };
      words.push({ kind: 'box', left: box.left, top: box.top, ...size, fill: PAPER.ground, stroke: null });
      words.push({ ...style, at: [box.left + 2, box.top + 8.5], anchor: 'start' });
    }
  }
  return { lines, words };
}

/** The lines and points that a word should not hide. */
function obstacles(shape: Shape): Obstacle[] {
  const points = (line: readonly Point[]) => line.map(([x, y]) => ({ x, y }));
  if (shape.kind === 'lines') return shape.lines.map((line) => ({ points: points(line), joined: true }));
  return shape.kind === 'circle' ? [{ points: points([shape.at]), joined: false }] : [];
}
