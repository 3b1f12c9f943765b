import { expect } from 'vitest';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import type { JobCheckpoint } from '../../../src/engine/studies/jobCheckpoint';
import type { JobProgress } from '../../../src/engine/studies/study';

/** A job of a study. */
export type Work<T> = (checkpoint?: JobCheckpoint) => Generator<JobProgress, T>;

/** All that a job tells, in whatever pieces, and returns. */
export interface Told<T> {
  output: T;
  steps: number;
  curve: { steps: number[]; losses: number[]; times: number[] };
  spectra: unknown[];
}

/** To the end. */
export function wholeJob<T>(work: Work<T>, checkpoint?: JobCheckpoint): Told<T> {
  const curve: Told<T>['curve'] = { steps: [], losses: [], times: [] };
  const spectra: unknown[] = [];
  let steps = 0;
  const running = work(checkpoint);
  for (let next = running.next(); ; next = running.next()) {
    if (next.done) return { output: next.value, steps, curve, spectra };
    steps += next.value.steps;
    curve.steps.push(...next.value.curve.steps);
    curve.losses.push(...next.value.curve.losses);
    curve.times.push(...(next.value.curve.times ?? []));
    if (next.value.spectrum) spectra.push(next.value.spectrum);
  }
}

/** Saves as often as it can; what was saved comes back as from a file. */
export class Notebook implements JobCheckpoint {
  readonly states: string[] = [];
  readonly refused: string[] = [];

  constructor(private saved?: string) {}

  read(): unknown {
    return this.saved === undefined ? undefined : decodeExact(this.saved);
  }

  refuse(reason: string): void {
    this.refused.push(reason);
    this.saved = undefined;
  }

  due(): boolean {
    return true;
  }

  write(state: object): void {
    this.states.push(encodeExact(state));
  }
}

/**
 * Cuts a job at some of the states that it saves, evenly over all of them, goes on from each, and expects what the job tells uncut, bit for
 * bit, and that going on saves less than beginning anew did.
 *
 * @returns number of states that it saved
 */
export function expectSameFromEverywhere<T>(work: Work<T>, most = 12): number {
  const uncut = wholeJob(work);
  const notebook = new Notebook();
  expect(wholeJob(work, notebook)).toEqual(uncut);
  const { states } = notebook;
  expect(states.length).toBeGreaterThan(0);
  const stride = Math.max(1, Math.ceil(states.length / most));
  for (let cut = states.length - 1; cut >= 0; cut -= stride) {
    const second = new Notebook(states[cut]);
    expect(wholeJob(work, second)).toEqual(uncut);
    expect(second.refused).toEqual([]);
  }
  return states.length;
}
