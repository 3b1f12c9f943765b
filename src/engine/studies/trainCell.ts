import { performance } from 'node:perf_hooks';
import type { ResolvedHessian, ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { CellKey, CellResult, RankMeasurement, SpectrumMeasurement } from '../../protocol/events';
import type { SpectrumAtStep } from '../../protocol/spectra';
import { measureSpectrum, readSpectrumState } from '../curvature/largeSpectrum';
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
import { ParameterPath } from '../training/parameterPath';
import { SavedFields, StateError } from '../training/savedState';
import { Training, type TrainingRun } from '../training/train';
import { goOn, readProgress, saveProgress, writeProgress, type JobCheckpoint } from './jobCheckpoint';
import { JobParts } from './jobParts';
import { NEWS_MS, NO_NEWS, pacedSteps, Slice, SLICE_MS } from './slice';
import { solutionSpectra } from './solutions/measure';
import { SpectrumSchedule } from './spectrumSchedule';
import type { JobProgress } from './study';
import { resultOf, trainedForm, type TrainedResult } from './trainedResult';
import type { Workbench } from './workbench';

export interface TrainedCell {
  cell: CellResult;
  /** What training found; null where it diverged. */
  parameters: Float64Array | null;
  /** Where it is `traced`; up to its last step, unless it diverged. */
  path?: ParameterPath;
  /** Where it began, where it is `traced`. */
  start?: Float64Array;
}

/** How a cell is trained, besides what the experiment says. */
export interface CellOptions {
  /** Whether spectra are taken on the way, where the experiment asks for them. */
  followed?: boolean;
  /** Whether parameters on the way are kept. */
  traced?: boolean;
  /** Trains it beside others where it can; this waits meanwhile. */
  batch?: TrainingBatch | undefined;
  /** Where a training that takes long is saved, and goes on from. */
  checkpoint?: JobCheckpoint | undefined;
}

/** Trains one cell and measures what the experiment asks for. */
export function* trainCell(
  bench: Workbench,
  experiment: ResolvedRecoveryExperiment,
  key: CellKey,
  options: CellOptions = {},
): Generator<JobProgress, TrainedCell> {
  const { training: config, analysis } = experiment;
  const { hessian } = analysis;
  const inputs = bench.sampler.training(key.trial, key.sampleSize);
  const targets = bench.targetsAt(inputs);
  const bound = bench.model.bind(inputs);
  const parameters = initialParameters(config.initialization, bench.model, config.seed, key);
  const start = options.traced ? parameters.slice() : undefined;
  const train = function* (checkpoint: JobCheckpoint | undefined): Generator<JobProgress, TrainedResult> {
    const own = { ...options, checkpoint };
    const batched = yield* trainInBatch(bound, targets, parameters, own);
    if (batched) return resultOf(batched.training, [], batched.path);
    return yield* trainAlone(bench, bound, targets, parameters, experiment, key, inputs, own);
  };
  // Only a spectrum takes long after training.
  const parts = hessian === 'none' ? undefined : new JobParts(options.checkpoint);
  const training = yield* parts
    ? parts.next(trainedForm(parameters.length, options.traced ?? false), train)
    : train(options.checkpoint);
  if (training.again) {
    // What an earlier session told is told again.
    yield { ...NO_NEWS, curve: training.curve() };
    for (const spectrum of training.spectra) yield { ...NO_NEWS, spectrum };
    parameters.set(training.parameters);
  }
  const { path } = training;

  const diverged = training.stopReason === 'diverged';
  if (!diverged) path?.look(training.step, parameters, training.flow?.time);
  const testError = diverged ? NaN : bench.testError(parameters);
  const cell: CellResult = {
    sampleSize: key.sampleSize,
    trial: key.trial,
    // With dropout the loss of the last step is that of its mask.
    trainLoss: diverged ? null : config.dropout === undefined ? training.loss : meanSquaredError(bound, parameters, targets),
    testError: Number.isFinite(testError) ? testError : null,
    steps: training.step,
    stopReason: training.stopReason,
    recovered: testError < analysis.recoveryTolerance,
    gradientNorm: diverged ? null : finiteOrNull(training.gradientNorm),
  };
  if (training.flow) cell.flow = training.flow;
  if (analysis.rank) addRanks(cell, bench, inputs, diverged ? null : parameters, analysis.rankTolerance);
  if (analysis.solutionSingularValues && !diverged) {
    const spectra = measure(() => solutionSpectra(bench, parameters, inputs));
    if (spectra) cell.solutionSpectra = spectra;
  }
  if (hessian !== 'none' && !diverged) {
    const spectrum = yield* measureSpectrumOf(bound, parameters, targets, hessian, config.seed, parts?.rest());
    if (spectrum) cell.hessian = spectrum;
  }
  return { cell, parameters: diverged ? null : parameters, ...(path ? { path } : {}), ...(start ? { start } : {}) };
}

/** A training that has ended. */
interface Ended<T> {
  training: T;
  path: ParameterPath | undefined;
}

/** The path of a training that begins; of one that goes on, where it was saved. */
function pathOf({ traced = false }: CellOptions, parameterCount: number, saved?: unknown): ParameterPath | undefined {
  if (!traced) return undefined;
  return saved === undefined ? new ParameterPath(parameterCount) : ParameterPath.goOn(new SavedFields(saved), parameterCount);
}

/** Undefined where there is no batch, or none that this training can be in. */
function* trainInBatch(
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  options: CellOptions,
): Generator<JobProgress, Ended<BatchedTraining> | undefined> {
  const { batch, checkpoint } = options;
  if (!batch) return undefined;
  const saved = readProgress(checkpoint);
  const begin = (training: unknown, path: ParameterPath | undefined) => {
    const begun = batch.add(bound, targets, parameters, training, path);
    return begun && { training: begun, path };
  };
  const begun =
    (saved && goOn(checkpoint, () => begin(saved.training, pathOf(options, parameters.length, saved.path ?? null)))) ??
    begin(undefined, pathOf(options, parameters.length));
  if (!begun) return undefined;
  const { training, path } = begun;
  let told = 0;
  while (training.stopReason === null) {
    const { step } = training;
    yield { steps: step - told, curve: training.curve.take(), parked: training };
    told = step;
    if (training.stopReason === null) saveProgress(checkpoint, training, [], path);
  }
  yield { steps: training.step - told, curve: training.curve.take() };
  return begun;
}

function* trainAlone(
  bench: Workbench,
  bound: BoundModel,
  targets: Float64Array,
  parameters: Float64Array,
  experiment: ResolvedRecoveryExperiment,
  key: CellKey,
  inputs: Inputs,
  options: CellOptions,
): Generator<JobProgress, TrainedResult> {
  const { followed = false, checkpoint } = options;
  const training = startTraining(bench, bound, targets, parameters, experiment, key, inputs);
  const { hessian, hessianEvery } = experiment.analysis;
  let follow: Follow | undefined;
  if (followed && hessian !== 'none' && hessianEvery !== undefined) {
    // A binding of its own: what the training keeps in its workspace stays.
    const ownBound = bench.model.bind(inputs);
    follow = {
      schedule: new SpectrumSchedule(hessianEvery),
      taken: [],
      take: (own) => measureSpectrumOf(ownBound, training.parameters, targets, hessian, experiment.training.seed, own),
    };
  }
  let path = pathOf(options, parameters.length);
  const saved = readProgress(checkpoint);
  if (saved) {
    goOn(checkpoint, () => {
      if (!training.goOn) throw new StateError('it is of another training');
      const known = pathOf(options, parameters.length, saved.path ?? null);
      training.goOn(saved.training);
      path = known;
    });
    // What it had told is told again: the curve by itself.
    if (follow && training.step > 0) {
      follow.schedule.skipTo(training.step);
      // A flow that is polished stays at its last step.
      if (saved.spectra.at(-1)?.step === training.step) follow.schedule.passed(training.step);
      for (const spectrum of saved.spectra) yield tellSpectrum(follow, spectrum);
      follow.taking = saved.taking;
    }
  }
  yield* driveTraining(training, follow, path, checkpoint);
  return resultOf(training, follow?.taken ?? [], path);
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
  /** What an earlier session saved of the one that is taken next. */
  taking?: unknown;
  /** At the current parameters; null when they overflow. */
  take(checkpoint: JobCheckpoint | undefined): Generator<JobProgress, SpectrumMeasurement | null>;
}

/**
 * Drives a training to its end, a slice at a time, after each of which whoever runs it may do other things. Slices follow the
 * clock, numbers do not.
 */
function* driveTraining(
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

/** The same of a spectrum, which may take long. */
function* measureSpectrumOf(
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

function meanSquaredError(bound: BoundModel, parameters: Float64Array, targets: Float64Array): number {
  const outputs = new Float64Array(targets.length);
  bound.evaluate(parameters, outputs);
  return outputs.reduce((sum, output, i) => sum + (output - targets[i]) * (output - targets[i]), 0) / targets.length;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
