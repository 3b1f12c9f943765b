import type { FlowMeasurement, StopReason } from '../../protocol/events';
import type { SpectrumAtStep } from '../../protocol/spectra';
import type { BatchedTraining } from '../kernels/trainingBatch';
import { readMeasurement } from '../training/flowEnd';
import { FlowTraining } from '../training/flowTraining';
import type { CurvePoints } from '../training/lossCurve';
import { ParameterPath } from '../training/parameterPath';
import { StateError, type SavedFields } from '../training/savedState';
import type { TrainingRun } from '../training/train';
import { readSpectra } from './jobCheckpoint';
import type { PartForm } from './jobParts';

/** What a training that has ended found. */
export interface TrainedResult {
  step: number;
  /** NaN where it diverged, like the norm of the gradient. */
  loss: number;
  gradientNorm: number;
  stopReason: StopReason;
  flow?: FlowMeasurement;
  parameters: Float64Array;
  /** On the way. */
  spectra: readonly SpectrumAtStep[];
  /** Of its parameters, where they are followed. */
  path?: ParameterPath;
  curve(): CurvePoints;
  /** Whether an earlier session found it, so that nobody has been told of curve and spectra now. */
  again: boolean;
}

export function resultOf(
  training: TrainingRun | BatchedTraining,
  spectra: readonly SpectrumAtStep[],
  path: ParameterPath | undefined,
): TrainedResult {
  const stopReason = training.stopReason ?? 'cancelled';
  const diverged = stopReason === 'diverged';
  return {
    step: training.step,
    loss: diverged ? NaN : training.loss,
    gradientNorm: diverged ? NaN : training.gradientNorm(),
    stopReason,
    ...(training instanceof FlowTraining ? { flow: training.measurement() } : {}),
    parameters: training.parameters,
    spectra,
    ...(path ? { path } : {}),
    curve: () => training.curve.all,
    again: false,
  };
}

/** As a part of a job. What diverged is not gone on with: it has no numbers. */
export function trainedForm(parameterCount: number, traced: boolean): PartForm<TrainedResult> {
  return {
    save({ step, loss, gradientNorm, stopReason, flow, parameters, spectra, path, curve }) {
      const { steps, losses, times } = curve();
      return {
        ...{ step, loss, gradientNorm, stopReason, parameters, spectra },
        ...(flow ? { flow } : {}),
        ...(path ? { path: path.save() } : {}),
        curve: {
          steps: Float64Array.from(steps),
          losses: Float64Array.from(losses),
          ...(times ? { times: Float64Array.from(times) } : {}),
        },
      };
    },
    load(saved) {
      const stopReason = REASONS.find((each) => each === saved.any('stopReason'));
      if (!stopReason) throw new StateError('its training did not end');
      const step = saved.number('step', { least: 0, whole: true });
      const curve = readCurve(saved.record('curve'), step);
      return {
        step,
        loss: saved.number('loss', { least: 0 }),
        gradientNorm: saved.number('gradientNorm', { least: 0 }),
        stopReason,
        ...(saved.any('flow') === undefined ? {} : { flow: readMeasurement(saved.any('flow')) }),
        parameters: saved.vector('parameters', parameterCount),
        spectra: readSpectra(saved),
        ...(traced ? { path: ParameterPath.goOn(saved.record('path'), parameterCount) } : {}),
        curve: () => curve,
        again: true,
      };
    },
  };
}

const REASONS = ['trainLoss', 'gradientNorm', 'steps', 'time', 'stalled'] as const satisfies readonly StopReason[];

/** Points of a whole curve, at ascending steps. */
function readCurve(saved: SavedFields, last: number): CurvePoints {
  const given = saved.any('steps');
  if (!(given instanceof Float64Array)) throw new StateError('its curve has no steps');
  const steps = Array.from(given);
  const ascend = steps.every((step, i) => Number.isSafeInteger(step) && step > (steps[i - 1] ?? -1) && step <= last);
  if (!ascend) throw new StateError('the steps of its curve do not ascend');
  const { length } = steps;
  const losses = Array.from(saved.vector('losses', length));
  return saved.any('times') === undefined
    ? { steps, losses }
    : { steps, losses, times: Array.from(saved.vector('times', length)) };
}
