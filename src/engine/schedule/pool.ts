import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { CancelledError, EngineError, errorMessage } from '../errors';
import type { CheckpointListener, CheckpointPlan } from './checkpoints';
import { createRing, RingReader } from './curveRing';
import { sampleRing } from './curveSampler';
import { countJobs, type Executor, type ExecutorOptions, type JobHandlers, type JobList } from './executor';
import { createClaims, JobClaims } from './jobClaims';
import type { FromWorker, ToWorker, WorkerStart } from './messages';
import { sharedModules } from './sharedModules';
import { reviveError } from './workerError';

/** The rings are sampled this often. */
const SAMPLE_MS = 40;

/** Jobs that may be begun for each worker before the outputs of earlier ones have been handled: bounds what piles up. */
const AHEAD = 512;

interface Thread {
  worker: Worker;
  ring: RingReader;
  /** The last sign of life in a job, and when it was first seen. */
  pulse: number | undefined;
  seen: number;
}

/** The list of jobs that is being worked through. */
interface Batch {
  count: number;
  claims: JobClaims;
  handlers: JobHandlers<unknown>;
  finished: number;
  /** While whoever hears of the jobs catches up. */
  waiting: boolean;
  timer: NodeJS.Timeout;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Long-lived worker threads that share lists of jobs. Cancelling terminates them at once: a cell that is not finished has
 * no result, so there is nothing to save.
 */
export class WorkerPool implements Executor {
  readonly workers: number;
  private readonly threads: Thread[] = [];
  private batch: Batch | undefined;
  private failure: unknown;

  constructor(private readonly options: ExecutorOptions & { workers: number; workerFile: string }) {
    this.workers = options.workers;
    options.signal.addEventListener('abort', this.abort, { once: true });
    // With all cores busy, a collection that is spread over threads waits for those that get no core.
    setFlagsFromString('--no-parallel-scavenge');
    const modules = sharedModules(options.experiment);
    for (let i = 0; i < options.workers; i++) {
      const ring = createRing();
      this.start({ recoveryWorker: true, experiment: options.experiment, modules, ring });
    }
  }

  share(shared: unknown): void {
    for (const { worker } of this.threads) send(worker, { type: 'share', shared });
  }

  run<Job, Output>(jobs: JobList<Job>, handlers: JobHandlers<Output>): Promise<void> {
    return this.takePart(jobs, handlers, createClaims(), 0);
  }

  /**
   * Works through a list of jobs together with others who take from the same claims. Resolves when every job has an output: those
   * that were handled before, those told by `finishedElsewhere`, and those of the workers, which alone go to `handlers`.
   */
  takePart<Job, Output>(
    jobs: JobList<Job>,
    handlers: JobHandlers<Output>,
    memory: SharedArrayBuffer,
    finished: number,
  ): Promise<void> {
    if (this.batch) throw new Error('the pool is already running jobs');
    return new Promise<void>((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      if (this.options.signal.aborted) return reject(new CancelledError());
      const count = countJobs(jobs);
      if (finished === count) return resolve();
      const claims = new JobClaims(memory, count);
      const timer = setInterval(() => this.guard(() => this.sample()), SAMPLE_MS);
      // A study knows what its own jobs return.
      this.batch = { count, claims, handlers, finished, waiting: false, timer, resolve, reject };
      this.allowMore();
      const { checkpoints: given } = handlers;
      // Functions cannot cross.
      const checkpoints = given && planOnly(given);
      for (const { worker } of this.threads.slice(0, count)) send(worker, { type: 'jobs', jobs, claims: memory, checkpoints });
    });
  }

  /** Says that a job of the list has an output that others made and handled. */
  finishedElsewhere(): void {
    this.countFinished(1);
  }

  async close(): Promise<void> {
    this.options.signal.removeEventListener('abort', this.abort);
    const threads = this.threads.splice(0);
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  private start(workerData: WorkerStart): void {
    const worker = new Worker(this.options.workerFile, { workerData });
    const thread: Thread = { worker, ring: new RingReader(workerData.ring), pulse: undefined, seen: performance.now() };
    this.threads.push(thread);
    worker.on('message', (message: FromWorker) => this.guard(() => this.receive(thread, message)));
    worker.on('error', (error) => this.fail(workerCrash(errorMessage(error))));
    worker.on('messageerror', (error) => this.fail(workerCrash(errorMessage(error))));
    worker.on('exit', (code) => {
      if (this.threads.includes(thread)) this.fail(workerCrash(`it ended with exit code ${code}`));
    });
  }

  private receive({ ring }: Thread, message: FromWorker): void {
    const { batch } = this;
    if (!batch) return;
    if (message.type === 'error') return this.fail(reviveError(message.error));
    if (message.type === 'saved') return batch.handlers.checkpoints?.saved(message.place);
    if (message.type === 'say') return batch.handlers.checkpoints?.say(message.text);
    // What a finished job put into the ring comes before its output.
    sampleRing(ring, batch.handlers);
    if (message.type === 'spectrum') return batch.handlers.spectrum?.(message.spectrum, message.index);
    const { outputs } = message;
    for (let i = 0; i < outputs.length; i += 3)
      batch.handlers.output(outputs[i + 1], outputs[i] as number, outputs[i + 2] as number);
    this.countFinished(outputs.length / 3);
  }

  private countFinished(jobs: number): void {
    const { batch } = this;
    if (!batch) return;
    batch.finished += jobs;
    if (batch.finished === batch.count) return this.end()?.resolve();
    this.allowMore();
  }

  /** Lets the workers go on as far as their outputs can be handled. */
  private allowMore(): void {
    const { batch } = this;
    if (!batch || batch.waiting) return;
    const caughtUp = batch.handlers.caughtUp?.();
    if (!caughtUp) return batch.claims.allow(batch.finished + AHEAD * this.workers);
    batch.waiting = true;
    caughtUp.then(
      () => {
        batch.waiting = false;
        if (this.batch === batch) this.guard(() => this.allowMore());
      },
      (error: unknown) => this.fail(error),
    );
  }

  private sample(): void {
    const { batch } = this;
    this.watch();
    if (!batch || batch.waiting || batch.handlers.caughtUp?.()) return;
    for (const { ring } of this.threads) sampleRing(ring, batch.handlers);
  }

  /** By the time since this thread saw the last sign of life: a clock that is set, or a sleeping machine, is no reason. */
  private watch(): void {
    const { watchdogMs } = this.options;
    if (watchdogMs === undefined) return;
    const now = performance.now();
    for (const thread of this.threads) {
      const { pulse } = thread.ring;
      if (pulse === undefined || pulse !== thread.pulse) {
        thread.pulse = pulse;
        thread.seen = now;
      } else if (now - thread.seen > watchdogMs) throw hung(watchdogMs);
    }
  }

  private guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.fail(error);
    }
  }

  private readonly abort = () => this.fail(new CancelledError());

  private end(): Batch | undefined {
    const { batch } = this;
    this.batch = undefined;
    clearInterval(batch?.timer);
    return batch;
  }

  /** The first failure ends the batch and the pool. */
  private fail(error: unknown): void {
    this.failure ??= error;
    const batch = this.end();
    void this.close();
    batch?.reject(error);
  }
}

function planOnly(given: CheckpointPlan & CheckpointListener): CheckpointPlan {
  const plan: CheckpointPlan & Partial<CheckpointListener> = { ...given };
  delete plan.saved;
  delete plan.say;
  return plan;
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}

function hung(milliseconds: number): EngineError {
  return new EngineError(
    'worker-hung',
    `A worker thread gave no sign of life for ${Number((milliseconds / 60_000).toPrecision(2))} minutes, so the run was stopped. What was finished is kept: recovery resume goes on from there. If parts of this experiment just take that long, give --watchdog more minutes, or 0 for none.`,
  );
}

function workerCrash(reason: string): EngineError {
  return new EngineError(
    'worker-crashed',
    `A worker thread died: ${reason}. What was finished is kept: recovery resume goes on from there. Fewer workers (--workers 1) need less memory; if it happens again, please report it with the experiment file.`,
  );
}
