import type { SpectrumEvent, SpectrumMeasurement } from './events';
import { cellId, type RunRecord } from './record';

/** Trainings of a run whose spectra are followed while they train: those that come first in the plan. */
export const FOLLOWED_TRAININGS = 100;

/** Most spectra of one training, and numbers in those of a whole run: a panel gets all of them at once. */
const MOST_SPECTRA = 200;
const MOST_NUMBERS = 1_000_000;
const FEWEST_SPECTRA = 4;

/** A spectrum on the way of a training. */
export interface SpectrumAtStep {
  step: number;
  time?: number;
  measurement: SpectrumMeasurement;
}

/** Spectra of one training in the order of its steps: one in every `stride` that came, and the latest. */
export interface SpectrumHistory {
  spectra: SpectrumAtStep[];
  stride: number;
  /** How many came. */
  arrived: number;
}

export function appendSpectrum(record: RunRecord, { step = 0, time, measurement, ...key }: SpectrumEvent): void {
  const history = (record.histories[cellId(key)] ??= { spectra: [], stride: 1, arrived: 0 });
  const { spectra } = history;
  // The latest is shown before its turn; unless it had its turn it goes.
  if (spectra.length > 0 && (history.arrived - 1) % history.stride !== 0) spectra.pop();
  spectra.push({ step, ...(time === undefined ? {} : { time }), measurement });
  history.arrived++;
  if (spectra.length > mostSpectra(record, measurement)) {
    const last = spectra.length - 1;
    history.spectra = spectra.filter((_, index) => index % 2 === 0 || index === last);
    history.stride *= 2;
  }
}

function mostSpectra({ accepted }: RunRecord, measurement: SpectrumMeasurement): number {
  const trainings = Math.min(FOLLOWED_TRAININGS, accepted?.cells ?? 1);
  const fitting = Math.floor(MOST_NUMBERS / (trainings * numbersOf(measurement)));
  return Math.max(FEWEST_SPECTRA, Math.min(MOST_SPECTRA, fitting));
}

/** How many numbers a spectrum is made of. */
export function numbersOf({ eigenvalues, residuals, density }: SpectrumMeasurement): number {
  return eigenvalues.length + 2 * (residuals?.length ?? 0) + 4 * (density?.values.length ?? 0) + 4;
}
