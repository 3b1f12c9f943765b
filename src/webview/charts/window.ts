import type { Extent } from './extent';
import type { ChartModel, LegendEntry, ScaleKind } from './model';

/** The part of each axis that is shown; an axis that is absent shows all of its data. */
export interface ChartWindow {
  x?: Extent;
  y?: Extent;
}

/** Narrower than this, relative to its place, an axis could not be marked in double precision. */
const NARROWEST = 1e-12;

const to = (scale: ScaleKind) => (scale === 'log' ? Math.log : (value: number) => value);
const back = (scale: ScaleKind) => (scale === 'log' ? Math.exp : (value: number) => value);

/** The value at a fraction of an axis. */
export function valueAt([low, high]: Extent, scale: ScaleKind, fraction: number): number {
  const [a, b] = [to(scale)(low), to(scale)(high)];
  return back(scale)(a + (b - a) * fraction);
}

/** An axis that shows `factor` times as much around a fraction of it, which stays where it is; the same where that cannot be drawn. */
export function zoomed(extent: Extent, scale: ScaleKind, fraction: number, factor: number): Extent {
  return (
    valid([valueAt(extent, scale, fraction * (1 - factor)), valueAt(extent, scale, fraction + (1 - fraction) * factor)], scale) ??
    extent
  );
}

/** An axis moved by a fraction of its length. */
export function moved(extent: Extent, scale: ScaleKind, by: number): Extent {
  return valid([valueAt(extent, scale, by), valueAt(extent, scale, 1 + by)], scale) ?? extent;
}

/** The part between two fractions of an axis, in whichever order. */
export function between(extent: Extent, scale: ScaleKind, a: number, b: number): Extent {
  const ends = [Math.min(a, b), Math.max(a, b)].map((fraction) => valueAt(extent, scale, fraction));
  return valid([ends[0] ?? NaN, ends[1] ?? NaN], scale) ?? extent;
}

function valid([low, high]: Extent, scale: ScaleKind): Extent | null {
  const drawable = Number.isFinite(low) && Number.isFinite(high) && (scale === 'linear' || low > 0);
  return drawable && high - low > NARROWEST * Math.max(Math.abs(low), Math.abs(high)) ? [low, high] : null;
}

/** A chart without the series that a person has switched off, and without their entries in the legend. */
export function withoutHidden(model: ChartModel, hidden: readonly string[]): ChartModel {
  if (hidden.length === 0) return model;
  const shown = (labels: readonly string[]) => !labels.every((label) => hidden.includes(label));
  return {
    ...model,
    series: model.series.filter(({ label }) => !hidden.includes(label)),
    legend: model.legend.flatMap((entry): LegendEntry[] => {
      if (entry.kind !== 'ramp') return shown([entry.label]) ? [entry] : [];
      return [{ ...entry, steps: entry.steps.filter(({ series }) => !series || shown(series)) }];
    }),
  };
}
