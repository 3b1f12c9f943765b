import type { LegendEntry } from '../charts/model';
import { mark } from './marks';
import { PAPER, paperInk } from './paper';
import { stroke, type Box, type Shape } from './scene';
import { FONT, textWidth } from './text';

const ROW = 14;
const SYMBOL = 20;
const GAP = 5;
const BETWEEN = 14;

type Ramp = Extract<LegendEntry, { kind: 'ramp' }>;

/** A colour scale of areas, which stands beside the plot; every other entry stands below it. */
export function isColourBar(entry: LegendEntry): entry is Ramp {
  return (
    entry.kind === 'ramp' && entry.steps.length > 1 && entry.steps.every(({ ink }) => typeof ink === 'object' && 'heat' in ink)
  );
}

interface Item {
  width: number;
  draw: (x: number, y: number) => Shape[];
}

/** The legend in rows of a width; `top` is where it begins. */
export function legendRows(
  entries: readonly LegendEntry[],
  box: Pick<Box, 'left' | 'top' | 'width'>,
): { shapes: Shape[]; height: number } {
  const shapes: Shape[] = [];
  let [x, row] = [0, 0];
  const items = entries.filter((entry) => !isColourBar(entry)).flatMap(itemsOf);
  for (const { width, draw } of items) {
    if (x > 0 && x + width > box.width) [x, row] = [0, row + 1];
    shapes.push(...draw(box.left + x, box.top + row * ROW + ROW / 2));
    x += width + BETWEEN;
  }
  return { shapes, height: items.length > 0 ? (row + 1) * ROW : 0 };
}

function itemsOf(entry: LegendEntry): Item[] {
  if (entry.kind === 'ramp') {
    const swatch = (label: string, colour: string): Item => ({
      width: 10 + GAP + textWidth(label, FONT.small) - BETWEEN + 8,
      draw: (x, y) => [
        { kind: 'box', left: x, top: y - 4, width: 10, height: 8, fill: colour, stroke: null },
        words(label, x + 10 + 3, y),
      ],
    });
    const title = { width: textWidth(entry.label, FONT.small) - GAP, draw: (x: number, y: number) => [words(entry.label, x, y)] };
    return [title, ...entry.steps.map(({ label, ink }) => swatch(label, paperInk(ink)))];
  }
  const colour = paperInk(entry.ink);
  const symbolShapes = (x: number, y: number): Shape[] => {
    const middle = x + SYMBOL / 2;
    const shapes: Shape[] = [];
    if (entry.kind === 'line') shapes.push(stroke([x, y], [x + SYMBOL, y], colour, 1.4, entry.dash ? [5, 3] : undefined));
    if (entry.kind === 'whiskers') {
      shapes.push(stroke([middle, y - 5], [middle, y + 5], colour, 1.1));
      for (const end of [y - 5, y + 5]) shapes.push(stroke([middle - 3, end], [middle + 3, end], colour, 1.1));
    }
    const symbol = entry.kind === 'whiskers' ? null : entry.symbol;
    if (symbol) shapes.push(mark(symbol, [middle, y], 2.6, colour));
    return shapes;
  };
  return [
    {
      width: SYMBOL + GAP + textWidth(entry.label, FONT.small),
      draw: (x, y) => [...symbolShapes(x, y), words(entry.label, x + SYMBOL + GAP, y)],
    },
  ];
}

function words(text: string, x: number, middle: number): Shape {
  return { kind: 'text', at: [x, middle + FONT.small * 0.35], text, size: FONT.small, colour: PAPER.ink, anchor: 'start' };
}

const BAR = 11;
const SLICES = 64;

/** Width of a colour scale with its numbers and its title. */
export function colourBarWidth({ steps }: Ramp): number {
  return 10 + BAR + 4 + Math.max(...steps.map(({ label }) => textWidth(label, FONT.small))) + 4 + FONT.text + 2;
}

/** The colours from the lowest value at the foot to the highest, with the numbers of their steps. */
export function colourBar({ label, steps }: Ramp, plot: Box): Shape[] {
  const left = plot.left + plot.width + 10;
  const slice = plot.height / SLICES;
  const diverging = steps.some(({ ink }) => typeof ink === 'object' && 'heat' in ink && ink.diverging);
  const shapes = Array.from({ length: SLICES }, (_, k): Shape => {
    const colour = paperInk({ heat: (k + 0.5) / SLICES, diverging });
    return {
      kind: 'box',
      left,
      top: plot.top + plot.height - (k + 1) * slice,
      width: BAR,
      height: slice,
      fill: colour,
      stroke: colour,
    };
  });
  shapes.push({ kind: 'box', left, top: plot.top, width: BAR, height: plot.height, fill: null, stroke: PAPER.ink });
  for (const { label: number, ink } of steps) {
    const fraction = typeof ink === 'object' && 'heat' in ink ? ink.heat : 0;
    const y = plot.top + plot.height * (1 - fraction);
    shapes.push(stroke([left + BAR, y], [left + BAR + 3, y], PAPER.ink, 0.75));
    shapes.push(words(number, left + BAR + 5, y));
  }
  const at = left + colourBarWidth({ kind: 'ramp', label, steps }) - 10 - 2;
  shapes.push({
    kind: 'text',
    at: [at, plot.top + plot.height / 2],
    text: label,
    size: FONT.text,
    colour: PAPER.ink,
    anchor: 'middle',
    upward: true,
  });
  return shapes;
}
