import type { Classification, Curvature, Descent } from '../../protocol/results';
import { symmetricEigen, type SymmetricEigen } from '../linalg/symmetricEigen';
import { randomStream, type RandomStream } from '../random/stream';
import { norm, type SquaredLoss } from './squaredLoss';

export interface Classified {
  classification: Classification;
  reason: string;
  /** Null at a point that is not critical. */
  curvature: Curvature | null;
  /** The loss is 0 up to rounding. */
  isZeroLoss: boolean;
  descent?: Descent;
}

/** A point is not taken for critical above this relative gradient. */
const CRITICAL = 1e-10;
/** Below −this times the largest eigenvalue, curvature is negative (theory, Section 11). */
const NEGATIVE = 1e-9;
/** Up to this fraction of the largest, an eigenvalue is 0. */
const ZERO = 1e-10;
/** Random directions of the kernel that are followed. */
const DIRECTIONS = 10;
/** A loss that falls by more than this fraction of Σ(f² + y²) falls beyond rounding. */
const FALLS = 1e-13;

/**
 * Minimum, strict saddle or degenerate saddle. Where no eigenvalue is negative and some are 0, random directions v of the kernel are
 * followed by the Lyapunov–Schmidt reduction: θ + εv is moved within the range of the Hessian until the gradient there vanishes. If the
 * gradient vanishes altogether for all of them, the critical points form a manifold as large as the kernel, and the point is a
 * minimum; if the loss falls along one, it is a degenerate saddle. Anything else stays undecided.
 */
export function classify(loss: SquaredLoss, parameters: Float64Array): Classified {
  const relative = loss.relativeGradient(parameters);
  const size = scaleOf(loss);
  const value = loss.value(parameters);
  const isZeroLoss = value <= 1e-24 * size;
  const say = (classification: Classification, reason: string, curvature: Curvature | null): Classified => {
    return { classification, reason, curvature, isZeroLoss };
  };
  if (!(relative < CRITICAL)) return say('notCritical', `The relative gradient is ${relative.toExponential(1)}.`, null);
  const eigen = symmetricEigen(loss.hessian(parameters), 'Hessian');
  const curvature = curvatureOf(eigen);
  const { smallest, largest, residual, zero, negative } = curvature;
  if (isZeroLoss) return say('minimum', 'The loss is 0, which no point undercuts.', curvature);
  if (smallest < -(NEGATIVE + residual) * largest) {
    const error = (residual * largest).toExponential(1);
    return say(
      'strictSaddle',
      `The Hessian has the eigenvalue ${smallest.toPrecision(3)}, with a residual of ${error}.`,
      curvature,
    );
  }
  if (negative > 0 || largest === 0)
    return say('undecided', 'Eigenvalues of the Hessian lie between zero and rounding.', curvature);
  if (zero === 0) return say('minimum', 'All eigenvalues of the Hessian are positive.', curvature);
  return { ...followKernel(loss, parameters, eigen, value, size), curvature, isZeroLoss };
}

function curvatureOf({ values, residual }: SymmetricEigen): Curvature {
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
  const negative = values.filter((value) => value < -ZERO * largest).length;
  const positive = values.filter((value) => value > ZERO * largest).length;
  return { smallest: values[0], largest, residual, negative, zero: values.length - negative - positive, positive };
}

/** Σ y², or 1 for data of zeros: what rounding of the loss is measured by. */
function scaleOf({ data: { targets } }: SquaredLoss): number {
  return targets.reduce((sum, y) => sum + y * y, 0) || 1;
}

function followKernel(
  loss: SquaredLoss,
  parameters: Float64Array,
  eigen: SymmetricEigen,
  value: number,
  size: number,
): Pick<Classified, 'classification' | 'reason' | 'descent'> {
  const stream = randomStream(1, 'lifting', 'kernel');
  let critical = 0;
  for (let k = 0; k < DIRECTIONS; k++) {
    const reduced = reduce(loss, parameters, eigen, stream);
    if (!reduced) continue;
    const lossChange = loss.value(reduced.parameters) - value;
    if (lossChange < -FALLS * (size + value)) {
      const distance = norm(reduced.parameters.map((each, j) => each - parameters[j]));
      return {
        classification: 'degenerateSaddle',
        reason: `No curvature is negative, but the loss falls by ${(-lossChange).toExponential(2)} within a distance of ${distance.toPrecision(2)}.`,
        descent: { parameters: Array.from(reduced.parameters), lossChange, distance },
      };
    }
    if (reduced.relativeGradient < CRITICAL && Math.abs(lossChange) <= FALLS * (size + value)) critical++;
  }
  if (critical === DIRECTIONS) {
    return {
      classification: 'minimum',
      reason:
        'No curvature is negative, and critical points of the same loss form a manifold along the whole kernel of the Hessian.',
    };
  }
  return {
    classification: 'undecided',
    reason:
      'The Hessian is positive semidefinite; neither a manifold of critical points along its kernel nor a way down was found.',
  };
}

/** One direction of the kernel; null where the iteration does not converge. */
function reduce(
  loss: SquaredLoss,
  from: Float64Array,
  { values, vectors }: SymmetricEigen,
  stream: RandomStream,
): { parameters: Float64Array; relativeGradient: number } | null {
  const M = values.length;
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[M - 1]));
  const inKernel = Array.from(values, (value) => Math.abs(value) <= ZERO * largest);
  const direction = Float64Array.from(values, (_, k) => (inKernel[k] ? stream.normal() : 0));
  const length = norm(direction);
  for (const epsilon of [0.1, 0.02]) {
    const parameters = Float64Array.from(from);
    for (let k = 0; k < M; k++) {
      if (!inKernel[k]) continue;
      for (let j = 0; j < M; j++) parameters[j] += epsilon * (direction[k] / length) * vectors.values[j * M + k];
    }
    let before = Infinity;
    for (let step = 0; step < 200; step++) {
      const gradient = loss.gradient(parameters);
      let rest = 0;
      for (let k = 0; k < M; k++) {
        if (inKernel[k]) continue;
        let along = 0;
        for (let j = 0; j < M; j++) along += vectors.values[j * M + k] * gradient[j];
        rest += along * along;
        for (let j = 0; j < M; j++) parameters[j] -= (along / values[k]) * vectors.values[j * M + k];
      }
      rest = Math.sqrt(rest);
      // As far as rounding allows: the range component no longer shrinks.
      if (!(rest < 0.9 * before)) break;
      before = rest;
    }
    const relativeGradient = loss.relativeGradient(parameters);
    if (before < 1e-9 * largest * epsilon) return { parameters, relativeGradient };
  }
  return null;
}
