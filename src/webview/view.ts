import type { PanelView } from '../protocol/panel';
import type { AxisScales, ScaleKind } from './charts/model';
import type { ChartWindow } from './charts/window';
import type { ChartLook } from './ui/chartPanel';

export type ChartId = 'lossCurves' | 'testError' | 'hessian' | 'singularValues' | 'empiricalRank';

const DEFAULT_SCALES: Record<ChartId, AxisScales> = {
  lossCurves: { x: 'log', y: 'log' },
  testError: { x: 'linear', y: 'log' },
  hessian: { x: 'linear', y: 'log' },
  singularValues: { x: 'linear', y: 'log' },
  empiricalRank: { x: 'linear', y: 'linear' },
};

export function emptyView(): PanelView {
  return { axes: {}, openTables: [], selectedCell: null };
}

/** The scales that the person chose for a chart, or its own. */
export function scalesOf(view: PanelView, chart: ChartId): AxisScales {
  return view.axes[chart] ?? DEFAULT_SCALES[chart];
}

/** `own` are the scales that the chart has by itself. */
export function withScale(view: PanelView, chart: string, own: AxisScales, axis: 'x' | 'y', scale: ScaleKind): PanelView {
  const window = without(view.windows?.[chart] ?? {}, axis);
  // A part of a linear axis may have no place on a logarithmic one.
  const rest = view.windows ? { windows: { ...view.windows, [chart]: window } } : {};
  return { ...view, ...rest, axes: { ...view.axes, [chart]: { ...(view.axes[chart] ?? own), [axis]: scale } } };
}

/** What is shown of a chart. */
export function lookOf(view: PanelView, chart: string): ChartLook & { tableOpen: boolean } {
  return { window: view.windows?.[chart] ?? {}, hidden: view.hidden?.[chart] ?? [], tableOpen: view.openTables.includes(chart) };
}

/** Null for all of the chart. */
export function withWindow(view: PanelView, chart: string, window: ChartWindow | null): PanelView {
  const others = without(view.windows ?? {}, chart);
  return { ...view, windows: window ? { ...others, [chart]: window } : others };
}

export function withHidden(view: PanelView, chart: string, labels: string[]): PanelView {
  const others = without(view.hidden ?? {}, chart);
  return { ...view, hidden: labels.length > 0 ? { ...others, [chart]: labels } : others };
}

export function withTable(view: PanelView, chart: string, open: boolean): PanelView {
  const others = view.openTables.filter((id) => id !== chart);
  return { ...view, openTables: open ? [...others, chart] : others };
}

/** A view from outside (host, stored state) with everything malformed left out. */
export function readView(value: unknown): PanelView {
  const view = emptyView();
  if (!isObject(value)) return view;
  if (isObject(value.axes)) {
    for (const [chart, scales] of Object.entries(value.axes)) {
      if (isObject(scales) && isScale(scales.x) && isScale(scales.y)) view.axes[chart] = { x: scales.x, y: scales.y };
    }
  }
  if (Array.isArray(value.openTables)) view.openTables = value.openTables.filter((id) => typeof id === 'string');
  if (isObject(value.windows)) {
    for (const [chart, window] of Object.entries(value.windows)) {
      if (!isObject(window)) continue;
      const read = { ...(isRange(window.x) ? { x: window.x } : {}), ...(isRange(window.y) ? { y: window.y } : {}) };
      (view.windows ??= {})[chart] = read;
    }
  }
  if (isObject(value.hidden)) {
    for (const [chart, labels] of Object.entries(value.hidden))
      if (Array.isArray(labels)) (view.hidden ??= {})[chart] = labels.filter((label) => typeof label === 'string');
  }
  if (typeof value.selectedCell === 'string') view.selectedCell = value.selectedCell;
  return view;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];
}

function without<T extends object>(entries: T, key: string): T {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => name !== key)) as T;
}

function isScale(value: unknown): value is ScaleKind {
  return value === 'linear' || value === 'log';
}
