import type { SpectrumMeasurement } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import type { SpectrumAtStep } from '../../protocol/spectra';
import * as strings from '../strings';

/** Where on the way of a training a spectrum was taken. */
export interface SpectrumPlace {
  /** `solution` or a step number. */
  id: string;
  label: string;
  measurement: SpectrumMeasurement;
}

/** The solution first, then the way back to the start. */
export function spectrumPlaces(record: RunRecord, selected: string | null): SpectrumPlace[] {
  if (selected === null) return [];
  const solution = record.cells[selected]?.hessian ?? record.spectra[selected];
  const places: SpectrumPlace[] = solution ? [{ id: 'solution', label: strings.hessian.solution, measurement: solution }] : [];
  const spectra = record.histories[selected]?.spectra ?? [];
  for (let i = spectra.length - 1; i >= 0; i--) {
    const at = spectra[i];
    if (at) places.push({ id: String(at.step), label: strings.hessian.step(at.step, at.time), measurement: at.measurement });
  }
  return places;
}

/** The place of that name, else the latest. */
export function chosenPlace(places: readonly SpectrumPlace[], id: string | null): SpectrumPlace | undefined {
  return places.find((place) => place.id === id) ?? places[0];
}

/** From the start of a training to its solution. */
export function spectraOnTheWay(record: RunRecord, selected: string): SpectrumAtStep[] {
  const spectra = record.histories[selected]?.spectra ?? [];
  const cell = record.cells[selected];
  const solution = cell?.hessian ?? record.spectra[selected];
  return cell && solution ? [...spectra, { step: cell.steps, measurement: solution }] : [...spectra];
}
