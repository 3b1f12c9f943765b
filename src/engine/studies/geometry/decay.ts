import { GradientFlow, type FlowResult } from '../../flow/gradientFlow';
import type { Matrix } from '../../linalg/matrix';
import { svd } from '../../linalg/svd';
import type { BoundModel } from '../../models/model';
import { exp, log } from '../../numbers/elementary';
import { fitRate, type Rate } from './rate';

/** A flow near a branch, looked at from the branch: how far it is off, and where it drifts along. */
export interface Decay {
  /** Of the training loss. */
  readonly rate: Rate;
  /** Of the distance from the closure of the branch. */
  readonly normalRate: Rate;
  readonly times: number[];
  readonly losses: number[];
  /** Distance from the closure of the branch. */
  readonly normal: number[];
  /** Its part in the range of the Hessian at the limit, and what is left of it. */
  readonly range: number[];
  readonly kernel: number[];
  /** Distance from the limit along the branch. */
  readonly tangential: number[];
  readonly time: number;
  readonly loss: number;
  readonly parameters: Float64Array;
  readonly stopReason: FlowResult['stopReason'];
}

/** Points at which a flow is looked at. */
const POINTS = 200;
/** Singular values of J below this fraction of the largest span no part of the range of the Hessian. */
const RANGE_TOLERANCE = 1e-9;

/**
 * The gradient flow of the mean squared error from a point near a branch whose equations are linear, with its parts normal and
 * tangential to the branch: at a Morse–Bott branch it converges linearly; elsewhere in general slower, in the kernel of the Hessian,
 * with the loss of order |γ − θ*|⁴ ("Geometry and local recovery of global minima", arXiv 2309.00508, Thm 5.3).
 *
 * @param onBranch a point of the branch
 * @param constraints rows that the branch is the kernel of, moved to the point
 */
export function* decayNear(
  bound: BoundModel,
  targets: Float64Array,
  start: Float64Array,
  onBranch: Float64Array,
  constraints: Matrix,
  time: number,
): Generator<number, Decay> {
  const flow = new GradientFlow(bound, targets, start, {
    stop: { time, trainLoss: 1e-26, steps: 20_000 },
    relativeTolerance: 1e-9,
    absoluteTolerance: 1e-14,
  });
  let steps = 0;
  while (flow.stopReason === null) {
    flow.advance(100);
    steps += 100;
    yield steps;
  }
  const result = flow.result();
  const normalBasis = orthonormalRows(constraints);
  const end = result.parameters;
  const foot = end.map((value, j) => value - project(normalBasis, difference(end, onBranch))[j]!);
  const rangeBasis = hessianRange(bound, foot);

  const times: number[] = [];
  const losses: number[] = [];
  const normal: number[] = [];
  const range: number[] = [];
  const kernel: number[] = [];
  const tangential: number[] = [];
  const at = new Float64Array(start.length);
  const outputs = new Float64Array(bound.sampleCount);
  for (const t of logarithmicTimes(flow)) {
    flow.trajectory.at(t, at);
    bound.evaluate(at, outputs);
    times.push(t);
    losses.push(outputs.reduce((sum, value, i) => sum + (value - targets[i]!) * (value - targets[i]!), 0) / outputs.length);
    const off = project(normalBasis, difference(at, onBranch));
    const inRange = project(rangeBasis, off);
    normal.push(norm(off));
    range.push(norm(inRange));
    kernel.push(norm(difference(off, inRange)));
    tangential.push(norm(at.map((value, j) => value - off[j]! - foot[j]!)));
  }
  return {
    rate: fitRate(times, losses),
    normalRate: fitRate(times, normal),
    times,
    losses,
    normal,
    range,
    kernel,
    tangential,
    time: result.time,
    loss: result.loss,
    parameters: end,
    stopReason: result.stopReason,
  };
}

/** Times of the flow that are equally far apart in their logarithm, from its first step on. */
function logarithmicTimes({ trajectory }: GradientFlow): number[] {
  if (trajectory.length === 0) return [];
  const first = log(trajectory.timeAt(0));
  const last = log(trajectory.end);
  return Array.from({ length: POINTS }, (_, i) =>
    i === POINTS - 1 ? trajectory.end : Math.min(trajectory.end, exp(first + ((last - first) * i) / (POINTS - 1))),
  );
}

/** Orthonormal vectors that span the rows, one after the other. */
function orthonormalRows(a: Matrix): Matrix {
  const { s, v } = svd(a);
  return leadingColumns(v, s, 1e-12);
}

/** The row space of the tangent matrix: the range of the Hessian 2/n JᵀJ at a zero of the loss. */
function hessianRange(bound: BoundModel, parameters: Float64Array): Matrix {
  const { sampleCount: rows, parameterCount: columns } = bound;
  const jacobian = { rows, columns, values: new Float64Array(rows * columns) };
  bound.jacobian(parameters, jacobian.values);
  const { s, v } = svd(jacobian);
  return leadingColumns(v, s, RANGE_TOLERANCE);
}

/** Columns with a singular value above the tolerance, as rows. */
function leadingColumns(v: Matrix, s: Float64Array, tolerance: number): Matrix {
  const rank = s.reduce((count, value) => count + (value > tolerance * s[0]! ? 1 : 0), 0);
  const values = new Float64Array(rank * v.rows);
  for (let i = 0; i < rank; i++) for (let j = 0; j < v.rows; j++) values[i * v.rows + j] = v.values[j * v.columns + i]!;
  return { rows: rank, columns: v.rows, values };
}

/** The part of a vector in the span of orthonormal rows. */
function project(basis: Matrix, vector: Float64Array): Float64Array {
  const out = new Float64Array(vector.length);
  const n = basis.columns;
  for (let i = 0; i < basis.rows; i++) {
    let dot = 0;
    for (let j = 0; j < n; j++) dot += basis.values[i * n + j]! * vector[j]!;
    for (let j = 0; j < n; j++) out[j]! += dot * basis.values[i * n + j]!;
  }
  return out;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, j) => value - b[j]!);
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
