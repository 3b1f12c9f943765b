import type { AxisTicks } from '../charts/axes';
import type { AxisScales, ScaleKind } from '../charts/model';
import { PAPER } from './paper';
import { stroke, type Box, type Point, type Shape } from './scene';
import { FONT, textWidth } from './text';

const TICK = 4;
const MINOR_TICK = 2.2;
const GAP = 3;

/** Where the values of the axes stand on the paper. */
export interface Frame {
  plot: Box;
  x: AxisTicks;
  y: AxisTicks;
  scales: AxisScales;
}

/** The place of a value; null for what a logarithmic axis cannot hold. */
export function placeX({ plot, x, scales }: Frame, value: number): number | null {
  const part = fraction(value, x, scales.x);
  return part === null ? null : plot.left + part * plot.width;
}

export function placeY({ plot, y, scales }: Frame, value: number): number | null {
  const part = fraction(value, y, scales.y);
  return part === null ? null : plot.top + plot.height - part * plot.height;
}

export function place(frame: Frame, x: number, y: number): Point | null {
  const [across, down] = [placeX(frame, x), placeY(frame, y)];
  return across === null || down === null ? null : [across, down];
}

function fraction(value: number, { min, max }: AxisTicks, scale: ScaleKind): number | null {
  if (!Number.isFinite(value) || (scale === 'log' && value <= 0)) return null;
  const to = scale === 'log' ? Math.log : (each: number) => each;
  const part = (to(value) - to(min)) / (to(max) - to(min));
  return Number.isFinite(part) ? part : null;
}

/** Width that the numbers of the vertical axis and its title take. */
export function leftMargin({ ticks, format }: AxisTicks): number {
  const widest = Math.max(0, ...ticks.map((tick) => textWidth(format(tick), FONT.text)));
  return Math.ceil(FONT.title + 2 * GAP + widest + GAP + TICK);
}

/** Height that the numbers of the horizontal axis and its title take. */
export const BOTTOM_MARGIN = TICK + GAP + FONT.text + GAP + FONT.title + GAP;

/** Axes with ticks, numbers and titles, and a faint grid under the data. */
export function axes(frame: Frame, titles: { x: string; y: string }): { grid: Shape[]; axes: Shape[] } {
  const { plot, x, y, scales } = frame;
  const [right, bottom] = [plot.left + plot.width, plot.top + plot.height];
  const grid: Shape[] = [];
  const shapes: Shape[] = [{ kind: 'box', ...plot, fill: null, stroke: PAPER.ink }];
  const text = (at: Point, words: string, anchor: 'middle' | 'end'): Shape => ({
    kind: 'text',
    at,
    text: words,
    size: FONT.text,
    colour: PAPER.ink,
    anchor,
  });
  for (const tick of x.ticks) {
    const at = placeX(frame, tick);
    if (at === null) continue;
    grid.push(stroke([at, plot.top], [at, bottom], PAPER.grid, 0.5));
    shapes.push(stroke([at, bottom], [at, bottom + TICK], PAPER.ink, 0.75));
    shapes.push(text([at, bottom + TICK + GAP + FONT.text * 0.8], x.format(tick), 'middle'));
  }
  for (const tick of y.ticks) {
    const at = placeY(frame, tick);
    if (at === null) continue;
    grid.push(stroke([plot.left, at], [right, at], PAPER.grid, 0.5));
    shapes.push(stroke([plot.left - TICK, at], [plot.left, at], PAPER.ink, 0.75));
    shapes.push(text([plot.left - TICK - GAP, at + FONT.text * 0.35], y.format(tick), 'end'));
  }
  for (const tick of minorTicks(x, scales.x)) {
    const at = placeX(frame, tick);
    if (at !== null) shapes.push(stroke([at, bottom], [at, bottom + MINOR_TICK], PAPER.ink, 0.5));
  }
  for (const tick of minorTicks(y, scales.y)) {
    const at = placeY(frame, tick);
    if (at !== null) shapes.push(stroke([plot.left - MINOR_TICK, at], [plot.left, at], PAPER.ink, 0.5));
  }
  const title = { kind: 'text', size: FONT.title, colour: PAPER.ink, anchor: 'middle' } as const;
  shapes.push({ ...title, at: [plot.left + plot.width / 2, bottom + BOTTOM_MARGIN - GAP - 1], text: titles.x });
  shapes.push({ ...title, at: [FONT.title, plot.top + plot.height / 2], text: titles.y, upward: true });
  return { grid, axes: shapes };
}

/** Twice to nine times each power of ten, where every power is marked and there is room. */
function minorTicks({ min, max, ticks }: AxisTicks, scale: ScaleKind): number[] {
  const [first, second] = ticks;
  const decades = Math.log10(max / min);
  if (scale !== 'log' || first === undefined || second === undefined || decades > 8) return [];
  if (Math.abs(Math.log10(second / first) - 1) > 1e-6) return [];
  const minor: number[] = [];
  for (let exponent = Math.floor(Math.log10(min)); exponent <= Math.log10(max); exponent++)
    for (let digit = 2; digit < 10; digit++) minor.push(digit * 10 ** exponent);
  return minor.filter((value) => value >= min && value <= max);
}
