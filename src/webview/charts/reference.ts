import type { Chart, Plugin } from 'chart.js';
import { besideLine, freest, type Area, type Obstacle } from './freePlace';
import type { ChartModel, Marker, ScaleKind } from './model';
import { withAlpha, type ChartTheme } from './theme';
import type { ChartWindow } from './window';

/** What the plugin below needs to know about the drawing in progress. */
export interface Drawing {
  model: ChartModel;
  scales: { x: ScaleKind; y: ScaleKind };
  theme: ChartTheme;
  window: ChartWindow;
}

const LABEL_GAP = 4;
/** Half the height of the diamond at the foot of a line. */
const FOOT = 6;

/** Draws what chart.js has no type for: quantile whiskers under the data, reference lines and their labels. */
export function referenceLines(current: () => Drawing | null): Plugin<'line'> {
  return {
    id: 'reference',
    beforeDatasetsDraw(chart) {
      const drawing = current();
      if (!drawing) return;
      inPlot(chart, () => {
        drawLines(chart, drawing);
        drawWhiskers(chart, drawing);
      });
    },
    afterDatasetsDraw(chart) {
      const drawing = current();
      if (!drawing) return;
      const taken: Area[] = [];
      for (const marker of drawing.model.markers) {
        if (marker.symbol) drawFoot(chart, drawing.theme, marker);
        else drawLabel(chart, drawing, marker, taken);
      }
    },
  };
}

/** Draws nothing outside of the axes. */
export function inPlot(chart: Chart<'line'>, draw: () => void): void {
  const { left, top, width, height } = chart.chartArea;
  chart.ctx.save();
  chart.ctx.beginPath();
  chart.ctx.rect(left, top, width, height);
  chart.ctx.clip();
  draw();
  chart.ctx.restore();
}

function drawLines(chart: Chart<'line'>, { model, theme }: Drawing): void {
  const { ctx, chartArea } = chart;
  for (const marker of model.markers) {
    const at = place(chart, marker);
    if (at === null) continue;
    ctx.strokeStyle = theme.ink(marker.ink);
    ctx.lineWidth = theme.highContrast ? 2.5 : 1.5;
    ctx.setLineDash(marker.dash ? [6, 4] : []);
    ctx.beginPath();
    ctx.moveTo(marker.axis === 'x' ? at : chartArea.left, marker.axis === 'x' ? chartArea.top : at);
    ctx.lineTo(marker.axis === 'x' ? at : chartArea.right, marker.axis === 'x' ? chartArea.bottom : at);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

function drawWhiskers(chart: Chart<'line'>, { model, scales, theme }: Drawing): void {
  const { ctx, chartArea } = chart;
  const { x, y } = chart.scales;
  if (!x || !y) return;
  const vertical = (value: number) => (scales.y === 'log' && value <= 0 ? chartArea.bottom : y.getPixelForValue(value));
  for (const series of model.series) {
    if (series.kind !== 'whiskers') continue;
    ctx.strokeStyle = theme.ink(series.ink);
    ctx.lineWidth = theme.highContrast ? 2.5 : 1.5;
    for (const bar of series.bars) {
      const at = x.getPixelForValue(bar.x);
      const low = vertical(bar.low);
      const high = vertical(bar.high);
      ctx.beginPath();
      ctx.moveTo(at, low);
      ctx.lineTo(at, high);
      for (const end of [low, high]) {
        ctx.moveTo(at - 4, end);
        ctx.lineTo(at + 4, end);
      }
      ctx.stroke();
    }
  }
}

/** A diamond where the line meets the axis; of all symbols only this one is used so. */
function drawFoot(chart: Chart<'line'>, theme: ChartTheme, marker: Marker): void {
  const at = place(chart, marker);
  const { ctx, chartArea } = chart;
  const [from, to] = marker.axis === 'x' ? [chartArea.left, chartArea.right] : [chartArea.top, chartArea.bottom];
  if (at === null || at < from - 1 || at > to + 1) return;
  const [x, y] = marker.axis === 'x' ? [at, chartArea.bottom] : [chartArea.left, at];
  ctx.save();
  ctx.fillStyle = theme.ink(marker.ink);
  ctx.beginPath();
  ctx.moveTo(x, y - FOOT);
  ctx.lineTo(x + FOOT, y);
  ctx.lineTo(x, y + FOOT);
  ctx.lineTo(x - FOOT, y);
  ctx.fill();
  ctx.restore();
}

/** Labels of vertical lines stand above the plot, those of horizontal ones at their line where the least lies under them. */
function drawLabel(chart: Chart<'line'>, drawing: Drawing, marker: Marker, taken: Area[]): void {
  const { theme } = drawing;
  const at = place(chart, marker);
  const { ctx, chartArea } = chart;
  const [from, to] = marker.axis === 'x' ? [chartArea.left, chartArea.right] : [chartArea.top, chartArea.bottom];
  if (at === null || marker.label === '' || at < from - 1 || at > to + 1) return;
  ctx.save();
  ctx.font = `${theme.fontSize}px ${theme.fontFamily}`;
  ctx.textBaseline = 'middle';
  const width = ctx.measureText(marker.label).width;
  const height = theme.fontSize + 4;
  const ink = theme.highContrast ? theme.foreground : marker.ink === 'muted' ? theme.muted : theme.ink(marker.ink);
  if (marker.axis === 'x') {
    const left = Math.min(Math.max(at - width / 2, chartArea.left), chart.width - width - LABEL_GAP);
    ctx.fillStyle = ink;
    ctx.fillText(marker.label, left, chartArea.top - 5 - theme.fontSize / 2);
  } else {
    const box = freest(besideLine(chartArea, at, width + 6, height, 5), obstacles(chart, drawing.model, taken));
    taken.push(box);
    ctx.fillStyle = theme.highContrast ? theme.background : withAlpha(theme.background, 0.85);
    ctx.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    ctx.fillStyle = ink;
    ctx.fillText(marker.label, box.left + 3, (box.top + box.bottom) / 2);
  }
  ctx.restore();
}

/** What is drawn, and where words stand already. */
function obstacles(chart: Chart<'line'>, { markers }: ChartModel, taken: readonly Area[]): Obstacle[] {
  const { left, right, top, bottom } = chart.chartArea;
  const data = chart.getSortedVisibleDatasetMetas().map((meta): Obstacle => ({
    points: meta.data.map(({ x, y }) => ({ x, y })),
    joined: chart.data.datasets[meta.index]?.showLine !== false,
  }));
  const lines = markers.flatMap((marker): Obstacle[] => {
    const at = place(chart, marker);
    if (at === null) return [];
    const ends = [
      { x: left, y: at },
      { x: right, y: at },
    ];
    const upright = [
      { x: at, y: top },
      { x: at, y: bottom },
    ];
    return [{ points: marker.axis === 'x' ? upright : ends, joined: true }];
  });
  const words = taken.map((box): Obstacle => ({
    points: [
      { x: box.left, y: box.top },
      { x: box.right, y: box.bottom },
    ],
    joined: true,
  }));
  return [...data, ...lines, ...words];
}

function place(chart: Chart<'line'>, marker: Marker): number | null {
  const scale = chart.scales[marker.axis];
  if (!scale) return null;
  const at = scale.getPixelForValue(marker.value);
  return Number.isFinite(at) ? at : null;
}
