import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError } from '../errors';
import { executeJobs } from '../studies/registry';
import { Workbench } from '../studies/workbench';
import { ThreadCheckpoints } from './checkpoints';
import { countJobs, type Executor, type ExecutorOptions, type JobHandlers, type JobList } from './executor';
import { createClaims, JobClaims } from './jobClaims';
import { WorkerPool } from './pool';

/** How long jobs may have this thread before signals, commands and timers get their turn. */
const TURN_MS = 10;

/**
 * Work that is expected to take this thread longer is shared with helpers. To start one takes 100 to 150 ms of a processor that V8
 * compiles on; and what is expected while code is still being compiled is up to twice what it then takes.
 */
const WORTH_HELPERS_MS = 700;

/** Before that, nothing can be said about how long jobs take. */
const WARM_UP_MS = 30;

/** Fewer jobs say little before this: those that train side by side come to their ends together. */
const FEW_JOBS = 32;
const FEW_JOBS_WARM_UP_MS = 150;

/** Worker threads that help where there is enough to do. */
export interface Helpers {
  workers: number;
  workerFile: string;
}

/** The list of jobs that is being worked through. */
interface Batch<Output> {
  jobs: JobList<unknown>;
  count: number;
  handlers: JobHandlers<Output>;
  memory: SharedArrayBuffer;
  claims: JobClaims;
  /** By this thread. */
  finished: number;
  started: number;
  /** How many were finished when. */
  marks: { elapsed: number; finished: number }[];
  /** What the helpers do, once they take part; never rejects. */
  helped: Promise<{ error: unknown } | undefined> | undefined;
  helpersFailed: { error: unknown } | undefined;
}

/**
 * Runs jobs in this thread, a slice at a time, so that signals and commands still come through. Helpers are started when the
 * jobs turn out to be worth it, and then take jobs from the same list: short runs never pay for a thread.
 */
export class InProcessExecutor implements Executor {
  readonly workers: number;
  private readonly bench: Workbench;
  private readonly aborted: Promise<unknown>;
  private lastTurn = -Infinity;
  private pool: WorkerPool | undefined;
  private shared: unknown;

  constructor(
    private readonly options: ExecutorOptions,
    private readonly helpers: Helpers | undefined = undefined,
  ) {
    this.workers = helpers?.workers ?? 0;
    this.bench = new Workbench(options.experiment);
    this.aborted = once(options.signal, 'abort');
  }

  share(shared: unknown): void {
    this.shared = shared;
    this.bench.share(shared);
    this.pool?.share(shared);
  }

  async run<Job, Output>(jobs: JobList<Job>, handlers: JobHandlers<Output>): Promise<void> {
    const count = countJobs(jobs);
    const memory = createClaims();
    const claims = new JobClaims(memory, count);
    const batch: Batch<Output> = {
      jobs,
      count,
      handlers,
      memory,
      claims,
      finished: 0,
      started: performance.now(),
      marks: [{ elapsed: 0, finished: 0 }],
      helped: undefined,
      helpersFailed: undefined,
    };
    if (this.pool) this.callHelpers(batch);
    const { checkpoints: plan } = handlers;
    const checkpoints = plan && new ThreadCheckpoints(plan, plan, () => this.bench.sharedSoFar);
    const running = executeJobs(this.bench, jobs, () => claims.takeNow(), checkpoints);
    for (;;) {
      if (performance.now() - this.lastTurn >= TURN_MS) await this.giveTurn(batch);
      const next = running.next();
      if (next.done) break;
      const { index, done, value } = next.value;
      if (done) {
        // A study knows what its own jobs return.
        handlers.output(value as Output, index, next.value.steps);
        batch.finished++;
        this.pool?.finishedElsewhere();
        continue;
      }
      const { steps, curve, spectrum } = value;
      if (steps > 0) handlers.steps?.(steps);
      if (curve.steps.length > 0) handlers.curve?.(curve, index);
      if (spectrum) handlers.spectrum?.(spectrum, index);
    }
    await batch.helped;
    if (batch.helpersFailed) throw batch.helpersFailed.error;
  }

  async close(): Promise<void> {
    await this.pool?.close();
  }

  private async giveTurn(batch: Batch<never>): Promise<void> {
    const { signal } = this.options;
    await nextTurn();
    const caughtUp = batch.handlers.caughtUp?.();
    if (caughtUp && !signal.aborted) await Promise.race([caughtUp, this.aborted]);
    if (signal.aborted) throw new CancelledError();
    if (batch.helpersFailed) throw batch.helpersFailed.error;
    if (!batch.helped && this.isWorthHelpers(batch)) this.callHelpers(batch);
    this.lastTurn = performance.now();
  }

  private isWorthHelpers({ count, claims, finished, started, marks }: Batch<never>): boolean {
    const left = count - claims.taken;
    if (!this.helpers || this.helpers.workers === 0 || left === 0) return false;
    const elapsed = performance.now() - started;
    marks.push({ elapsed, finished });
    if (elapsed < (finished < FEW_JOBS ? FEW_JOBS_WARM_UP_MS : WARM_UP_MS)) return false;
    // By the second half of the time: the first jobs wait for their code to be compiled. A job that has not come to its end
    // says how long the others take at least.
    while (marks[1].elapsed < elapsed / 2) marks.shift();
    const since = marks[0];
    return ((elapsed - since.elapsed) / Math.max(1, finished - since.finished)) * left >= WORTH_HELPERS_MS;
  }

  private callHelpers<Output>(batch: Batch<Output>): void {
    const { jobs, handlers, memory, finished } = batch;
    if (!this.pool) {
      const workers = Math.min(this.workers, batch.count - batch.claims.taken);
      this.pool = new WorkerPool({ ...this.options, ...this.helpers!, workers });
      if (this.shared !== undefined) this.pool.share(this.shared);
    }
    batch.helped = this.pool.takePart(jobs, handlers, memory, finished).then(
      () => undefined,
      (error: unknown) => (batch.helpersFailed = { error }),
    );
  }
}
