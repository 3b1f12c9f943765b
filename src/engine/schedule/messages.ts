import type { ResolvedExperiment } from '../../experiment/resolved';
import type { SpectrumAtStep } from '../../protocol/spectra';
import type { CompiledModules } from '../kernels/compiledModules';
import type { CheckpointPlan } from './checkpoints';
import type { JobList } from './executor';
import type { WorkerError } from './workerError';

/** What a worker thread is started with. */
export interface WorkerStart {
  recoveryWorker: true;
  experiment: ResolvedExperiment;
  /** WebAssembly, compiled once for all threads. */
  modules: CompiledModules;
  /** Memory of the ring that takes the worker's loss curves. */
  ring: SharedArrayBuffer;
}

export type ToWorker =
  | { type: 'share'; shared: unknown }
  /** A list of jobs to take part in; `claims` is the memory of its JobClaims. */
  | { type: 'jobs'; jobs: JobList<unknown>; claims: SharedArrayBuffer; checkpoints: CheckpointPlan | undefined };

export type FromWorker =
  /** Places, outputs and steps of jobs by turns: a flat list crosses threads in a fifth of the time of a list of objects. */
  | { type: 'outputs'; outputs: unknown[] }
  | { type: 'spectrum'; index: number; spectrum: SpectrumAtStep }
  /** The job at this place has been saved. */
  | { type: 'saved'; place: number }
  | { type: 'say'; text: string }
  | { type: 'error'; error: WorkerError };
