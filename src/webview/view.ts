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

function without<T extends object>(entries: T, key: string): T {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => name !== key)) as T;
}
