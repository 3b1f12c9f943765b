import { finish } from '../finish';
import type { RandomStream } from '../random/stream';
import { lossOf, type LossKind } from './loss';
import { regularizerTerms, weightedSum } from './regularizer';
import type { NetShape } from './shape';

/** The convex problem: the last hidden layer's values are fixed, output weights and densities are free. */
export interface ConvexProblem {
  shape: NetShape;
  /** Of the net; w̃ of every layer but the last stays as it is here. */
  parameters: Float64Array;
  /** Values of the last hidden layer, row by row. */
  features: Float64Array;
  targets: Float64Array;
  count: number;
  loss: LossKind;
  decays: readonly number[];
  strength: number;
}

export interface ConvexityResult {
  segments: number;
  violations: number;
  /** Largest amount by which the objective lay above the chord, over the size of the chord; not above 0 where there is no violation. */
  largestExcess: number;
}

/** What rounding may lift the objective above a chord, over its size. */
const ROUNDING = 1e-12;

/**
 * Tests that loss plus regulariser is jointly convex in the output weights ũ and the densities of all hidden layers (arXiv 1911.07626), on
 * random segments at a random place each.
 */
export function testConvexity(problem: ConvexProblem, segments: number, stream: RandomStream): ConvexityResult {
  return finish(convexityInSteps(problem, segments, stream));
}

/** The same with a pause after each segment, in which what is known so far is told; goes on after what was `begun`. */
export function* convexityInSteps(
  problem: ConvexProblem,
  segments: number,
  stream: RandomStream,
  begun?: ConvexityResult,
): Generator<ConvexityResult, ConvexityResult> {
  const { shape, parameters } = problem;
  const { kernel, rows, columns } = shape.outputLayer;
  // The biases follow the kernel.
  const free = rows * columns + rows;
  let scale = 0;
  for (let i = kernel; i < kernel + rows * columns; i++) scale += parameters[i] * parameters[i];
  scale = Math.sqrt(scale / (rows * columns)) || 1;
  const end = () => {
    const weights = new Float64Array(free);
    for (let i = 0; i < free; i++) weights[i] = parameters[kernel + i] + scale * stream.normal();
    return { weights, densities: shape.widths.map((width) => randomDensity(width, stream)) };
  };
  const objective = objectiveOf(problem);
  let { violations, largestExcess } = begun ?? { violations: 0, largestExcess: -Infinity };
  for (let segment = 0; segment < segments; segment++) {
    const from = end();
    const to = end();
    const t = stream.uniform();
    if (begun && segment < begun.segments) continue;
    const mix = (u: Float64Array, v: Float64Array) => u.map((value, i) => (1 - t) * value + t * v[i]);
    const between = objective(
      mix(from.weights, to.weights),
      from.densities.map((p, h) => mix(p, to.densities[h])),
    );
    const chord = (1 - t) * objective(from.weights, from.densities) + t * objective(to.weights, to.densities);
    const excess = (between - chord) / Math.abs(chord);
    largestExcess = Math.max(largestExcess, excess);
    if (!(excess <= ROUNDING)) violations++;
    yield { segments: segment + 1, violations, largestExcess };
  }
  return { segments, violations, largestExcess };
}

/** Loss + strength · Σ decays R, of output weights with their biases and densities. */
export function objectiveOf(problem: ConvexProblem): (weights: Float64Array, densities: readonly Float64Array[]) => number {
  const { shape, features, targets, count, loss, decays, strength } = problem;
  const { kernel, rows, columns } = shape.outputLayer;
  const parameters = Float64Array.from(problem.parameters);
  const outputs = new Float64Array(count * rows);
  return (weights, densities) => {
    parameters.set(weights, kernel);
    for (let s = 0; s < count; s++) {
      for (let o = 0; o < rows; o++) {
        let sum = weights[rows * columns + o];
        for (let k = 0; k < columns; k++) sum += weights[o * columns + k] * features[s * columns + k];
        outputs[s * rows + o] = sum;
      }
    }
    return (
      lossOf(loss, outputs, count, rows, targets) + strength * weightedSum(regularizerTerms(shape, parameters, densities), decays)
    );
  };
}

/** Positive, with mean 1, more or less uneven: powers of exponential variables. */
function randomDensity(width: number, stream: RandomStream): Float64Array {
  const evenness = 1 + Math.floor(3 * stream.uniform());
  const p = new Float64Array(width);
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const u = stream.uniform();
    p[k] = 1e-6 + (evenness === 1 ? u : evenness === 2 ? u * u : u * u * u * u);
    sum += p[k];
  }
  for (let k = 0; k < width; k++) p[k] *= width / sum;
  return p;
}
