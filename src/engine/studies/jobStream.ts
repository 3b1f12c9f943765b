import { performance } from 'node:perf_hooks';
import type { TrainingBatch } from '../kernels/trainingBatch';
import { NEWS_MS, NO_NEWS, Slice } from './slice';
import type { JobProgress } from './study';

/** What a thread tells of the job at a place of the list: its progress, or its output. */
export type JobNews = { index: number } & IteratorResult<JobProgress, unknown>;

/** The place of a job, now taken; undefined when there are no more or, unless it is to be waited for, none may be begun yet. */
export type Claim = (wait: boolean) => number | undefined;

/** Begins the job at a place of the list. */
export type Begin = (index: number) => Generator<JobProgress, unknown>;

/** Does jobs, one after the other. */
export function* oneByOne(begin: Begin, claim: Claim): Generator<JobNews, void> {
  for (let index = claim(true); index !== undefined; index = claim(true)) {
    const running = begin(index);
    for (let next = running.next(); ; next = running.next()) {
      yield newsOf(index, next);
      if (next.done) break;
    }
  }
}

/** A job whose training is in the batch. */
interface Parked {
  index: number;
  running: Generator<JobProgress, unknown>;
  training: NonNullable<JobProgress['parked']>;
}

/** Does jobs whose trainings share a batch: as many at once as have a place in it. Others are done in between. */
export function* together(begin: Begin, claim: Claim, batch: TrainingBatch): Generator<JobNews, void> {
  let parked: Parked[] = [];
  const slice = new Slice();
  let told = performance.now();
  for (;;) {
    while (parked.length < batch.size) {
      const index = claim(parked.length === 0);
      if (index === undefined) break;
      const job = yield* goOn(index, begin(index));
      if (job) parked.push(job);
    }
    if (parked.length === 0) return;
    const before = performance.now();
    const taken = batch.advance(slice.steps);
    const now = performance.now();
    const ended = taken < slice.steps;
    slice.took(now - before, ended);
    const tell = now - told >= NEWS_MS;
    if (tell) {
      told = now;
      batch.collect();
    } else if (!ended) yield { index: parked[0].index, done: false, value: NO_NEWS };
    if (!tell && !ended) continue;
    const still: Parked[] = [];
    for (const job of parked) {
      const goesOn = tell || job.training.stopReason !== null ? yield* goOn(job.index, job.running) : job;
      if (goesOn) still.push(goesOn);
    }
    parked = still;
  }
}

/** To where the job waits for its training in the batch, or to its end. */
function* goOn(index: number, running: Generator<JobProgress, unknown>): Generator<JobNews, Parked | undefined> {
  for (;;) {
    const next = running.next();
    yield newsOf(index, next);
    if (next.done) return undefined;
    const training = next.value.parked;
    if (training) return { index, running, training };
  }
}

const newsOf = (index: number, { done, value }: IteratorResult<JobProgress, unknown>): JobNews =>
  ({ index, done, value }) as JobNews;
