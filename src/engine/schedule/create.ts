import os from 'node:os';
import type { Executor, ExecutorOptions } from './executor';
import { InProcessExecutor } from './inProcess';
import { mayUseMainThread } from './mainThreadShare';
import { WorkerPool } from './pool';

export interface WorkerChoice {
  /** Threads that compute, this one among them where it has the time; 0 runs in this thread alone; undefined takes one for each core. */
  workers: number | undefined;
  /** The bundled engine, which is its own worker; without it everything runs in this thread. */
  workerFile: string | undefined;
}

/** Never more workers than jobs: each costs memory and 40 ms. */
export function workerCount(choice: WorkerChoice, jobs: number): number {
  if (choice.workerFile === undefined) return 0;
  return Math.min(choice.workers ?? os.availableParallelism(), Math.max(1, jobs));
}

export function createExecutor(options: ExecutorOptions, workers: number, workerFile: string | undefined): Executor {
  if (workers === 0 || workerFile === undefined) return new InProcessExecutor(options);
  if (!mayUseMainThread(options.experiment)) return new WorkerPool({ ...options, workers, workerFile });
  // The main thread is one of them.
  return new InProcessExecutor(options, { workers: workers - 1, workerFile });
}
