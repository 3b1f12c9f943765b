import { experimentHash, type ResolvedRecoveryExperiment } from '../../experiment';
import type { RunRecord } from '../../protocol/record';
import type { Disposable } from '../disposable';
import type { Runs } from './runs';

/** Keeps values over windows; the shape of `vscode.Memento` that is needed. */
export interface Memory {
  get<T>(key: string, byDefault: T): T;
  update(key: string, value: unknown): Thenable<void>;
}

/** How long trainings will take, from what others took on this machine. */
export interface TimeEstimate {
  milliseconds: number;
  /** Whether the very same trainings were measured; else steps of the same model were, and these may take fewer. */
  isMost: boolean;
}

/** What a run took: wall time, with all its workers. */
interface Measured {
  msPerTraining: number;
  stepsPerMs: number;
}

const KEY = 'trainingTimes';
/** Models and experiments whose times are remembered; the oldest go first. */
const CAPACITY = 200;
/** A run shorter than this says more about the start of the engine than about trainings. */
const LEAST_MS = 50;

/** Remembers what trainings took in earlier runs of the workspace, and says what others will take. */
export class TrainingTimes {
  constructor(private readonly memory: Memory) {}

  /** Call when a run of a whole file is over. Runs that were stopped have measured something, too. */
  async learn({ accepted, progress }: RunRecord): Promise<void> {
    const experiment = accepted?.config;
    if (experiment?.experiment !== 'recovery' || !progress || progress.done === 0 || progress.elapsedMs < LEAST_MS) return;
    const { done, steps, elapsedMs } = progress;
    const measured: Measured = { msPerTraining: elapsedMs / done, stepsPerMs: steps / elapsedMs };
    const keys = [trainingKey(experiment), modelKey(experiment)];
    const others = Object.entries(this.all()).filter(([key]) => !keys.includes(key));
    const entries = [...others, ...keys.map((key) => [key, measured] as const)].slice(-CAPACITY);
    await this.memory.update(KEY, Object.fromEntries(entries));
  }

  /** Undefined where nothing of the kind was ever measured. */
  estimate(experiment: ResolvedRecoveryExperiment, trainings: number): TimeEstimate | undefined {
    const all = this.all();
    const same = all[trainingKey(experiment)];
    if (same) return { milliseconds: trainings * same.msPerTraining, isMost: false };
    const alike = all[modelKey(experiment)];
    if (!alike || alike.stepsPerMs <= 0) return undefined;
    return { milliseconds: (trainings * experiment.training.stop.steps) / alike.stepsPerMs, isMost: true };
  }

  private all(): Record<string, Measured> {
    return this.memory.get<Record<string, Measured>>(KEY, {});
  }
}

/** Lets the times learn from every run of a whole file. */
export function learnTimes(
  runs: Pick<Runs, 'onDidEnd'>,
  times: TrainingTimes,
  onLearnt: () => void,
  onBug: (error: unknown) => void,
): Disposable {
  return runs.onDidEnd(({ run }) => {
    // A single cell says little about a grid.
    if (run.judgedText !== undefined) void times.learn(run.record).then(onLearnt, onBug);
  });
}

/** The same for experiments that differ in trials and seed alone: their trainings take as long. */
function trainingKey(experiment: ResolvedRecoveryExperiment): string {
  return experimentHash({ ...experiment, training: { ...experiment.training, trials: 1, seed: 0 } });
}

/** The same for experiments whose steps cost about the same: of one model, optimizer and range of sample sizes. */
function modelKey({ model, data, training }: ResolvedRecoveryExperiment): string {
  const largest = Math.max(...data.sampleSizes);
  return JSON.stringify({ model, largest, optimizer: training.optimizer.kind });
}
