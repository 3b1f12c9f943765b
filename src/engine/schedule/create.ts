import os from 'node:os';
import type { Executor, ExecutorOptions } from './executor';
import { InProcessExecutor } from './inProcess';
import { WorkerPool } from './pool';

export interface WorkerChoice {
  /** Worker threads; 0 runs in this thread; undefined takes one for each core. */
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
  return new WorkerPool({ ...options, workers, workerFile });
}
