import { performance } from 'node:perf_hooks';
import type { JobProgress } from './study';

/** How long a slice of training lasts, at most: short enough to stop at once, long enough to cost nothing. */
export const SLICE_MS = 10;

/** News of running trainings are gathered this long. */
export const NEWS_MS = 40;

export const NO_NEWS: JobProgress = { steps: 0, curve: { steps: [], losses: [] } };

/** Work with pauses, of which those are told that come at the end of a slice; `each` is called at every one of these. */
export function* pacedSteps<State, Result>(
  work: Generator<State, Result>,
  each?: (state: State) => void,
): Generator<JobProgress, Result> {
  let began = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - began < SLICE_MS / 2) continue;
    each?.(value);
    yield NO_NEWS;
    began = performance.now();
  }
}

/** How many steps a slice of training has. Slices follow the clock, numbers do not. */
export class Slice {
  steps = 1;

  /** @param cut whether it ended before all of its steps, so that it says nothing about longer ones. */
  took(milliseconds: number, cut: boolean): void {
    if (milliseconds < SLICE_MS / 4) {
      if (!cut) this.steps *= 2;
    } else if (milliseconds > SLICE_MS && this.steps > 1) this.steps /= 2;
  }
}
