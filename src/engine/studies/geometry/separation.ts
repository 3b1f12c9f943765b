import { polish } from '../../flow/polish';
import type { BoundModel, Inputs, Model } from '../../models/model';

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

/** Where the fit from one perturbed point has ended. */
export interface SeparationFit {
  /** `undecided`: still on the way, in a valley so flat that no fit comes to its end. */
  readonly outcome: 'target' | 'other' | 'undecided';
  /** Root of the mean squared error over the test inputs. */
  readonly generalizationError: number;
  /** Euclidean distance from the unperturbed point. */
  readonly distance: number;
}

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
export function fitNear(
  model: Model,
  point: Float64Array,
  offset: Float64Array,
  inputs: Inputs,
  targets: Float64Array,
  test: TestSet,
): SeparationFit {
  const bound = model.bind(inputs);
  const start = point.map((value, j) => value + offset[j]!);
  const { parameters, loss } = polish(bound, targets, start, { trainLoss: GOAL, iterations: ITERATIONS });
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
