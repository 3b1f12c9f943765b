import { axisTicks, namedTicks, windowTicks, type AxisTicks } from './axes';
import { axisExtent, type Extent } from './extent';
import { hasAreas, type ChartModel, type ScaleKind } from './model';

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
  // Cells of colour fill the plot to its edges.
  if (window || hasAreas(model)) return windowTicks(low, high, scale, most, { integer, powers });
  return axisTicks(low, high, scale, most, { integer, roomy: which === 'y', powers });
}
