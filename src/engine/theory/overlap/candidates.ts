import { distance, dot, type NeuronPoint } from './neuron';

/** A function G(θ, θ0) that does not know the data, by its name. */
export interface CandidateG {
  name: string;
  value(point: NeuronPoint, start: NeuronPoint): number;
  /** ∇_θ G, w first; any subgradient where there is a kink. */
  gradient(point: NeuronPoint, start: NeuronPoint): number[];
}

const entries = ({ w, a }: NeuronPoint): number[] => [...w, a];
const moved = (point: NeuronPoint, start: NeuronPoint): number[] => entries(point).map((entry, j) => entry - entries(start)[j]);
const length = (vector: readonly number[]): number => Math.sqrt(dot(vector, vector));
const unit = (vector: number[]): number[] => vector.map((entry) => entry / (length(vector) || 1));
const absoluteSum = (vector: readonly number[]): number => vector.reduce((sum, entry) => sum + Math.abs(entry), 0);
const largest = (vector: readonly number[]): number => vector.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
const atLargest = (vector: readonly number[]): number[] =>
  vector.map((entry) => (Math.abs(entry) === largest(vector) ? Math.sign(entry) : 0));

/** What is named when one asks what a gradient flow minimises among the interpolating solutions. */
export const CANDIDATES: readonly CandidateG[] = [
  {
    name: 'L2 norm ‖θ‖',
    value: (point) => length(entries(point)),
    gradient: (point) => unit(entries(point)),
  },
  {
    name: 'L1 norm ‖θ‖₁',
    value: (point) => absoluteSum(entries(point)),
    gradient: (point) => entries(point).map(Math.sign),
  },
  {
    name: 'largest entry ‖θ‖∞',
    value: (point) => largest(entries(point)),
    gradient: (point) => atLargest(entries(point)),
  },
  {
    name: 'distance to the start ‖θ − θ0‖',
    value: distance,
    gradient: (point, start) => unit(moved(point, start)),
  },
  {
    name: 'L1 distance to the start ‖θ − θ0‖₁',
    value: (point, start) => absoluteSum(moved(point, start)),
    gradient: (point, start) => moved(point, start).map(Math.sign),
  },
  {
    name: 'path norm |a|‖w‖',
    value: ({ w, a }) => Math.abs(a) * length(w),
    gradient: ({ w, a }) => [...unit([...w]).map((entry) => Math.abs(a) * entry), Math.sign(a) * length(w)],
  },
  {
    name: 'output weight |a|',
    value: ({ a }) => Math.abs(a),
    gradient: ({ w, a }) => [...w.map(() => 0), Math.sign(a)],
  },
  {
    name: 'input weight ‖w‖',
    value: ({ w }) => length(w),
    gradient: ({ w }) => [...unit([...w]), 0],
  },
  {
    name: 'imbalance |a² − ‖w‖²|',
    value: ({ w, a }) => Math.abs(a * a - dot(w, w)),
    gradient: ({ w, a }) => {
      const sign = Math.sign(a * a - dot(w, w));
      return [...w.map((entry) => -2 * sign * entry), 2 * sign * a];
    },
  },
];

export interface CandidateAtTwoPoints {
  name: string;
  /** G at the limit of either data set. */
  values: [number, number];
  /** Data set 1 needs G(θ1*) < G(θ2*), data set 2 the opposite: of the two at most one can hold. */
  holds: [boolean, boolean];
}

/** Which of the two inequalities of the two-point overlap (arXiv 2201.12198, Lemma 5.1) each candidate violates. */
export function candidatesAtTwoPoints(first: NeuronPoint, second: NeuronPoint, start: NeuronPoint): CandidateAtTwoPoints[] {
  return CANDIDATES.map(({ name, value }) => {
    const values: [number, number] = [value(first, start), value(second, start)];
    return { name, values, holds: [values[0] < values[1], values[1] < values[0]] };
  });
}

export interface CandidateAtOnePoint {
  name: string;
  /** ‖∇G(θ*, θ0)‖, which would have to be 0. */
  gradientNorm: number;
}

/** Gradients at the common limit of a one-point overlap, which would all have to vanish (Lemma 5.2). */
export function candidatesAtOnePoint(limit: NeuronPoint, start: NeuronPoint): CandidateAtOnePoint[] {
  return CANDIDATES.map(({ name, gradient }) => ({ name, gradientNorm: length(gradient(limit, start)) }));
}
