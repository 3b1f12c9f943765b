import { Worker } from 'node:worker_threads';
import { CancelledError, EngineError, errorMessage } from '../errors';
import type { Executor, ExecutorOptions, JobHandlers } from './executor';
import type { FromWorker, ToWorker, WorkerError, WorkerStart } from './messages';

/** The list of jobs that is being worked through. */
interface Batch {
  jobs: readonly unknown[];
  handlers: JobHandlers<unknown>;
  next: number;
  finished: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Long-lived worker threads that take jobs one at a time. Cancelling terminates them at once: a cell that is not
 * finished has no result, so there is nothing to save.
 */
export class WorkerPool implements Executor {
  readonly workers: number;
  private readonly threads: Worker[] = [];
  private readonly idle = new Set<Worker>();
  private batch: Batch | undefined;
  private failure: unknown;

  constructor(private readonly options: ExecutorOptions & { workers: number; workerFile: string }) {
    this.workers = options.workers;
    options.signal.addEventListener('abort', this.abort, { once: true });
    for (let i = 0; i < options.workers; i++) this.start();
  }

  share(shared: unknown): void {
    for (const thread of this.threads) this.send(thread, { type: 'share', shared });
  }

  run<Job, Output>(jobs: readonly Job[], handlers: JobHandlers<Output>): Promise<void> {
    if (this.batch) throw new Error('the pool is already running jobs');
    return new Promise<void>((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      if (this.options.signal.aborted) return reject(new CancelledError());
      if (jobs.length === 0) return resolve();
      // A study knows what its own jobs return.
      this.batch = { jobs, handlers: handlers, next: 0, finished: 0, resolve, reject };
      for (const thread of [...this.idle]) this.feed(thread);
    });
  }

  async close(): Promise<void> {
    this.options.signal.removeEventListener('abort', this.abort);
    const threads = this.threads.splice(0);
    this.idle.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  private start(): void {
    const workerData: WorkerStart = { recoveryWorker: true, experiment: this.options.experiment };
    const thread = new Worker(this.options.workerFile, { workerData });
    this.threads.push(thread);
    this.idle.add(thread);
    thread.on('message', (message: FromWorker) => this.receive(thread, message));
    thread.on('error', (error) => this.fail(workerCrash(errorMessage(error))));
    thread.on('messageerror', (error) => this.fail(workerCrash(errorMessage(error))));
    thread.on('exit', (code) => {
      if (this.threads.includes(thread)) this.fail(workerCrash(`it ended with exit code ${code}`));
    });
  }

  private feed(thread: Worker): void {
    const { batch } = this;
    if (!batch || batch.next >= batch.jobs.length) {
      this.idle.add(thread);
      return;
    }
    this.idle.delete(thread);
    const index = batch.next++;
    this.send(thread, { type: 'job', index, job: batch.jobs[index] });
  }

  private receive(thread: Worker, message: FromWorker): void {
    const { batch } = this;
    if (!batch) return;
    try {
      switch (message.type) {
        case 'progress':
          batch.handlers.progress?.(message.progress, message.index);
          return;
        case 'error':
          this.fail(revive(message.error));
          return;
        case 'output':
          // Fed first, so that the worker computes while the output is being handled.
          this.feed(thread);
          batch.handlers.output(message.output, message.index);
          batch.finished++;
          if (batch.finished === batch.jobs.length) {
            this.batch = undefined;
            batch.resolve();
          }
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private send(thread: Worker, message: ToWorker): void {
    thread.postMessage(message);
  }

  private readonly abort = () => this.fail(new CancelledError());

  /** The first failure ends the batch and the pool. */
  private fail(error: unknown): void {
    this.failure ??= error;
    const { batch } = this;
    this.batch = undefined;
    void this.close();
    batch?.reject(error);
  }
}

function workerCrash(reason: string): EngineError {
  return new EngineError(
    'worker-crashed',
    `A worker thread died: ${reason}. Fewer workers (--workers 1) need less memory; if it happens again, please report it with the experiment file.`,
  );
}

function revive(error: WorkerError): Error {
  if (error.code !== undefined) return new EngineError(error.code, error.message, error.exitCode);
  const revived = new Error(error.message);
  revived.name = error.name;
  if (error.stack !== undefined) revived.stack = error.stack;
  return revived;
}
