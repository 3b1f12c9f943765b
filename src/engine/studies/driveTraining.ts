import { performance } from 'node:perf_hooks';
import type { ResolvedHessian } from '../../experiment/resolved';
import type { SpectrumMeasurement } from '../../protocol/events';
import type { SpectrumAtStep } from '../../protocol/spectra';
import { measureSpectrum, readSpectrumState } from '../curvature/largeSpectrum';
import { isNumericalError } from '../errors';
import type { BoundModel } from '../models/model';
import type { ParameterPath } from '../training/parameterPath';
import { SavedFields } from '../training/savedState';
import type { TrainingRun } from '../training/train';
import { goOn, saveProgress, writeProgress, type JobCheckpoint } from './jobCheckpoint';
import { NEWS_MS, NO_NEWS, pacedSteps, Slice, SLICE_MS } from './slice';
import type { SpectrumSchedule } from './spectrumSchedule';
import type { JobProgress } from './study';

/** Spectra on the way of a training. */
export interface Follow {
  schedule: SpectrumSchedule;
  /** So far. */
  taken: SpectrumAtStep[];
  /** What an earlier session saved of the one that is taken next. */
  taking?: unknown;
  /** At the current parameters; null when they overflow. */
  take(checkpoint: JobCheckpoint | undefined): Generator<JobProgress, SpectrumMeasurement | null>;
}

/**
 * Drives a training to its end, a slice at a time, after each of which whoever runs it may do other things. Slices follow the
 * clock, numbers do not.
 */
export function* driveTraining(
  training: TrainingRun,
  follow: Follow | undefined,
  path: ParameterPath | undefined,
  checkpoint: JobCheckpoint | undefined,
): Generator<JobProgress, void> {
  const slice = new Slice();
  const begun = performance.now();
  let told = begun;
  let toldSteps = 0;
  while (training.stopReason === null) {
    const spectrum =
      follow && training.step >= follow.schedule.next ? yield* takeSpectrum(training, follow, path, checkpoint) : undefined;
    if (follow && spectrum) {
      yield { ...tellSpectrum(follow, spectrum), steps: training.step - toldSteps, curve: training.curve.take() };
      told = performance.now();
      toldSteps = training.step;
    }
    if (path && training.step >= path.next) path.look(training.step, training.parameters, training.time);
    const before = performance.now();
    const steps = Math.min(
      slice.steps,
      (follow?.schedule.next ?? Infinity) - training.step,
      (path?.next ?? Infinity) - training.step,
    );
    training.advance(steps);
    const now = performance.now();
    slice.took(now - before, steps < slice.steps);
    if (training.stopReason !== null) break;
    if (now - told >= NEWS_MS) {
      yield { steps: training.step - toldSteps, curve: training.curve.take() };
      told = now;
      toldSteps = training.step;
    } else if (now - begun >= SLICE_MS / 2) yield NO_NEWS;
    saveProgress(checkpoint, training, follow?.taken ?? [], path);
  }
  yield { steps: training.step - toldSteps, curve: training.curve.take() };
}

export function tellSpectrum(follow: Follow, spectrum: SpectrumAtStep): JobProgress {
  follow.taken.push(spectrum);
  return { ...NO_NEWS, spectrum };
}

function* takeSpectrum(
  training: TrainingRun,
  follow: Follow,
  path: ParameterPath | undefined,
  checkpoint: JobCheckpoint | undefined,
): Generator<JobProgress, SpectrumAtStep | undefined> {
  const { step, time } = training;
  follow.schedule.passed(step);
  const own = checkpoint && {
    ...checkpoint,
    read: () => follow.taking,
    write: (taking: object) => writeProgress(checkpoint, training, follow.taken, path, taking),
  };
  const measurement = yield* follow.take(own);
  follow.taking = undefined;
  return measurement ? { step, ...(time === undefined ? {} : { time }), measurement } : undefined;
}

/** A spectrum, which may take long; null where numbers overflow, which leaves the training its result. */
export function* measureSpectrumOf(
  bound: BoundModel,
  parameters: Float64Array,
  targets: Float64Array,
  hessian: Exclude<ResolvedHessian, 'none'>,
  seed: number,
  checkpoint: JobCheckpoint | undefined,
): Generator<JobProgress, SpectrumMeasurement | null> {
  const saved = hessian === 'full' ? undefined : checkpoint?.read();
  const begun =
    hessian === 'full' || saved === undefined
      ? undefined
      : goOn(checkpoint, () => readSpectrumState(new SavedFields(saved), bound.parameterCount, hessian));
  try {
    return yield* pacedSteps(measureSpectrum(bound, parameters, targets, hessian, seed, begun), (save) => {
      if (save && checkpoint?.due()) checkpoint.write(save());
    });
  } catch (error) {
    if (isNumericalError(error)) return null;
    throw error;
  }
}
