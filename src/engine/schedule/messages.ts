import type { ResolvedExperiment } from '../../experiment/resolved';
import type { JobProgress } from '../studies/study';

/** What a worker thread is started with. */
export interface WorkerStart {
  recoveryWorker: true;
  experiment: ResolvedExperiment;
}

export type ToWorker = { type: 'share'; shared: unknown } | { type: 'job'; index: number; job: unknown };

export type FromWorker =
  | { type: 'progress'; index: number; progress: JobProgress }
  | { type: 'output'; index: number; output: unknown }
  | { type: 'error'; index: number; error: WorkerError };

/** An error crosses threads as plain data: `message` and `stack` are not enumerable and would be lost. */
export interface WorkerError {
  name: string;
  message: string;
  stack: string | undefined;
  code?: string;
  exitCode?: number;
}
