import type { ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { CellKey } from '../../protocol/events';
import { createTraining } from '../kernels/createTraining';
import type { BatchedTraining, TrainingBatch } from '../kernels/trainingBatch';
import { DropoutTwoLayer } from '../models/dropoutTwoLayer';
import type { BoundModel, Inputs } from '../models/model';
import { DropoutMasks, masksUntil } from '../random/dropoutMasks';
import { conservedQuantities } from '../training/conservedQuantities';
import { FlowTraining } from '../training/flowTraining';
import { ParameterPath } from '../training/parameterPath';
import { SavedFields, StateError } from '../training/savedState';
import { Training, type TrainingRun } from '../training/train';
import { driveTraining, measureSpectrumOf, tellSpectrum, type Follow } from './driveTraining';
import { goOn, readProgress, saveProgress, type JobCheckpoint } from './jobCheckpoint';
import { SpectrumSchedule } from './spectrumSchedule';
import type { JobProgress } from './study';
import { resultOf, type TrainedResult } from './trainedResult';
import type { Workbench } from './workbench';

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
export function* trainInBatch(
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

export function* trainAlone(
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
