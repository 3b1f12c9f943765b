import type { PanelView } from '../protocol/panel';
import type { AxisScales, ScaleKind } from './charts/model';

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
  return { ...view, axes: { ...view.axes, [chart]: { ...(view.axes[chart] ?? own), [axis]: scale } } };
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
  if (typeof value.selectedCell === 'string') view.selectedCell = value.selectedCell;
  return view;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScale(value: unknown): value is ScaleKind {
  return value === 'linear' || value === 'log';
}
