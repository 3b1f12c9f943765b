import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { CellKey, CellResult, RankMeasurement } from '../../protocol/events';
import { isNumericalError } from '../errors';
import type { BoundModel, Inputs } from '../models/model';
import { tangentRank } from '../rank/tangentRank';
import { initialParameters } from '../training/initialization';
import type { ParameterPath } from '../training/parameterPath';
import { trainAlone, trainInBatch, type CellOptions } from './cellTraining';
import { measureSpectrumOf } from './driveTraining';
import type { JobCheckpoint } from './jobCheckpoint';
import { JobParts } from './jobParts';
import { NO_NEWS } from './slice';
import { solutionSpectra } from './solutions/measure';
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

function meanSquaredError(bound: BoundModel, parameters: Float64Array, targets: Float64Array): number {
  const outputs = new Float64Array(targets.length);
  bound.evaluate(parameters, outputs);
  return outputs.reduce((sum, output, i) => sum + (output - targets[i]) * (output - targets[i]), 0) / targets.length;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
