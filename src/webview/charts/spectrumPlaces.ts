import type { SpectrumMeasurement } from '../../protocol/events';
import type { PanelView } from '../../protocol/panel';
import type { Curve, RunRecord } from '../../protocol/record';
import type { SpectrumAtStep } from '../../protocol/spectra';
import * as strings from '../strings';

type ChosenPlace = NonNullable<PanelView['spectrum']>['at'];

/** Where on the way of a training a spectrum was taken. */
export interface SpectrumPlace {
  at: Exclude<ChosenPlace, null>;
  /** Of the solution the last. */
  step: number;
  /** With the loss there. */
  label: string;
  measurement: SpectrumMeasurement;
}

/** From the start of a training to its solution. */
export function spectrumPlaces(record: RunRecord, selected: string | null): SpectrumPlace[] {
  if (selected === null) return [];
  const curve = record.curves[selected];
  const places = (record.histories[selected]?.spectra ?? []).map(({ step, time, measurement }): SpectrumPlace => {
    const name = strings.hessian.step(step, time);
    const loss = curve && lossNear(curve, step);
    return { at: step, step, label: strings.hessian.placeWithLoss(name, loss?.value, loss?.step === step), measurement };
  });
  const cell = record.cells[selected];
  const solution = cell?.hessian ?? record.spectra[selected];
  if (!solution) return places;
  const step = cell?.steps ?? places.at(-1)?.step ?? 0;
  const label = cell
    ? strings.hessian.placeWithLoss(strings.hessian.solutionAfter(cell.steps), cell.trainLoss, true)
    : strings.hessian.solution;
  return [...places, { at: 'solution', step, label, measurement: solution }];
}

/** Index of the place that was chosen or, where there is none of this step, of the closest; the newest unless one was chosen. */
export function indexOfPlace(places: readonly SpectrumPlace[], chosen: ChosenPlace): number {
  if (typeof chosen !== 'number') return places.length - 1;
  const away = (index: number) => Math.abs((places[index]?.step ?? Infinity) - chosen);
  return places.reduce((best, _, index) => (away(index) < away(best) ? index : best), 0);
}

/** From the start of a training to its solution. */
export function spectraOnTheWay(record: RunRecord, selected: string): SpectrumAtStep[] {
  const spectra = record.histories[selected]?.spectra ?? [];
  const cell = record.cells[selected];
  const solution = cell?.hessian ?? record.spectra[selected];
  return cell && solution ? [...spectra, { step: cell.steps, measurement: solution }] : [...spectra];
}

/** Loss curves are thinned: a point whose step is further off than by this factor says nothing of a step. */
const NEAR = 1.2;

/** The point of a loss curve closest to a step. */
function lossNear({ steps, losses }: Curve, step: number): { step: number; value: number } | undefined {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? Infinity) < step) low = middle + 1;
    else high = middle;
  }
  const near = [low - 1, low].flatMap((i) => {
    const [at, value] = [steps[i], losses[i]];
    return at === undefined || value === undefined ? [] : [{ step: at, value }];
  });
  const best = near.sort((a, b) => Math.abs(a.step - step) - Math.abs(b.step - step))[0];
  return best && Math.max(best.step + 1, step + 1) <= NEAR * Math.min(best.step + 1, step + 1) ? best : undefined;
}
