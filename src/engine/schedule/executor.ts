import type { ResolvedExperiment } from '../../experiment/resolved';
import type { SpectrumAtStep } from '../../protocol/spectra';
import type { CurvePoints } from '../training/lossCurve';
import type { CheckpointListener, CheckpointPlan } from './checkpoints';

/** Jobs one by one, or very many alike that differ in their place alone: these cost no memory and nothing to hand out. */
export type WholeJobList<Job> = readonly Job[] | { readonly each: Job; readonly count: number };

/** All jobs of a list, or those at some of its places: a job keeps its place in the whole list. */
export type JobList<Job> = WholeJobList<Job> | { readonly of: WholeJobList<Job>; readonly places: Int32Array };

export function countJobs(jobs: JobList<unknown>): number {
  if ('of' in jobs) return jobs.places.length;
  return 'each' in jobs ? jobs.count : jobs.length;
}

/** Place in the whole list of the job that is number `index` of this one. */
export function placeOf(jobs: JobList<unknown>, index: number): number {
  return 'of' in jobs ? jobs.places[index] : index;
}

/** The job at a place of the whole list. */
export function jobAt(jobs: JobList<unknown>, place: number): unknown {
  const whole = 'of' in jobs ? jobs.of : jobs;
  return 'each' in whole ? whole.each : whole[place];
}

/** Called on the main thread. `index` is the place of a job in the whole list. */
export interface JobHandlers<Output> {
  /** `steps`: optimizer steps that the job took, which `steps` has been told too. */
  output(output: Output, index: number, steps: number): void;
  /** Says that the next outputs, this many, were made in an earlier session: they do not say how long others will take. */
  replaying?(jobs: number): void;
  /** Optimizer steps that all jobs took since the last call. */
  steps?(steps: number): void;
  /** New points of a job's loss curve, in order; all of them are told before the job's output. */
  curve?(points: CurvePoints, index: number): void;
  /** A spectrum on the way of a job; all of them are told before the job's output. */
  spectrum?(spectrum: SpectrumAtStep, index: number): void;
  /** Points of loss curves since the last call that came too fast and are lost. */
  dropped?(points: number): void;
  /**
   * Undefined while whoever hears of the jobs keeps up; else resolves when it has caught up. Until then no more jobs are
   * begun and no curves told, so that nothing piles up.
   */
  caughtUp?(): Promise<void> | undefined;
  /** Where jobs that take long are saved on their way; nowhere without it. */
  checkpoints?: CheckpointPlan & CheckpointListener;
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
  run<Job, Output>(jobs: JobList<Job>, handlers: JobHandlers<Output>): Promise<void>;
  close(): Promise<void>;
}

export interface ExecutorOptions {
  experiment: ResolvedExperiment;
  signal: AbortSignal;
  /** A worker thread that gives no sign of life for so long, in the middle of a job, is taken to hang; default: never. */
  watchdogMs?: number | undefined;
}

/** Runs one job and returns its output. */
export async function runOne<Output>(executor: Executor, job: unknown): Promise<Output> {
  const outputs: Output[] = [];
  await executor.run<unknown, Output>([job], { output: (output) => outputs.push(output) });
  return outputs[0];
}
