import type { SpectrumAtStep } from '../../protocol/spectra';
import type { ParameterPath } from '../training/parameterPath';
import { SavedFields, StateError } from '../training/savedState';
import type { TrainingRun } from '../training/train';

/** Where a job that takes long is saved on its way, by the thread that does it. */
export interface JobCheckpoint {
  /** What an earlier session saved; undefined where there is nothing, or nothing that can be read. */
  read(): unknown;
  /** What was read is of no use, for this reason. */
  refuse(reason: string): void;
  /** Whether it is time to save. */
  due(): boolean;
  /** Keeps plain data in place of what was there. */
  write(state: object): void;
}

/** A training on its way, and what was told of it besides its curve. */
interface TrainingProgress {
  training: unknown;
  spectra: readonly SpectrumAtStep[];
  /** Of the spectrum that is taken now. */
  taking?: unknown;
  /** Of its parameters, where that is kept. */
  path?: unknown;
}

/** More than any schedule of spectra takes. */
const MOST_SPECTRA = 100_000;

/** Undefined where nothing can be gone on from. */
export function readProgress(checkpoint: JobCheckpoint | undefined): TrainingProgress | undefined {
  const saved = checkpoint?.read();
  if (saved === undefined) return undefined;
  return goOn(checkpoint, () => {
    const fields = new SavedFields(saved);
    return {
      training: fields.any('training'),
      spectra: readSpectra(fields),
      taking: fields.any('taking'),
      path: fields.any('path'),
    };
  });
}

/** @throws StateError when there are none */
export function readSpectra(saved: SavedFields): SpectrumAtStep[] {
  return saved.list('spectra', MOST_SPECTRA).map((each) => {
    const spectrum = new SavedFields(each);
    spectrum.number('step', { least: 0, whole: true });
    spectrum.record('measurement');
    return each as SpectrumAtStep;
  });
}

/** What `act` does with saved data; undefined when they are of no use, which is said. */
export function goOn<T>(checkpoint: JobCheckpoint | undefined, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    checkpoint?.refuse(error.message);
    return undefined;
  }
}

/** Saves a training when it is time to. */
export function saveProgress(
  checkpoint: JobCheckpoint | undefined,
  training: Pick<TrainingRun, 'save'>,
  spectra: readonly SpectrumAtStep[],
  path: ParameterPath | undefined,
): void {
  if (checkpoint?.due()) writeProgress(checkpoint, training, spectra, path);
}

/** @param taking of the spectrum that is taken now */
export function writeProgress(
  checkpoint: JobCheckpoint,
  training: Pick<TrainingRun, 'save'>,
  spectra: readonly SpectrumAtStep[],
  path: ParameterPath | undefined,
  taking?: object,
): void {
  const state = training.save?.();
  if (!state) return;
  const rest = { ...(taking ? { taking } : {}), ...(path ? { path: path.save() } : {}) };
  checkpoint.write({ training: state, spectra, ...rest } satisfies TrainingProgress);
}
