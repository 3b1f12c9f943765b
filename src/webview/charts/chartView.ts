import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type ChartDataset,
  type ChartOptions,
  type TooltipItem,
} from 'chart.js';
import { formatNumber } from '../format';
import { areas, centreOf } from './areas';
import type { AxisTicks } from './axes';
import { insideRange, shownPlaces } from './decimate';
import { hasAreas } from './model';
import type {
  AxisModel,
  AxisScales,
  ChartModel,
  GraphSeries,
  LinePart,
  LineSeries,
  PointSeries,
  PointSymbol,
  ScaleKind,
} from './model';
import { modelTicks } from './modelTicks';
import { referenceLines, type Drawing } from './reference';
import { withAlpha, type ChartTheme } from './theme';
import type { Shown } from './navigation';
import type { ChartWindow } from './window';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip);

/** Points drawn in one chart at most, over all its curves: what a redraw costs does not grow with the run. */
const POINT_BUDGET = 12_000;
/** Columns in which a curve is thinned; more than these cannot be told apart in a panel. */
const MOST_COLUMNS = 360;
const FEWEST_COLUMNS = 6;
/** From this many curves on they are drawn translucent, so that dense places show. */
const CROWD = 12;

interface PlotPoint {
  x: number;
  y: number;
  name: string;
  exactX?: number;
  /** Told under the pointer instead of the coordinates. */
  text?: string;
}

interface Size {
  width: number;
  height: number;
}

type Dataset = ChartDataset<'line', PlotPoint[]>;

/** Draws a {@link ChartModel} on a canvas with chart.js. */
export class ChartView {
  /** Made with the first drawing: chart.js draws a chart when it is made. */
  private chart: Chart<'line', PlotPoint[]> | undefined;
  private readonly thinned = new WeakMap<readonly number[], { key: string; points: PlotPoint[] }>();
  private drawing: Drawing | null = null;
  /** In pixels of the page: that of the canvas at the last drawing. */
  private size: Size = { width: 0, height: 0 };

  /** @param canvas fills its parent. */
  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Draws the model now, or the part of it in a window. Values that a scale cannot hold are left out; the model's note says so. */
  draw(model: ChartModel, scales: AxisScales, theme: ChartTheme, window: ChartWindow = {}): void {
    this.drawing = { model, scales, theme, window };
    const { width, height } = this.chart ?? placeOf(this.canvas);
    this.size = { width, height };
    const xTicks = this.ticks(model, 'x', scales.x, theme, window.x);
    const yTicks = this.ticks(model, 'y', scales.y, theme, window.y);
    const options = this.options(model, scales, theme, xTicks, yTicks);
    // chart.js draws from the highest order to the lowest; here later series lie on top.
    const next = this.datasets(model, scales, theme, xTicks).map((dataset, index) => ({ ...dataset, order: -index }));
    if (!this.chart) return this.make(options, next);
    this.chart.options = options;
    // Known datasets are changed in place: chart.js keeps its elements for them.
    const { datasets } = this.chart.data;
    datasets.length = Math.min(datasets.length, next.length);
    next.forEach((dataset, index) => (datasets[index] = Object.assign(datasets[index] ?? {}, dataset)));
    // Not update('none'): that keeps the colours which points had under an earlier theme. Nothing is animated anyway.
    this.chart.update();
  }

  /** What the axes show and where, in pixels of the canvas; null before the first drawing. */
  shown(): Shown | null {
    if (!this.drawing || !this.chart) return null;
    const { chartArea, scales } = this.chart;
    const { x, y } = scales;
    if (!x || !y) return null;
    const { left, top, width, height } = chartArea;
    return { left, top, width, height, x: [x.min, x.max], y: [y.min, y.max], scales: this.drawing.scales };
  }

  /** Shows another part of the same drawing, at once. */
  look(window: ChartWindow): void {
    if (this.drawing) this.draw(this.drawing.model, this.drawing.scales, this.drawing.theme, window);
  }

  /** Fits the canvas to its place, for instance before printing. */
  resize(): void {
    this.chart?.resize();
  }

  dispose(): void {
    this.chart?.destroy();
    this.chart = undefined;
  }

  private make(options: ChartOptions<'line'>, datasets: Dataset[]): void {
    this.chart = new Chart<'line', PlotPoint[]>(this.canvas, {
      type: 'line',
      data: { datasets },
      options,
      plugins: [
        areas(() => this.drawing),
        referenceLines(() => this.drawing),
        { id: 'refit', resize: () => queueMicrotask(() => this.refit()) },
      ],
    });
  }

  /** Room for ticks depends on the size, so the axes are made anew when it has changed. */
  private refit(): void {
    if (!this.drawing || !this.chart) return;
    const { width, height } = this.chart;
    if (width !== this.size.width || height !== this.size.height) this.look(this.drawing.window);
  }

  private ticks(model: ChartModel, which: 'x' | 'y', scale: ScaleKind, theme: ChartTheme, window: ChartWindow['x']): AxisTicks {
    const room = which === 'x' ? this.size.width / (theme.fontSize * 4.5) : this.size.height / (theme.fontSize * 2.6);
    return modelTicks(model, which, scale, { most: Math.max(2, Math.floor(room)), window });
  }

  private options(
    model: ChartModel,
    scales: AxisScales,
    theme: ChartTheme,
    xTicks: AxisTicks,
    yTicks: AxisTicks,
  ): ChartOptions<'line'> {
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      resizeDelay: 50,
      events: ['mousemove', 'mouseout', 'touchstart'],
      interaction: { mode: 'nearest', axis: 'xy', intersect: false },
      layout: { padding: { top: model.markers.some((marker) => marker.axis === 'x') ? theme.fontSize + 10 : 8, right: 12 } },
      scales: {
        x: scaleOptions(model.x, scales.x, theme, xTicks, hasAreas(model)),
        y: scaleOptions(model.y, scales.y, theme, yTicks, hasAreas(model)),
      },
      plugins: { tooltip: tooltipOptions(model, theme) },
    };
  }

  private datasets(model: ChartModel, scales: AxisScales, theme: ChartTheme, xTicks: AxisTicks): Dataset[] {
    const parts = model.series.reduce((count, series) => count + (series.kind === 'line' ? series.parts.length : 0), 0);
    const isRaw = visiblePoints(model, xTicks) <= POINT_BUDGET;
    const columns = isRaw
      ? Infinity
      : Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, Math.floor(POINT_BUDGET / 2 / Math.max(1, parts))));
    const datasets: Dataset[] = [];
    for (const series of model.series) {
      if (series.kind === 'line') {
        const points = series.parts.flatMap((part) =>
          series.path ? pathPoints(part, scales) : this.partPoints(part, scales, xTicks, columns),
        );
        datasets.push({ ...lineStyle(series, theme, parts > CROWD), data: points });
      } else if (series.kind === 'points') {
        const points = series.points.filter((point) => drawable(point.x, scales.x) && drawable(point.y, scales.y));
        datasets.push({ ...pointStyle(series, theme), data: points });
      } else if (series.kind === 'heatMap') {
        datasets.push({ ...areaStyle(series.label, theme), data: series.cells.map((cell) => centreOf(cell, scales)) });
      } else if (series.kind === 'graph') {
        datasets.push({ ...nodeStyle(series, theme), data: series.nodes.map(({ x, y, name, text }) => ({ x, y, name, text })) });
      }
    }
    return datasets;
  }

  /** The points of one curve as they are drawn, with a break at the end; kept until the curve or the axis changes. */
  private partPoints(part: LinePart, scales: AxisScales, ticks: AxisTicks, columns: number): PlotPoint[] {
    const key = `${part.x.length} ${scales.x} ${scales.y} ${ticks.min} ${ticks.max} ${columns}`;
    const known = this.thinned.get(part.y);
    if (known?.key === key) return known.points;
    const kept = shownPlaces(part, ticks, scales.x, columns);
    const points = kept
      .map((index) => ({ x: part.x[index] ?? NaN, y: part.y[index] ?? NaN, name: part.name }))
      .filter((point) => drawable(point.y, scales.y));
    const last = points.at(-1);
    if (last) points.push({ x: last.x, y: NaN, name: part.name });
    this.thinned.set(part.y, { key, points });
    return points;
  }
}

/** Room that a chart gets that is not there yet. */
function placeOf(canvas: HTMLCanvasElement): Size {
  const { clientWidth = 0, clientHeight = 0 } = canvas.parentElement ?? {};
  return { width: clientWidth, height: clientHeight };
}

/** How many points of curves are between the ends of the axis. */
function visiblePoints({ series }: ChartModel, { min, max }: AxisTicks): number {
  let count = 0;
  for (const each of series) {
    if (each.kind !== 'line' || each.path === true) continue;
    for (const { x } of each.parts) {
      const [from, to] = insideRange(x, min, max);
      count += to - from;
    }
  }
  return count;
}

/** The points of a path through the plane, of very many every k-th, with a break at the end. */
function pathPoints({ name, x, y }: LinePart, scales: AxisScales): PlotPoint[] {
  const every = Math.ceil(x.length / POINT_BUDGET);
  const points = x
    .map((value, i) => ({ x: value, y: y[i] ?? NaN, name }))
    .filter((point, i) => (i % every === 0 || i === x.length - 1) && drawable(point.x, scales.x) && drawable(point.y, scales.y));
  const last = points.at(-1);
  return last ? [...points, { x: last.x, y: NaN, name }] : [];
}

function drawable(value: number, scale: ScaleKind): boolean {
  return Number.isFinite(value) && (scale === 'linear' || value > 0);
}

function scaleOptions(
  axis: AxisModel,
  scale: ScaleKind,
  theme: ChartTheme,
  { min, max, ticks, format }: AxisTicks,
  areas: boolean,
) {
  const font = { family: theme.fontFamily, size: theme.fontSize };
  return {
    type: scale === 'log' ? ('logarithmic' as const) : ('linear' as const),
    min,
    max,
    afterBuildTicks: (built: { ticks: { value: number }[] }) => {
      built.ticks = ticks.map((value) => ({ value }));
    },
    title: { display: true, text: axis.title, color: theme.foreground, font, padding: 4 },
    ticks: {
      color: theme.foreground,
      font,
      autoSkip: false,
      maxRotation: 0,
      callback: (value: string | number) => format(Number(value)),
    },
    // Cells have outlines of their own.
    grid: { color: areas ? 'transparent' : theme.grid, tickColor: theme.border, drawTicks: true, tickLength: 5 },
    border: { color: theme.border, width: theme.highContrast ? 2 : 1 },
  };
}

function tooltipOptions(model: ChartModel, theme: ChartTheme) {
  const font = { family: theme.fontFamily, size: theme.fontSize };
  return {
    backgroundColor: theme.tooltipBackground,
    borderColor: theme.border,
    borderWidth: 1,
    cornerRadius: 2,
    titleColor: theme.foreground,
    bodyColor: theme.foreground,
    titleFont: { ...font, weight: 600 as const },
    bodyFont: font,
    displayColors: false,
    animation: false as const,
    filter: (item: TooltipItem<'line'>, index: number) => index === 0 && hoverable(model, item.datasetIndex),
    callbacks: {
      title: (items: TooltipItem<'line'>[]) => (items[0]?.raw as PlotPoint | undefined)?.name ?? '',
      label: (item: TooltipItem<'line'>) => {
        const point = item.raw as PlotPoint;
        if (point.text !== undefined) return point.text.split('\n');
        return [`${model.x.title}: ${formatNumber(point.exactX ?? point.x)}`, `${model.y.title}: ${formatNumber(point.y)}`];
      },
    },
  };
}

/** Datasets are the line and point series of the model, in order. */
function hoverable(model: ChartModel, datasetIndex: number): boolean {
  const series = model.series.filter((candidate) => candidate.kind !== 'whiskers')[datasetIndex];
  return series !== undefined && (series.kind !== 'line' || series.hover);
}

function lineStyle(series: LineSeries, theme: ChartTheme, crowded: boolean): Omit<Dataset, 'data'> {
  const widths = { thin: 1, normal: 2, bold: 2.5, halo: 6 };
  const colour = theme.ink(series.ink);
  const translucent = series.width === 'thin' && crowded && !theme.highContrast;
  return {
    label: series.label,
    showLine: true,
    borderColor: translucent ? withAlpha(colour, 0.55) : colour,
    borderWidth: widths[series.width] + (theme.highContrast ? 0.75 : 0),
    borderJoinStyle: 'round',
    borderCapStyle: series.dash ? 'butt' : 'round',
    borderDash: series.dash ? [6, 4] : [],
    spanGaps: false,
    // Symbols at the ends of the axes are whole.
    clip: series.symbol ? 6 : 2,
    ...symbolStyle(series.symbol, colour, theme, 3.5),
  };
}

function pointStyle(series: PointSeries, theme: ChartTheme): Omit<Dataset, 'data'> {
  const colour = theme.ink(series.ink);
  const radius = series.size === 'small' ? 2 : 3.5;
  return { label: series.label, showLine: false, clip: 8, ...symbolStyle(series.symbol, colour, theme, radius) };
}

/** Cells are drawn as areas; their centres, which the pointer finds, are not. */
function areaStyle(label: string, theme: ChartTheme): Omit<Dataset, 'data'> {
  return {
    label,
    showLine: false,
    pointRadius: 0,
    pointHoverRadius: 4,
    pointHoverBorderColor: theme.background,
    pointHoverBorderWidth: 2,
  };
}

function nodeStyle(series: GraphSeries, theme: ChartTheme): Omit<Dataset, 'data'> {
  const colours = series.nodes.map(({ ink }) => theme.ink(ink));
  return {
    label: series.label,
    showLine: false,
    clip: 12,
    pointStyle: 'circle',
    pointRadius: 5.5,
    pointHoverRadius: 8,
    pointBackgroundColor: colours,
    pointHoverBackgroundColor: colours,
    pointBorderColor: theme.background,
    pointBorderWidth: 1,
    pointHoverBorderColor: theme.foreground,
  };
}

function symbolStyle(symbol: PointSymbol | null, colour: string, theme: ChartTheme, radius: number) {
  const shapes = {
    circle: 'circle',
    hollow: 'circle',
    ring: 'circle',
    triangle: 'triangle',
    square: 'rect',
    diamond: 'rectRot',
  } as const;
  const larger = { circle: 0, hollow: 0, square: 0, triangle: 1, diamond: 1, ring: 3 };
  const size = symbol === null ? 0 : radius + larger[symbol];
  const fill = symbol === 'hollow' ? theme.background : symbol === 'ring' ? 'transparent' : colour;
  return {
    pointStyle: shapes[symbol ?? 'circle'],
    pointRadius: size,
    pointHoverRadius: size === 0 ? 3 : size + 1.5,
    pointBackgroundColor: fill,
    pointBorderColor: colour,
    pointHoverBackgroundColor: symbol === 'ring' ? fill : colour,
    pointHoverBorderColor: theme.foreground,
    pointBorderWidth: symbol === 'hollow' || symbol === 'ring' ? 1.5 : theme.highContrast ? 1 : 0,
  };
}
