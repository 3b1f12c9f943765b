import { performance } from 'node:perf_hooks';
import type { ResolvedExperiment } from '../../experiment/resolved';
import { CancelledError } from '../errors';
import type { JobHandlers, WholeJobList } from '../schedule/executor';
import { InProcessExecutor } from '../schedule/inProcess';
import { recordJobs, retell } from '../schedule/recordedJobs';

/** Enough to see code compiled and the mean settle; and the longest that somebody waits for a single job. */
const ENOUGH_MS = 2000;
const LONGEST_MS = 20_000;

export interface PilotOptions {
  experiment: ResolvedExperiment;
  shared: unknown;
  signal: AbortSignal;
}

/**
 * Runs jobs from all over a list in this thread, more at a time in every round, and tells them as any others.
 *
 * @param places jobs that are left
 * @returns seconds that a job takes by the last round, in which code is compiled; undefined when none ended in time
 */
export async function pilot<Output>(
  { experiment, shared, signal }: PilotOptions,
  list: WholeJobList<unknown>,
  places: readonly number[],
  handlers: JobHandlers<Output>,
): Promise<number | undefined> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LONGEST_MS);
  const executor = new InProcessExecutor({ experiment, signal: AbortSignal.any([signal, late.signal]) });
  const order = spread(places);
  const begun = performance.now();
  let seconds: number | undefined;
  try {
    if (shared !== undefined) executor.share(shared);
    for (let from = 0, size = 1; from < order.length; from += size, size *= 2) {
      const started = performance.now();
      const round = order.slice(from, from + size);
      const silent: JobHandlers<Output> = {
        output: () => undefined,
        ...(handlers.curve ? { curve: () => undefined } : {}),
        ...(handlers.spectrum ? { spectrum: () => undefined } : {}),
      };
      // A job that is cut short has said nothing.
      const recording = recordJobs({ run: 0, list: () => '', keep: (entry) => retell(entry, handlers) }, silent);
      await executor.run<unknown, Output>({ of: list, places: Int32Array.from(round) }, recording);
      seconds = (performance.now() - started) / 1000 / round.length;
      if (performance.now() - begun >= ENOUGH_MS) break;
    }
  } catch (error) {
    if (!(error instanceof CancelledError) || signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    await executor.close();
  }
  return seconds;
}

/** At most so many jobs of a pilot. */
const MOST_BITS = 12;

/** Some of the places, so that any first few of them come from all over: by the bits of their number in reverse. */
export function spread(places: readonly number[]): number[] {
  const bits = Math.min(MOST_BITS, 32 - Math.clz32(Math.max(1, places.length - 1)));
  const order = new Set<number>();
  for (let i = 0; i < 1 << bits; i++) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) reversed |= 1 << (bits - 1 - bit);
    order.add(places[Math.floor((reversed * places.length) / (1 << bits))]);
  }
  return [...order];
}
