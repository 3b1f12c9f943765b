import type { ActivationFunction } from '../../models/activation';
import { exp, log } from '../../numbers/elementary';
import { dot, type NeuronPoint, type SingleSample } from './neuron';

/** Of log σ at a place: on a piece it goes on with the slope, at a single place the slope is free. */
interface Knot {
  z: number;
  logValue: number;
  slope: number;
}

export interface Recipe {
  samples: [SingleSample, SingleSample];
  /** Where the two flows take w·x: σ is an exponential there. */
  intervals: [from: number, to: number][];
  /** Where alone σ is told a value: the other point's w·x. */
  places: { z: number; value: number }[];
  activation: ActivationFunction;
}

/**
 * The sample for which the gradient flow of f = a·c·e^{k w·x} goes from `start` to `end` (arXiv 2201.12198, Proposition A.1, building
 * block of recipe A): x = 2(w* − w0) / (k (a*² − a0²)), y = a* σ(x·w*). The paper asks for a* ≠ a0; what is needed is a*² ≠ a0², and
 * that a keeps its sign, so that σ is met only between x·w0 and x·w*.
 *
 * @throws RangeError when there is no such sample
 */
export function exponentialSample(start: NeuronPoint, end: NeuronPoint, k = 1, c = 1): SingleSample {
  const squares = (end.a - start.a) * (end.a + start.a);
  if (squares === 0) throw new RangeError(`a must change in size on its way: ${start.a} and ${end.a} have the same square.`);
  if (!(start.a * end.a > 0)) throw new RangeError(`a must keep its sign on its way from ${start.a} to ${end.a}.`);
  const x = end.w.map((entry, j) => (2 * (entry - start.w[j])) / (k * squares));
  if (x.every((entry) => entry === 0)) throw new RangeError('w must change on its way.');
  return { x, y: end.a * c * exp(k * dot(x, end.w)) };
}

/** Factors by which the second input is tried to be stretched. */
const STRETCHES = [1, 2, 4, 8, 16, 32, 64];
/** Places where σ is prescribed lie this far apart at least, so that it can be joined gently. */
const APART = 0.2;

/**
 * Recipe A of arXiv 2201.12198 (Theorem 6.1, part A): from one start, two samples and an activation σ ∈ C² for which the gradient
 * flows end at θ1* and θ2*, each of which has zero loss on both samples. No G(θ, θ0) that does not know the data can prefer θ1* for
 * one and θ2* for the other.
 *
 * σ is e^z where the first flow takes x1·w, another exponential where the second takes x2·w (x2 along w2* − w0, stretched until
 * that is elsewhere), and y1/a2*, y2/a1* at the two places x1·w2*, x2·w1*; log σ is joined by quintics.
 *
 * @throws RangeError when the points allow no such σ
 */
export function recipeA(start: NeuronPoint, first: NeuronPoint, second: NeuronPoint): Recipe {
  const sample1 = exponentialSample(start, first);
  if (!(second.a * start.a > 0)) throw new RangeError('a must have the same sign at the start and at both limits.');
  const path1 = interval(dot(sample1.x, start.w), dot(sample1.x, first.w));
  const place1 = dot(sample1.x, second.w);
  if (!isApart(place1, [path1])) {
    throw new RangeError(`The second limit has w·x1 = ${place1}, where the first flow passes or near it: σ is taken there.`);
  }
  for (const stretch of STRETCHES) {
    const slope = 1 / stretch;
    const { x } = exponentialSample(start, second, slope);
    const begin = dot(x, start.w);
    const path2 = interval(begin, dot(x, second.w));
    const place2 = dot(x, first.w);
    const taken: [number, number][] = [path1, [place1, place1]];
    if (!(isApart(place2, [...taken, path2]) && taken.every((other) => intervalsApart(path2, other)))) continue;
    // The second exponential begins at the value that the first one has at its own begin.
    const logBegin = dot(sample1.x, start.w);
    const onPath2 = (z: number) => logBegin + slope * (z - begin);
    const sample2 = { x, y: second.a * exp(onPath2(dot(x, second.w))) };
    const value1 = sample1.y / second.a;
    const value2 = sample2.y / first.a;
    return {
      samples: [sample1, sample2],
      intervals: [path1, path2],
      places: [
        { z: place1, value: value1 },
        { z: place2, value: value2 },
      ],
      activation: joined([
        ...path1.map((z) => ({ z, logValue: z, slope: 1 })),
        ...path2.map((z) => ({ z, logValue: onPath2(z), slope })),
        { z: place1, logValue: log(value1), slope: 0 },
        { z: place2, logValue: log(value2), slope: 0 },
      ]),
    };
  }
  throw new RangeError(
    'However far the second input is stretched, its flow passes where σ is already taken: choose other limits.',
  );
}

function interval(u: number, v: number): [number, number] {
  return u < v ? [u, v] : [v, u];
}

function isApart(z: number, taken: readonly [number, number][]): boolean {
  return taken.every(([from, to]) => z < from - APART || z > to + APART);
}

function intervalsApart([from, to]: [number, number], [otherFrom, otherTo]: [number, number]): boolean {
  return to < otherFrom - APART || from > otherTo + APART;
}

/** σ = e^L with L through the knots, C² and linear where two neighbouring knots say so and beyond the ends. */
function joined(unsorted: Knot[]): ActivationFunction {
  const knots = unsorted.sort((p, q) => p.z - q.z);
  const logarithm = (z: number): [value: number, first: number, second: number] => {
    const last = knots.length - 1;
    if (z <= knots[0].z) return [knots[0].logValue + knots[0].slope * (z - knots[0].z), knots[0].slope, 0];
    if (z >= knots[last].z) return [knots[last].logValue + knots[last].slope * (z - knots[last].z), knots[last].slope, 0];
    let i = 0;
    while (knots[i + 1].z < z) i++;
    return quintic(knots[i], knots[i + 1], z);
  };
  return {
    value: (z) => exp(logarithm(z)[0]),
    first: (z) => {
      const [value, slope] = logarithm(z);
      return exp(value) * slope;
    },
    second: (z) => {
      const [value, slope, bend] = logarithm(z);
      return exp(value) * (bend + slope * slope);
    },
    train(z, slope, offset, count) {
      for (let s = offset; s < offset + count; s++) {
        const [value, first] = logarithm(z[s]);
        z[s] = exp(value);
        slope[s] = z[s] * first;
      }
    },
    slopeFromValue: null,
  };
}

/** Hermite interpolation of values and slopes, with second derivatives 0 at both ends. */
function quintic(p: Knot, q: Knot, z: number): [value: number, first: number, second: number] {
  const h = q.z - p.z;
  const t = (z - p.z) / h;
  const rise = q.logValue - p.logValue - h * p.slope;
  const turn = h * (q.slope - p.slope);
  // p + slope·t + t³(c3 + c4 t + c5 t²)
  const c3 = 10 * rise - 4 * turn;
  const c4 = 7 * turn - 15 * rise;
  const c5 = 6 * rise - 3 * turn;
  return [
    p.logValue + p.slope * (z - p.z) + t * t * t * (c3 + t * (c4 + t * c5)),
    p.slope + (t * t * (3 * c3 + t * (4 * c4 + t * 5 * c5))) / h,
    (t * (6 * c3 + t * (12 * c4 + t * 20 * c5))) / (h * h),
  ];
}
