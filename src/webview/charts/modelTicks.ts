import { axisTicks, namedTicks, windowTicks, type AxisTicks } from './axes';
import { axisExtent, type Extent } from './extent';
import type { ChartModel, ScaleKind } from './model';

interface TicksOptions {
  /** At most so many of them. */
  most: number;
  /** The part of the axis that is shown, where it is not all of it. */
  window?: Extent | undefined;
  /** A logarithmic axis of some decades is marked with powers of ten, small numbers too. */
  powers?: boolean;
}

/** Ends and marks of an axis of a chart. */
export function modelTicks(
  model: ChartModel,
  which: 'x' | 'y',
  scale: ScaleKind,
  { most, window, powers = false }: TicksOptions,
): AxisTicks {
  const { integer, names } = model[which];
  const [low, high] = window ?? axisExtent(model, which, scale) ?? [1, 10];
  if (names) return namedTicks(low, high, names, most);
  if (window) return windowTicks(low, high, scale, most, { integer, powers });
  const hasAreas = model.series.some((series) => series.kind === 'heatMap');
  return axisTicks(low, high, scale, most, { integer, roomy: which === 'y' && !hasAreas, powers });
}
