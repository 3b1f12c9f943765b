import { performance } from 'node:perf_hooks';
import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { CellKey, CellResult, RankMeasurement, SpectrumMeasurement } from '../../protocol/events';
import type { SpectrumAtStep } from '../../protocol/spectra';
import { measureSpectrum } from '../curvature/largeSpectrum';
import { isNumericalError } from '../errors';
import { createTraining } from '../kernels/createTraining';
import type { BatchedTraining, TrainingBatch } from '../kernels/trainingBatch';
import { DropoutTwoLayer } from '../models/dropoutTwoLayer';
import type { BoundModel, Inputs } from '../models/model';
import { DropoutMasks, masksUntil } from '../random/dropoutMasks';
import { tangentRank } from '../rank/tangentRank';
import { conservedQuantities } from '../training/conservedQuantities';
import { FlowTraining } from '../training/flowTraining';
import { initialParameters } from '../training/initialization';
import { StateError } from '../training/savedState';
import { Training, type TrainingRun } from '../training/train';
import { goOn, readProgress, saveProgress, type JobCheckpoint } from './jobCheckpoint';
import { NEWS_MS, NO_NEWS, Slice, SLICE_MS } from './slice';
import { solutionSpectra } from './solutions/measure';
import { SpectrumSchedule } from './spectrumSchedule';
import type { JobProgress } from './study';
import type { Workbench } from './workbench';

export interface TrainedCell {
  cell: CellResult;
  /** What training found; null where it diverged. */
  parameters: Float64Array | null;
}

/**
 * Trains one cell and measures what the experiment asks for; spectra on the way only where it is `followed`.
 *
 * @param batch trains it beside others where it can; this waits meanwhile.
 * @param checkpoint is where a training that takes long is saved, and goes on from.
 */
export function* trainCell(
  bench: Workbench,
  experiment: ResolvedRecoveryExperiment,
  key: CellKey,
  followed = false,
  batch?: TrainingBatch,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, TrainedCell> {
  const { training: config, analysis } = experiment;
  const { hessian } = analysis;
  const inputs = bench.sampler.training(key.trial, key.sampleSize);
  const targets = bench.targetsAt(inputs);
  const bound = bench.model.bind(inputs);
  const parameters = initialParameters(config.initialization, bench.model, config.seed, key);
  const training =
    (yield* trainInBatch(batch, bound, targets, parameters, checkpoint)) ??
    (yield* trainAlone(bench, bound, targets, parameters, experiment, key, inputs, followed, checkpoint));

  const diverged = training.stopReason === 'diverged';
  const testError = diverged ? NaN : bench.testError(parameters);
  const cell: CellResult = {
    sampleSize: key.sampleSize,
    trial: key.trial,
    // With dropout the loss of the last step is that of its mask.
    trainLoss: diverged ? null : config.dropout === undefined ? training.loss : meanSquaredError(bound, parameters, targets),
    testError: Number.isFinite(testError) ? testError : null,
    steps: training.step,
    stopReason: training.stopReason ?? 'cancelled',
    recovered: testError < analysis.recoveryTolerance,
    gradientNorm: diverged ? null : finiteOrNull(training.gradientNorm()),
  };
  if (training instanceof FlowTraining) cell.flow = training.measurement();
  if (analysis.rank) addRanks(cell, bench, inputs, diverged ? null : parameters, analysis.rankTolerance);
  if (analysis.solutionSingularValues && !diverged) {
    const spectra = measure(() => solutionSpectra(bench, parameters, inputs));
    if (spectra) cell.solutionSpectra = spectra;
  }
  if (hessian !== 'none' && !diverged) {
    const spectrum = yield* measureInSteps(measureSpectrum(bound, parameters, targets, hessian, config.seed));
    if (spectrum) cell.hessian = spectrum;
  }
  return { cell, parameters: diverged ? null : parameters };
}

/** Undefined where there is no batch, or none that this training can be in. */
function* trainInBatch(
  batch: TrainingBatch | undefined,
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  checkpoint: JobCheckpoint | undefined,
): Generator<JobProgress, BatchedTraining | undefined> {
  if (!batch) return undefined;
  const saved = readProgress(checkpoint);
  const training =
    (saved && goOn(checkpoint, () => batch.add(bound, targets, parameters, saved.training))) ??
    batch.add(bound, targets, parameters);
  if (!training) return undefined;
  let told = 0;
  while (training.stopReason === null) {
    const { step } = training;
    yield { steps: step - told, curve: training.curve.take(), parked: training };
    told = step;
    if (training.stopReason === null) saveProgress(checkpoint, training, []);
  }
  yield { steps: training.step - told, curve: training.curve.take() };
  return training;
}

function* trainAlone(
  bench: Workbench,
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  experiment: ResolvedRecoveryExperiment,
  key: CellKey,
  inputs: Inputs,
  followed: boolean,
  checkpoint: JobCheckpoint | undefined,
): Generator<JobProgress, TrainingRun> {
  const training = startTraining(bench, bound, targets, parameters, experiment, key, inputs);
  const { hessian, hessianEvery } = experiment.analysis;
  let follow: Follow | undefined;
  if (followed && hessian !== 'none' && hessianEvery !== undefined) {
    // A binding of its own: what the training keeps in its workspace stays.
    const ownBound = bench.model.bind(inputs);
    follow = {
      schedule: new SpectrumSchedule(hessianEvery),
      taken: [],
      take: () => measureInSteps(measureSpectrum(ownBound, training.parameters, targets, hessian, experiment.training.seed)),
    };
  }
  const saved = readProgress(checkpoint);
  if (saved) {
    goOn(checkpoint, () => {
      if (!training.goOn) throw new StateError('it is of another training');
      training.goOn(saved.training);
    });
    // What it had told is told again: the curve by itself.
    if (follow && training.step > 0) {
      follow.schedule.skipTo(training.step);
      // A flow that is polished stays at its last step.
      if (saved.spectra.at(-1)?.step === training.step) follow.schedule.passed(training.step);
      for (const spectrum of saved.spectra) yield tellSpectrum(follow, spectrum);
    }
  }
  yield* driveTraining(training, follow, checkpoint);
  return training;
}

function startTraining(
  bench: Workbench,
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  {
    training: { optimizer, stop, backend, precision, dropout, dropoutSteps = Infinity, seed },
    model,
  }: ResolvedRecoveryExperiment,
  { sampleSize, trial }: CellKey,
  inputs: Inputs,
): TrainingRun {
  if (optimizer.kind !== 'gradientFlow') {
    if (dropout === undefined || model.kind !== 'twoLayer')
      return createTraining(bound, targets, parameters, {
        optimizer,
        stop,
        ...(backend ? { backend } : {}),
        ...(precision ? { precision } : {}),
      });
    const masks = masksUntil(dropoutSteps, new DropoutMasks(dropout, seed, sampleSize, trial));
    const masked = new DropoutTwoLayer(model, inputs, masks);
    return new Training(masked, targets, parameters, { optimizer, stop });
  }
  const conserved = conservedQuantities(bench.subject.model, bench.model);
  return new FlowTraining(bound, targets, parameters, { optimizer, stop }, conserved);
}

/** Spectra on the way of a training. */
interface Follow {
  schedule: SpectrumSchedule;
  /** So far. */
  taken: SpectrumAtStep[];
  /** At the current parameters; null when they overflow. */
  take(): Generator<JobProgress, SpectrumMeasurement | null>;
}

/**
 * Drives a training to its end, a slice at a time, after each of which whoever runs it may do other things. Slices follow the
 * clock, numbers do not.
 */
function* driveTraining(
  training: TrainingRun,
  follow: Follow | undefined,
  checkpoint: JobCheckpoint | undefined,
): Generator<JobProgress, void> {
  const slice = new Slice();
  const begun = performance.now();
  let told = begun;
  let toldSteps = 0;
  while (training.stopReason === null) {
    const spectrum = follow && training.step >= follow.schedule.next ? yield* takeSpectrum(training, follow) : undefined;
    if (follow && spectrum) {
      yield { ...tellSpectrum(follow, spectrum), steps: training.step - toldSteps, curve: training.curve.take() };
      told = performance.now();
      toldSteps = training.step;
    }
    const before = performance.now();
    const steps = follow ? Math.min(slice.steps, follow.schedule.next - training.step) : slice.steps;
    training.advance(steps);
    const now = performance.now();
    slice.took(now - before, steps < slice.steps);
    if (training.stopReason !== null) break;
    if (now - told >= NEWS_MS) {
      yield { steps: training.step - toldSteps, curve: training.curve.take() };
      told = now;
      toldSteps = training.step;
    } else if (now - begun >= SLICE_MS / 2) yield NO_NEWS;
    saveProgress(checkpoint, training, follow?.taken ?? []);
  }
  yield { steps: training.step - toldSteps, curve: training.curve.take() };
}

function tellSpectrum(follow: Follow, spectrum: SpectrumAtStep): JobProgress {
  follow.taken.push(spectrum);
  return { ...NO_NEWS, spectrum };
}

function addRanks(cell: CellResult, bench: Workbench, inputs: Inputs, solution: Float64Array | null, tolerance: number): void {
  const { modelRank } = bench.preparation;
  const empiricalRank = measure(() => bench.empiricalRank(inputs));
  if (empiricalRank) {
    cell.empiricalRank = empiricalRank;
    cell.linearlyStable = isLinearlyStable(empiricalRank, modelRank);
  }
  if (!solution) return;
  // Columns keep their lengths here: what training left almost zero is what the gap must show.
  const options = { tolerance, rule: 'largestGap', normalizeColumns: false } as const;
  const solutionRank = measure(() => tangentRank(bench.model, solution, bench.probes, options));
  if (solutionRank) cell.solutionRank = solutionRank;
}

function* takeSpectrum(training: TrainingRun, { schedule, take }: Follow): Generator<JobProgress, SpectrumAtStep | undefined> {
  const { step, time } = training;
  schedule.passed(step);
  const measurement = yield* take();
  return measurement ? { step, ...(time === undefined ? {} : { time }), measurement } : undefined;
}

/**
 * A target is linearly stable for a sample when the empirical rank at its minimal representation equals the model rank
 * ("Linear stability hypothesis", arXiv 2211.11623, Lemma 1); null when either rank is inconclusive.
 */
export function isLinearlyStable(empirical: RankMeasurement, modelRank: RankMeasurement | null): boolean | null {
  if (!modelRank || !modelRank.conclusive || !empirical.conclusive) return null;
  return empirical.rank === modelRank.rank;
}

/** A measurement of numbers that overflow has no value; the training it belongs to still has its result. */
function measure<T>(take: () => T): T | null {
  try {
    return take();
  } catch (error) {
    if (isNumericalError(error)) return null;
    throw error;
  }
}

/** The same of work with pauses, which has nothing to tell but lets others have their turn. */
function* measureInSteps<T>(work: Generator<void, T>): Generator<JobProgress, T | null> {
  let began = performance.now();
  for (;;) {
    const next = measure(() => work.next());
    if (next === null || next.done) return next && next.value;
    if (performance.now() - began < SLICE_MS / 2) continue;
    yield NO_NEWS;
    began = performance.now();
  }
}

function meanSquaredError(bound: BoundModel, parameters: Float64Array, targets: Float64Array): number {
  const outputs = new Float64Array(targets.length);
  bound.evaluate(parameters, outputs);
  return outputs.reduce((sum, output, i) => sum + (output - targets[i]) * (output - targets[i]), 0) / targets.length;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
