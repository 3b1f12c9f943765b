import type { Chart, Plugin } from 'chart.js';
import type { AxisScales, GraphSeries, HeatCell, HeatMapSeries } from './model';
import { inPlot, type Drawing } from './reference';
import { withAlpha, type ChartTheme } from './theme';

/** The middle of a cell as it is drawn, where the pointer finds it. */
export function centreOf(cell: HeatCell, scales: AxisScales): { x: number; y: number; name: string; text: string } {
  const middle = ([low, high]: [number, number], scale: 'linear' | 'log') =>
    scale === 'log' ? Math.sqrt(low * high) : (low + high) / 2;
  return { x: middle(cell.x, scales.x), y: middle(cell.y, scales.y), name: cell.name, text: cell.text };
}

/** Draws what lies under points and lines: cells of colour and the edges of graphs; and the names of nodes over them. */
export function areas(current: () => Drawing | null): Plugin<'line'> {
  return {
    id: 'areas',
    beforeDatasetsDraw(chart) {
      for (const series of current()?.model.series ?? []) {
        const { theme } = current()!;
        if (series.kind === 'heatMap') inPlot(chart, () => drawCells(chart, series, theme));
        if (series.kind === 'graph') inPlot(chart, () => drawEdges(chart, series, theme));
      }
    },
    afterDatasetsDraw(chart) {
      const drawing = current();
      if (!drawing) return;
      for (const series of drawing.model.series) if (series.kind === 'graph') drawNames(chart, series, drawing.theme);
    },
  };
}

function drawCells(chart: Chart<'line'>, { cells, diverging }: HeatMapSeries, theme: ChartTheme): void {
  const { ctx } = chart;
  const { x, y } = chart.scales;
  if (!x || !y) return;
  ctx.save();
  for (const cell of cells) {
    const [left, right] = cell.x.map((value) => Math.round(x.getPixelForValue(value)));
    const [bottom, top] = cell.y.map((value) => Math.round(y.getPixelForValue(value)));
    if (left === undefined || right === undefined || bottom === undefined || top === undefined) continue;
    if (cell.fraction === null) {
      ctx.strokeStyle = theme.grid;
      ctx.strokeRect(left + 0.5, top + 0.5, right - left - 1, bottom - top - 1);
    } else {
      ctx.fillStyle = theme.ink({ heat: cell.fraction, diverging });
      ctx.fillRect(left, top, right - left, bottom - top);
    }
  }
  ctx.restore();
}

function drawEdges(chart: Chart<'line'>, { nodes, edges }: GraphSeries, theme: ChartTheme): void {
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = theme.highContrast ? 1.5 : 1;
  ctx.beginPath();
  for (const [from, to] of edges) {
    const [a, b] = [pixels(chart, nodes[from]), pixels(chart, nodes[to])];
    if (!a || !b) continue;
    ctx.moveTo(a.x, a.y);
    ctx.lineTo(b.x, b.y);
  }
  ctx.stroke();
  ctx.restore();
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A name stands where it hides no other name and no node: above its node, below it or beside it; else only the pointer tells it. */
function drawNames(chart: Chart<'line'>, { nodes }: GraphSeries, theme: ChartTheme): void {
  const { ctx } = chart;
  const places = nodes.map((node) => inside(chart, pixels(chart, node)));
  const taken: Box[] = places.flatMap((at) => (at ? [{ left: at.x - 5, right: at.x + 5, top: at.y - 5, bottom: at.y + 5 }] : []));
  ctx.save();
  ctx.font = `${theme.fontSize}px ${theme.fontFamily}`;
  ctx.textBaseline = 'middle';
  nodes.forEach(({ name }, index) => {
    const at = places[index];
    if (!at || name === '') return;
    const width = ctx.measureText(name).width;
    const half = theme.fontSize / 2 + 1;
    const centres = [
      { x: at.x, y: at.y - half - 7 },
      { x: at.x, y: at.y + half + 7 },
      { x: at.x + width / 2 + 10, y: at.y },
      { x: at.x - width / 2 - 10, y: at.y },
    ];
    const boxes = centres.map(({ x, y }) => ({
      left: x - width / 2 - 2,
      right: x + width / 2 + 2,
      top: y - half,
      bottom: y + half,
    }));
    const box = boxes.find((each) => isInside(each, chart) && !taken.some((other) => overlap(each, other)));
    if (!box) return;
    taken.push(box);
    ctx.fillStyle = theme.highContrast ? theme.background : withAlpha(theme.background, 0.75);
    ctx.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    ctx.fillStyle = theme.foreground;
    ctx.fillText(name, box.left + 2, (box.top + box.bottom) / 2);
  });
  ctx.restore();
}

function isInside({ left, right, top, bottom }: Box, { width, chartArea }: Chart<'line'>): boolean {
  return left >= chartArea.left - 4 && right <= width && top >= 0 && bottom <= chartArea.bottom + 2;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function inside({ chartArea }: Chart<'line'>, at: { x: number; y: number } | undefined): typeof at {
  return at &&
    at.x >= chartArea.left - 1 &&
    at.x <= chartArea.right + 1 &&
    at.y >= chartArea.top - 1 &&
    at.y <= chartArea.bottom + 1
    ? at
    : undefined;
}

function pixels(chart: Chart<'line'>, at: { x: number; y: number } | undefined): { x: number; y: number } | undefined {
  const { x, y } = chart.scales;
  if (!at || !x || !y) return undefined;
  const place = { x: x.getPixelForValue(at.x), y: y.getPixelForValue(at.y) };
  return Number.isFinite(place.x) && Number.isFinite(place.y) ? place : undefined;
}
