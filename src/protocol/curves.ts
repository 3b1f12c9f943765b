import type { CurveEvent } from './events';
import { cellId, type Curve, type RunRecord } from './record';

/** Most points of one loss curve: more than a plot has pixels. */
export const CURVE_POINTS = 2000;

/** Most loss curves of one run: those of the cells that came first. */
export const CURVE_COUNT = 2000;

/** Number of curves by record, so that a long run does not count them at every event. */
const counts = new WeakMap<RunRecord['curves'], number>();

/** Appends points to the curve of their cell, which stays within `CURVE_POINTS`. */
export function appendCurve({ curves }: RunRecord, { sampleSize, trial, steps, losses, times }: CurveEvent): void {
  const id = cellId({ sampleSize, trial });
  let curve: Curve | undefined = curves[id];
  if (!curve) {
    const count = counts.get(curves) ?? Object.keys(curves).length;
    if (count >= CURVE_COUNT) return;
    curve = { sampleSize, trial, steps: [], losses: [], ...(times ? { times: [] } : {}) };
    curves[id] = curve;
    counts.set(curves, count + 1);
  }
  const length = Math.min(steps.length, losses.length);
  for (let i = 0; i < length; i++) {
    curve.steps.push(steps[i]);
    curve.losses.push(losses[i]);
    if (times) curve.times?.push(times[i]);
    if (curve.steps.length > CURVE_POINTS) thin(curve);
  }
}

/**
 * Halves a curve: the axis of log(step + 1) is cut into equal parts, of which each keeps its first point, and the last point
 * stays. On a logarithmic plot nothing is seen to be missing.
 */
function thin(curve: Curve): void {
  const { steps, losses, times } = curve;
  const last = steps.length - 1;
  const from = Math.log1p(steps[0]);
  const span = Math.log1p(steps[last]) - from;
  const parts = CURVE_POINTS / 2 - 1;
  let kept = 0;
  let previous = -1;
  for (let i = 0; i <= last; i++) {
    const part = span > 0 ? Math.floor(((Math.log1p(steps[i]) - from) / span) * parts) : 0;
    if (part === previous && i !== last) continue;
    previous = part;
    steps[kept] = steps[i];
    losses[kept] = losses[i];
    if (times) times[kept] = times[i];
    kept += 1;
  }
  steps.length = kept;
  losses.length = kept;
  if (times) times.length = kept;
}
