import { polishInSteps, readPolishState } from '../../flow/polish';
import type { BoundModel, Inputs, Model } from '../../models/model';
import { SavedFields, StateError } from '../../training/savedState';
import { goOn, type JobCheckpoint } from '../jobCheckpoint';
import type { PartForm } from '../jobParts';
import { pacedSteps } from '../slice';
import type { JobProgress } from '../study';

/** Fits end here: mean squares of residuals near rounding. */
const GOAL = 1e-28;
/** Where the loss is of fourth order or higher, every step only divides the distance by a small number. */
const ITERATIONS = 1000;
/** Generalisation errors below this are rounding. */
const ROUNDING = 1e-10;
/** A zero of the loss that is not the target has a generalisation error this many times its training error. */
const OTHER = 1e5;
/** The target to what a slow fit leaves. */
const TARGET = 1e-9;

const OUTCOMES = ['target', 'other', 'undecided'] as const;

/** Where the fit from one perturbed point has ended. */
export interface SeparationFit {
  /** `undecided`: still on the way, in a valley so flat that no fit comes to its end. */
  readonly outcome: (typeof OUTCOMES)[number];
  /** Root of the mean squared error over the test inputs. */
  readonly generalizationError: number;
  /** Euclidean distance from the unperturbed point. */
  readonly distance: number;
}

/** A fit as a part of a job. */
export const FIT_FORM: PartForm<SeparationFit> = {
  save: (fit) => fit,
  load: (saved) => {
    const outcome = OUTCOMES.find((each) => each === saved.any('outcome'));
    if (!outcome) throw new StateError('its outcome is none');
    return { outcome, generalizationError: saved.number('generalizationError'), distance: saved.number('distance') };
  },
};

/** Test inputs with the model bound to them and the target's values there. */
export interface TestSet {
  readonly bound: BoundModel;
  readonly targets: Float64Array;
}

/**
 * Which zero of the training loss lies next to a point of the target set when it is moved a little: on a branch that the sample
 * separates it is the target again ("Geometry and local recovery of global minima", arXiv 2309.00508).
 *
 * @param targets of the training inputs
 * @param offset what the point is moved by, M numbers
 */
export function* fitNear(
  model: Model,
  point: Float64Array,
  offset: Float64Array,
  inputs: Inputs,
  targets: Float64Array,
  test: TestSet,
  checkpoint?: JobCheckpoint,
): Generator<JobProgress, SeparationFit> {
  const bound = model.bind(inputs);
  const start = point.map((value, j) => value + offset[j]!);
  const options = { trainLoss: GOAL, iterations: ITERATIONS };
  const saved = checkpoint?.read();
  const begun =
    saved === undefined
      ? undefined
      : goOn(checkpoint, () => readPolishState(new SavedFields(saved), bound.parameterCount, ITERATIONS));
  const { parameters, loss } = yield* pacedSteps(polishInSteps(bound, targets, start, options, begun), (state) => {
    if (checkpoint?.due()) checkpoint.write(state);
  });
  let square = 0;
  parameters.forEach((value, j) => (square += (value - point[j]!) * (value - point[j]!)));
  const generalizationError = rootMeanSquare(test, parameters);
  return { outcome: outcomeOf(generalizationError, Math.sqrt(loss)), generalizationError, distance: Math.sqrt(square) };
}

function outcomeOf(generalizationError: number, trainingError: number): SeparationFit['outcome'] {
  if (generalizationError > Math.max(ROUNDING, OTHER * trainingError)) return 'other';
  return generalizationError < TARGET ? 'target' : 'undecided';
}

export function rootMeanSquare({ bound, targets }: TestSet, parameters: Float64Array): number {
  const outputs = new Float64Array(bound.sampleCount);
  bound.evaluate(parameters, outputs);
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) sum += (outputs[i]! - targets[i]!) * (outputs[i]! - targets[i]!);
  return Math.sqrt(sum / outputs.length);
}
