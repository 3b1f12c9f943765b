import type { Chart, Plugin } from 'chart.js';
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
      for (const marker of drawing.model.markers) {
        if (marker.symbol) drawFoot(chart, drawing.theme, marker);
        else drawLabel(chart, drawing.theme, marker);
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

/** Labels of vertical lines stand above the plot, those of horizontal ones on their line at the end with more room. */
function drawLabel(chart: Chart<'line'>, theme: ChartTheme, marker: Marker): void {
  const at = place(chart, marker);
  const { ctx, chartArea } = chart;
  const [from, to] = marker.axis === 'x' ? [chartArea.left, chartArea.right] : [chartArea.top, chartArea.bottom];
  if (at === null || marker.label === '' || at < from - 1 || at > to + 1) return;
  ctx.save();
  ctx.font = `${theme.fontSize}px ${theme.fontFamily}`;
  ctx.textBaseline = 'alphabetic';
  const width = ctx.measureText(marker.label).width;
  const height = theme.fontSize + 4;
  let left: number;
  let bottom: number;
  if (marker.axis === 'x') {
    left = Math.min(Math.max(at - width / 2, chartArea.left), chart.width - width - LABEL_GAP);
    bottom = chartArea.top - 5;
  } else {
    left = chartArea.left + 8;
    bottom = at - height - LABEL_GAP < chartArea.top ? at + height + 1 : at - 5;
    ctx.fillStyle = theme.highContrast ? theme.background : withAlpha(theme.background, 0.85);
    ctx.fillRect(left - 3, bottom - height + 3, width + 6, height);
  }
  ctx.fillStyle = theme.highContrast ? theme.foreground : marker.ink === 'muted' ? theme.muted : theme.ink(marker.ink);
  ctx.fillText(marker.label, left, bottom);
  ctx.restore();
}

function place(chart: Chart<'line'>, marker: Marker): number | null {
  const scale = chart.scales[marker.axis];
  if (!scale) return null;
  const at = scale.getPixelForValue(marker.value);
  return Number.isFinite(at) ? at : null;
}
