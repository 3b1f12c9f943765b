import type { ResolvedExperiment } from '../../experiment/resolved';
import type { JobProgress } from '../studies/study';

/** Called on the main thread, in the order in which things happen. */
export interface JobHandlers<Output> {
  /** `index` is the place of the job in the list. */
  output(output: Output, index: number): void;
  progress?(progress: JobProgress, index: number): void;
}

/**
 * Runs the jobs of a study: in worker threads, or in this thread. What a job returns depends on the experiment, what
 * was shared and the job alone; only the order of the calls differs.
 */
export interface Executor {
  /** Number of worker threads; 0 for this thread. */
  readonly workers: number;
  /** Gives every worker what later jobs need, as plain data. */
  share(shared: unknown): void;
  /**
   * Resolves when every job has an output.
   *
   * @throws CancelledError when the run is cancelled, EngineError when a worker dies, and what a job throws.
   */
  run<Job, Output>(jobs: readonly Job[], handlers: JobHandlers<Output>): Promise<void>;
  close(): Promise<void>;
}

export interface ExecutorOptions {
  experiment: ResolvedExperiment;
  signal: AbortSignal;
}

/** Runs one job and returns its output. */
export async function runOne<Output>(executor: Executor, job: unknown): Promise<Output> {
  const outputs: Output[] = [];
  await executor.run<unknown, Output>([job], { output: (output) => outputs.push(output) });
  return outputs[0];
}
