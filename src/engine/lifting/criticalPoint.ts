import { symmetricEigen } from '../linalg/symmetricEigen';
import { randomStream } from '../random/stream';
import { norm, type SquaredLoss } from './squaredLoss';

/** A point is critical when its relative gradient is below this. */
export const CRITICAL = 1e-12;
/** Eigenvalues of a Hessian below this fraction of the largest are taken for zeros in Newton steps. */
const FLAT = 1e-11;

export interface CriticalPoint {
  parameters: Float64Array;
  loss: number;
  gradientNorm: number;
  /** See `SquaredLoss.relativeGradient`. */
  relativeGradient: number;
  /** How far polishing went from where it began. */
  distance: number;
  iterations: number;
}

/**
 * Newton's method on ∇R = 0 with the pseudo-inverse of the Hessian, for the last digits of a critical point of any kind. A point
 * whose relative gradient is already below 1e-12 is left as it is.
 */
export function polishCriticalPoint(loss: SquaredLoss, start: Float64Array): CriticalPoint {
  let parameters = Float64Array.from(start);
  let relative = loss.relativeGradient(parameters);
  let iterations = 0;
  // Once begun it goes on as far as rounding lets it.
  while ((relative >= CRITICAL || (iterations > 0 && relative > 0)) && iterations < 100) {
    const step = newtonStep(loss, parameters, false);
    const next = parameters.map((value, j) => value + step[j]);
    const nextRelative = loss.relativeGradient(next);
    // Written so that NaN ends here, too.
    if (!(nextRelative < relative)) break;
    parameters = next;
    relative = nextRelative;
    iterations++;
  }
  return {
    parameters,
    loss: loss.value(parameters),
    gradientNorm: norm(loss.gradient(parameters)),
    relativeGradient: relative,
    distance: norm(parameters.map((value, j) => value - start[j])),
    iterations,
  };
}

/** Starts that are tried until one ends at a critical point. */
const STARTS = 10;
/** Parameters beyond this are on their way to infinity. */
const FARTHEST = 100;

/**
 * Trains from N(0, scale² I) by Newton steps with |H|⁻¹ in place of H⁻¹, which go down from saddles, too (Dauphin et al., "Identifying
 * and attacking the saddle point problem", arXiv 1406.2572), with halving until the loss falls; then polishes. Where that leads to no
 * finite critical point another start is taken, up to ten, and then Newton's method alone, which also ends at saddles; the best is
 * returned, whether critical or not.
 */
export function* trainToCriticalPoint(
  loss: SquaredLoss,
  seed: number,
  scale: number,
  steps: number,
): Generator<undefined, CriticalPoint> {
  let best: CriticalPoint | null = null;
  for (let attempt = 0; attempt < STARTS; attempt++) {
    const stream = randomStream(seed, 'lifting', 'start', attempt);
    let parameters = new Float64Array(loss.model.parameterCount);
    stream.fillNormal(parameters, scale);
    const start = parameters;
    let value = loss.value(parameters);
    for (let taken = 0; taken < steps && loss.relativeGradient(parameters) >= CRITICAL; taken++) {
      const down = halvedStep(loss, parameters, newtonStep(loss, parameters, true), value);
      if (!down || norm(down.parameters) > FARTHEST) break;
      ({ parameters, value } = down);
      yield;
    }
    const polished = polishCriticalPoint(loss, parameters);
    const distance = norm(polished.parameters.map((each, j) => each - start[j]));
    if (!best || polished.relativeGradient < best.relativeGradient) best = { ...polished, distance };
    if (best.relativeGradient < CRITICAL) return best;
  }
  // The loss may fall towards infinity; saddles are critical points, too, and Newton's method finds them.
  for (let attempt = 0; attempt < STARTS && best!.relativeGradient >= CRITICAL; attempt++) {
    const start = new Float64Array(loss.model.parameterCount);
    randomStream(seed, 'lifting', 'saddle', attempt).fillNormal(start, scale);
    const polished = polishCriticalPoint(loss, start);
    if (polished.relativeGradient < best!.relativeGradient && norm(polished.parameters) < FARTHEST) best = polished;
    yield;
  }
  return best!;
}

function halvedStep(loss: SquaredLoss, from: Float64Array, step: Float64Array, value: number) {
  for (let factor = 1; factor > 1e-14; factor /= 2) {
    const parameters = from.map((each, j) => each + factor * step[j]);
    const next = loss.value(parameters);
    if (next < value) return { parameters, value: next };
  }
  return null;
}

/** −H⁺∇R, or −|H|⁺∇R. */
function newtonStep(loss: SquaredLoss, parameters: Float64Array, absolute: boolean): Float64Array {
  const gradient = loss.gradient(parameters);
  const { values, vectors } = symmetricEigen(loss.hessian(parameters), 'Hessian');
  const M = values.length;
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[M - 1]));
  const step = new Float64Array(M);
  for (let k = 0; k < M; k++) {
    const curvature = absolute ? Math.max(Math.abs(values[k]), 1e-6 * largest) : values[k];
    if (Math.abs(curvature) <= FLAT * largest) continue;
    let along = 0;
    for (let j = 0; j < M; j++) along += vectors.values[j * M + k] * gradient[j];
    for (let j = 0; j < M; j++) step[j] -= (along / curvature) * vectors.values[j * M + k];
  }
  return step;
}
