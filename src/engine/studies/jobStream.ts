import { performance } from 'node:perf_hooks';
import type { TrainingBatch } from '../kernels/trainingBatch';
import { NEWS_MS, NO_NEWS, Slice } from './slice';
import type { JobProgress } from './study';

/** What a thread tells of the job at a place of the list: its progress, or its output and how many steps it took in all. */
export type JobNews =
  { index: number; done: false; value: JobProgress } | { index: number; done: true; value: unknown; steps: number };

/** The place of a job, now taken; undefined when there are no more or, unless it is to be waited for, none may be begun yet. */
export type Claim = (wait: boolean) => number | undefined;

/** Begins the job at a place of the list. */
export type Begin = (index: number) => Generator<JobProgress, unknown>;

/** Does jobs, one after the other. */
export function* oneByOne(begin: Begin, claim: Claim): Generator<JobNews, void> {
  for (let index = claim(true); index !== undefined; index = claim(true)) {
    const job = new RunningJob(index, begin(index));
    while (!job.ended) yield job.next();
  }
}

/** A job on its way. */
class RunningJob {
  ended = false;
  /** Its training, while that is in the batch. */
  training: JobProgress['parked'];
  private steps = 0;

  constructor(
    readonly index: number,
    private readonly running: Generator<JobProgress, unknown>,
  ) {}

  next(): JobNews {
    const { index, running } = this;
    const { done, value } = running.next();
    if (done) {
      this.ended = true;
      return { index, done, value, steps: this.steps };
    }
    this.steps += value.steps;
    this.training = value.parked;
    return { index, done: false, value };
  }

  /** To where the job waits for its training in the batch, or to its end. */
  *goOn(): Generator<JobNews, void> {
    do yield this.next();
    while (!this.ended && !this.training);
  }
}

/** Does jobs whose trainings share a batch: as many at once as have a place in it. Others are done in between. */
export function* together(begin: Begin, claim: Claim, batch: TrainingBatch): Generator<JobNews, void> {
  let parked: RunningJob[] = [];
  const slice = new Slice();
  let told = performance.now();
  for (;;) {
    while (parked.length < batch.size) {
      const index = claim(parked.length === 0);
      if (index === undefined) break;
      const job = new RunningJob(index, begin(index));
      yield* job.goOn();
      if (!job.ended) parked.push(job);
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
    for (const job of parked) if (tell || job.training?.stopReason !== null) yield* job.goOn();
    parked = parked.filter(({ ended }) => !ended);
  }
}
