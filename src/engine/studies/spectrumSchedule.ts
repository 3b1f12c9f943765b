import type { HessianEveryConfig } from '../../experiment/schema';
import { pow } from '../numbers/elementary';

/** After so many spectra at equal distances the distance doubles, so that their number grows with the logarithm of the steps. */
const DOUBLE_AFTER = 200;

/** At which steps of a training its spectrum is taken: depends on nothing but the file. */
export class SpectrumSchedule {
  /** The next such step; the first is 0. */
  next = 0;
  private taken = 0;
  private distance: number;
  private readonly ratio: number;

  constructor(every: HessianEveryConfig) {
    this.distance = typeof every === 'number' ? every : 0;
    this.ratio = typeof every === 'number' ? 1 : pow(10, 1 / every.perDecade);
  }

  /** All spectra before this step have been taken. */
  skipTo(step: number): void {
    while (this.next < step) this.passed(this.next);
  }

  /** The spectrum at `next` has been taken, at `step` or later. */
  passed(step: number): void {
    this.taken++;
    if (this.distance === 0) {
      this.next = Math.max(step + 1, Math.ceil(step * this.ratio));
      return;
    }
    if (this.taken % DOUBLE_AFTER === 0) this.distance *= 2;
    this.next = step + this.distance;
  }
}
