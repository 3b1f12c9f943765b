import type { ResolvedExperiment } from '../../experiment/resolved';
import type { EngineEvent, ExperimentResults, Prediction, Verdict } from '../../protocol/events';
import type { SpectrumAtStep } from '../../protocol/spectra';
import type { BatchedTraining, TrainingBatch } from '../kernels/trainingBatch';
import type { Executor } from '../schedule/executor';
import type { CurvePoints } from '../training/lossCurve';
import type { UnpackedCell } from './cellOutput';
import type { JobCheckpoint } from './jobCheckpoint';
import type { NamedCertificate } from './certification';
import type { Workbench } from './workbench';

/** News from a job that is still running. */
export interface JobProgress {
  /** Optimizer steps since the last news. */
  steps: number;
  /** New points of the loss curve; may be empty. */
  curve: CurvePoints;
  /** A spectrum on the way. */
  spectrum?: SpectrumAtStep;
  /** The job waits for this training, which others take steps of: it need not go on before that has ended. */
  parked?: BatchedTraining;
}

/** What a study has on the main thread. */
export interface StudyRun<Experiment extends ResolvedExperiment> {
  experiment: Experiment;
  prediction: Prediction;
  executor: Executor;
  /** Folder of the experiment file: where files that it names are looked for. */
  folder: string;
  emit(event: EngineEvent): void;
  /** Tells a finished cell, the one at this place of the plan. */
  tellCell(cell: UnpackedCell, index: number): void;
  /** Keeps the line of a training that is not told as a cell in the run folder, where there is one (`protocol/trials`). */
  keepTrial(line: string): void;
  /** Undefined while whoever listens keeps up; else resolves when it has caught up. */
  caughtUp(): Promise<void> | undefined;
  /** Writes a certificate into the run folder, where there is one. */
  keep(certificate: NamedCertificate): void;
}

/**
 * An experiment kind. `execute` runs on a worker thread and does one job; `conduct` runs on the main thread, hands out
 * jobs, tells what happens and folds the outputs; `judge` compares the results with what the file expects.
 */
export interface Study<Experiment extends ResolvedExperiment, Job, Output, Results extends ExperimentResults> {
  /** Number of jobs that can run side by side. */
  parallelJobs(experiment: Experiment): number;
  /** `index` is the place of the job in its list; what may take long is saved in `checkpoint`, where there is one, and goes on from there. */
  execute(bench: Workbench, job: Job, index: number, checkpoint?: JobCheckpoint): Generator<JobProgress, Output>;
  /** A batch that the trainings of a list of alike jobs share; undefined where `execute` does everything itself. */
  batch?(bench: Workbench, job: Job): TrainingBatch | undefined;
  conduct(run: StudyRun<Experiment>): Promise<Results>;
  judge(experiment: Experiment, results: Results, prediction: Prediction): Verdict[];
}
