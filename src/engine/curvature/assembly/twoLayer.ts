// The mean squared error of a two-layer net f(x) = Σ_k a_k σ(w_k·x + b_k) + c around a point: activations, their two derivatives
// and the residuals are computed once there (`linearizeTwoLayer`); gradient, products with the Hessian and the Hessian itself
// come from them. Layout and order of sums are those of ../../kernels/assembly/twoLayer.ts; the twin is
// ../../models/twoLayerLinearization.ts, bit for bit.

import { accumulate, at, splatAt, sumOfLanes } from '../../kernels/assembly/lanes';
import { activate } from './activation';
import { EXP, SHIFTED_TANH, SIGMOID, vectorActivation, vectorSlope } from '../../kernels/assembly/vectorActivation';
import { vectorTanhFast } from '../../kernels/assembly/vectorTanh';
import { combine, project, rowProduct, rowSum } from '../../kernels/assembly/rows';

/** Neurons that go through all passes together, so that what they need stays in the cache. */
const TILE: usize = 8;

let activation: i32 = 0;
let shift: f64 = 0;
let m: usize = 0;
let d: usize = 0;
let count: usize = 0;
let n: usize = 0;
let parameterCount: usize = 0;
let inputs: usize = 0;
let targets: usize = 0;
let mask: usize = 0;
let parameters: usize = 0;
let inputWeights: usize = 0;
/** 0 where there are none. */
let biases: usize = 0;
let outputBias: usize = 0;
let hidden: usize = 0;
let first: usize = 0;
let second: usize = 0;
/** σ and σ′ of the last `lossAndGradientTwoLayer`. */
let trained: usize = 0;
let trainedSlopes: usize = 0;
let residuals: usize = 0;
let zeros: usize = 0;
let tangents: usize = 0;
let trainedResiduals: usize = 0;
let mismatches: usize = 0;
/** Residuals of the point that `settleTwoLayer` was told of last, and those that weigh the curvature of f: these or the point's own. */
let settled: usize = 0;
let curving: usize = 0;
/** A point near by, with its σ and residuals; 0 where there is none. */
let anchor: usize = 0;
let anchorAt: usize = 0;
let anchorHidden: usize = 0;
let anchorResiduals: usize = 0;
let displacement: usize = 0;
/** Largest change of an argument since the anchor at the last evaluation; infinite without one. */
let reach: f64 = Infinity;
let tile: usize = 0;

/** Places: d × n inputs; n targets; n of mask; parameters; 6 m × n numbers; 7 n numbers; 8 n numbers; 2 P numbers. n is `padded`, which is even. */
export function setTwoLayer(
  activationNumber: i32,
  shiftValue: f64,
  width: i32,
  dimension: i32,
  samples: i32,
  padded: i32,
  hasHiddenBias: i32,
  hasOutputBias: i32,
  inputsAt: usize,
  targetsAt: usize,
  maskAt: usize,
  parametersAt: usize,
  activationsAt: usize,
  rowsAt: usize,
  tileAt: usize,
  anchorPlace: usize,
): void {
  activation = activationNumber;
  shift = shiftValue;
  m = width;
  d = dimension;
  count = samples;
  n = padded;
  inputs = inputsAt;
  targets = targetsAt;
  mask = maskAt;
  parameters = parametersAt;
  inputWeights = at(parameters, m);
  const afterWeights = at(inputWeights, m * d);
  biases = hasHiddenBias ? afterWeights : 0;
  const afterBiases = hasHiddenBias ? at(afterWeights, m) : afterWeights;
  outputBias = hasOutputBias ? afterBiases : 0;
  parameterCount = m * (d + 1) + (hasHiddenBias ? m : 0) + (hasOutputBias ? 1 : 0);
  hidden = activationsAt;
  first = at(hidden, m * n);
  second = at(first, m * n);
  trained = at(second, m * n);
  trainedSlopes = at(trained, m * n);
  anchorHidden = at(trainedSlopes, m * n);
  residuals = rowsAt;
  zeros = at(residuals, n);
  tangents = at(zeros, n);
  trainedResiduals = at(tangents, n);
  mismatches = at(trainedResiduals, n);
  anchorResiduals = at(mismatches, n);
  settled = at(anchorResiduals, n);
  tile = tileAt;
  anchorAt = anchorPlace;
  displacement = at(anchorPlace, parameterCount);
  anchor = 0;
  reach = Infinity;
}

/** Place in another vector of what stands at `place` in the parameters; 0 stays 0. */
// @ts-ignore: decorator
@inline
function same(place: usize, vector: usize): usize {
  return place ? place - parameters + vector : 0;
}

/** Takes the parameters that stand at their place; the loss there. */
export function linearizeTwoLayer(settledCurvature: bool): f64 {
  curving = settledCurvature ? settled : residuals;
  const shifts = f64x2.splat(shift);
  const start = outputBias ? splatAt(outputBias, 0) : f64x2.splat(0);
  for (let s: usize = 0; s < n; s += 2) v128.store(at(residuals, s), f64x2.sub(start, v128.load(at(targets, s))));
  for (let k0: usize = 0; k0 < m; k0 += TILE) {
    const rows = min(TILE, m - k0);
    combine(rows, d, n, at(inputWeights, k0 * d), d, 1, biases ? at(biases, k0) : 0, 1, inputs, tile, n, false);
    for (let k = k0; k < k0 + rows; k++) {
      const a = splatAt(parameters, k);
      const z = at(tile, (k - k0) * n);
      const h = at(hidden, k * n);
      for (let s: usize = 0; s < n; s += 2) {
        const place = (k * n + s) << 3;
        activate(activation, v128.load(at(z, s)), shifts, hidden + place, first + place, second + place);
        v128.store(at(residuals, s), accumulate(v128.load(at(residuals, s)), a, v128.load(at(h, s))));
      }
    }
  }
  for (let s: usize = 0; s < n; s += 2) v128.store(at(residuals, s), f64x2.mul(v128.load(at(residuals, s)), v128.load(at(mask, s))));
  return rowProduct(n, residuals, residuals) / <f64>count;
}

/**
 * out = scale·Jᵀ·weights at `point` with σ and σ′ in `values` and `slopes`; `weights` are 0 at padding. With `brought`, what stands there
 * is added for the arguments of neurons, and what stands in `out` for output weights.
 */
function collect(point: usize, values: usize, slopes: usize, weights: usize, out: usize, scale: f64, brought: usize): void {
  const bringsAlong = brought != 0;
  for (let k0: usize = 0; k0 < m; k0 += TILE) {
    const rows = min(TILE, m - k0);
    for (let k = k0; k < k0 + rows; k++) {
      const a = splatAt(point, k);
      const u = bringsAlong ? at(brought, k * n) : at(tile, (k - k0) * n);
      let sumA = f64x2.splat(0);
      let sumB = f64x2.splat(0);
      for (let s: usize = 0; s < n; s += 2) {
        const place = (k * n + s) << 3;
        const e = v128.load(at(weights, s));
        sumA = accumulate(sumA, e, v128.load(values + place));
        let v = f64x2.mul(e, f64x2.mul(a, v128.load(slopes + place)));
        if (bringsAlong) v = f64x2.add(v, v128.load(at(u, s)));
        sumB = f64x2.add(sumB, v);
        v128.store(at(u, s), v);
      }
      const partial = bringsAlong ? load<f64>(at(out, k)) : 0.0;
      store<f64>(at(out, k), scale * (sumOfLanes(sumA) + partial));
      if (biases) store<f64>(at(same(biases, out), k), scale * sumOfLanes(sumB));
    }
    const u = bringsAlong ? at(brought, k0 * n) : tile;
    project(rows, d, n, u, n, inputs, at(same(inputWeights, out), k0 * d), d, scale, false);
  }
  if (outputBias) store<f64>(same(outputBias, out), scale * rowSum(n, weights));
}

/** out = ∇R. */
export function gradientTwoLayer(out: usize): void {
  collect(parameters, hidden, first, residuals, out, 2.0 / <f64>count, 0);
}

// @ts-ignore: decorator
@inline
function trainedSlope(kind: i32, z: v128, h: v128): v128 {
  if (kind <= SHIFTED_TANH) return f64x2.sub(f64x2.splat(1), f64x2.mul(h, h));
  if (kind == SIGMOID) return f64x2.sub(h, f64x2.mul(h, h));
  return kind == EXP ? h : vectorSlope(kind, z);
}

/** σ, σ′ and residuals at any point, with the fast functions of training. */
function forward(point: usize): void {
  const shifts = f64x2.splat(shift);
  const start = outputBias ? splatAt(same(outputBias, point), 0) : f64x2.splat(0);
  const rest = trainedResiduals;
  for (let s: usize = 0; s < n; s += 2) v128.store(at(rest, s), f64x2.sub(start, v128.load(at(targets, s))));
  for (let k0: usize = 0; k0 < m; k0 += TILE) {
    const rows = min(TILE, m - k0);
    const bias = biases ? at(same(biases, point), k0) : 0;
    combine(rows, d, n, at(same(inputWeights, point), k0 * d), d, 1, bias, 1, inputs, tile, n, false);
    // Several numbers at once, across neurons: one chain of tanh alone would wait for itself most of the time.
    const length = rows * n;
    let i: usize = 0;
    for (; i + 6 < length; i += 8) {
      const z0 = v128.load(at(tile, i));
      const z1 = v128.load(at(tile, i), 16);
      const z2 = v128.load(at(tile, i), 32);
      const z3 = v128.load(at(tile, i), 48);
      const h0 = vectorActivation(activation, z0, shifts);
      const h1 = vectorActivation(activation, z1, shifts);
      const h2 = vectorActivation(activation, z2, shifts);
      const h3 = vectorActivation(activation, z3, shifts);
      const value = at(trained, k0 * n + i);
      const slope = at(trainedSlopes, k0 * n + i);
      v128.store(value, h0);
      v128.store(value, h1, 16);
      v128.store(value, h2, 32);
      v128.store(value, h3, 48);
      v128.store(slope, trainedSlope(activation, z0, h0));
      v128.store(slope, trainedSlope(activation, z1, h1), 16);
      v128.store(slope, trainedSlope(activation, z2, h2), 32);
      v128.store(slope, trainedSlope(activation, z3, h3), 48);
    }
    for (; i < length; i += 2) {
      const z = v128.load(at(tile, i));
      const h = vectorActivation(activation, z, shifts);
      v128.store(at(trained, k0 * n + i), h);
      v128.store(at(trainedSlopes, k0 * n + i), trainedSlope(activation, z, h));
    }
    for (let k = k0; k < k0 + rows; k++) {
      const a = splatAt(point, k);
      const h = at(trained, k * n);
      for (let s: usize = 0; s < n; s += 2) v128.store(at(rest, s), accumulate(v128.load(at(rest, s)), a, v128.load(at(h, s))));
    }
  }
}

/** tanh(z + δ) − tanh(z) for h = tanh(z), to the relative accuracy of δ. */
// @ts-ignore: decorator
@inline
function changeOfTanh(h: v128, delta: v128): v128 {
  const one = f64x2.splat(1);
  const t = vectorTanhFast(delta);
  return f64x2.div(f64x2.mul(t, f64x2.sub(one, f64x2.mul(h, h))), f64x2.add(one, f64x2.mul(h, t)));
}

// @ts-ignore: decorator
@inline
function changeOfActivation(kind: i32, h: v128, delta: v128): v128 {
  if (kind != SIGMOID) return changeOfTanh(h, delta);
  // The sigmoid is ½ + ½ tanh(z/2).
  const half = f64x2.splat(0.5);
  return f64x2.mul(half, changeOfTanh(f64x2.sub(f64x2.add(h, h), f64x2.splat(1)), f64x2.mul(half, delta)));
}

/** The same by what has changed since the anchor. */
function forwardFromAnchor(point: usize): void {
  const rest = trainedResiduals;
  let i: usize = 0;
  for (; i < parameterCount; i++) store<f64>(at(displacement, i), load<f64>(at(point, i)) - load<f64>(at(anchor, i)));
  const start = outputBias ? splatAt(same(outputBias, displacement), 0) : f64x2.splat(0);
  for (let s: usize = 0; s < n; s += 2) v128.store(at(rest, s), f64x2.add(v128.load(at(anchorResiduals, s)), start));
  let largest = f64x2.splat(0);
  for (let k0: usize = 0; k0 < m; k0 += TILE) {
    const rows = min(TILE, m - k0);
    const bias = biases ? at(same(biases, displacement), k0) : 0;
    combine(rows, d, n, at(same(inputWeights, displacement), k0 * d), d, 1, bias, 1, inputs, tile, n, false);
    const length = rows * n;
    i = 0;
    for (; i + 2 < length; i += 4) {
      const place = (k0 * n + i) << 3;
      const z0 = v128.load(at(tile, i));
      const z1 = v128.load(at(tile, i), 16);
      const h0 = v128.load(anchorHidden + place);
      const h1 = v128.load(anchorHidden + place, 16);
      const c0 = changeOfActivation(activation, h0, z0);
      const c1 = changeOfActivation(activation, h1, z1);
      const v0 = f64x2.add(h0, c0);
      const v1 = f64x2.add(h1, c1);
      largest = f64x2.max(largest, f64x2.max(f64x2.abs(z0), f64x2.abs(z1)));
      v128.store(at(tile, i), c0);
      v128.store(at(tile, i), c1, 16);
      v128.store(trained + place, v0);
      v128.store(trained + place, v1, 16);
      v128.store(trainedSlopes + place, trainedSlope(activation, z0, v0));
      v128.store(trainedSlopes + place, trainedSlope(activation, z1, v1), 16);
    }
    for (; i < length; i += 2) {
      const place = (k0 * n + i) << 3;
      const z = v128.load(at(tile, i));
      const h = v128.load(anchorHidden + place);
      const change = changeOfActivation(activation, h, z);
      const v = f64x2.add(h, change);
      largest = f64x2.max(largest, f64x2.abs(z));
      v128.store(at(tile, i), change);
      v128.store(trained + place, v);
      v128.store(trainedSlopes + place, trainedSlope(activation, z, v));
    }
    for (let k = k0; k < k0 + rows; k++) {
      const a = splatAt(anchor, k);
      const da = splatAt(displacement, k);
      for (let s: usize = 0; s < n; s += 2) {
        const r = accumulate(v128.load(at(rest, s)), da, v128.load(at(trained, k * n + s)));
        v128.store(at(rest, s), accumulate(r, a, v128.load(at(tile, (k - k0) * n + s))));
      }
    }
  }
  reach = max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
}

/** Residuals, 0 at padding, with σ and σ′ at any point. */
function evaluateAt(point: usize): void {
  reach = Infinity;
  if (anchor) forwardFromAnchor(point);
  // Written so that NaN goes the plain way, too.
  if (!(reach <= 1)) forward(point);
  const rest = trainedResiduals;
  for (let s: usize = 0; s < n; s += 2) v128.store(at(rest, s), f64x2.mul(v128.load(at(rest, s)), v128.load(at(mask, s))));
}

/** The loss and, with `out`, its gradient at any point, in the fast arithmetic of training; the point taken last stays as it is. */
export function lossAndGradientTwoLayer(point: usize, out: usize): f64 {
  evaluateAt(point);
  if (out) collect(point, trained, trainedSlopes, trainedResiduals, out, 2.0 / <f64>count, 0);
  return rowProduct(n, trainedResiduals, trainedResiduals) / <f64>count;
}

/** Makes `point` the anchor of what follows, if the activation has a formula for changes. */
export function anchorTwoLayer(point: usize): void {
  if (activation > SIGMOID) return;
  anchor = 0;
  evaluateAt(point);
  memory.copy(anchorAt, point, parameterCount << 3);
  memory.copy(anchorHidden, trained, (m * n) << 3);
  memory.copy(anchorResiduals, trainedResiduals, n << 3);
  anchor = anchorAt;
  reach = 0;
}

/** Keeps the residuals of the last evaluation for `linearizeTwoLayer`. */
export function settleTwoLayer(): void {
  memory.copy(settled, trainedResiduals, n << 3);
}

/** Where these stand. */
export function settledTwoLayer(): usize {
  return settled;
}

export function reachTwoLayer(): f64 {
  return reach;
}

/** The gradient of an iteration; see `iterationGradient` in ../../models/linearization.ts. `brought`: place of m × n numbers. */
export function iterationGradientTwoLayer(point: usize, increment: usize, out: usize, brought: usize): void {
  const scale = 2.0 / <f64>count;
  const start = outputBias ? splatAt(same(outputBias, increment), 0) : f64x2.splat(0);
  for (let s: usize = 0; s < n; s += 2) v128.store(at(tangents, s), start);
  for (let k0: usize = 0; k0 < m; k0 += TILE) {
    const rows = min(TILE, m - k0);
    const bias = biases ? at(same(biases, increment), k0) : 0;
    combine(rows, d, n, at(same(inputWeights, increment), k0 * d), d, 1, bias, 1, inputs, tile, n, false);
    for (let k = k0; k < k0 + rows; k++) {
      const a = splatAt(parameters, k);
      const da = splatAt(increment, k);
      for (let s: usize = 0; s < n; s += 2) {
        const place = (k * n + s) << 3;
        const t = accumulate(v128.load(at(tangents, s)), da, v128.load(hidden + place));
        const dz = v128.load(at(tile, (k - k0) * n + s));
        v128.store(at(tangents, s), accumulate(t, f64x2.mul(a, v128.load(first + place)), dz));
      }
    }
  }
  // What the linear model expects of the residuals, and by how much it is wrong.
  for (let s: usize = 0; s < n; s += 2) {
    const t = f64x2.mul(v128.load(at(tangents, s)), v128.load(at(mask, s)));
    v128.store(at(tangents, s), f64x2.add(v128.load(at(trainedResiduals, s)), t));
  }
  evaluateAt(point);
  for (let s: usize = 0; s < n; s += 2) {
    v128.store(at(mismatches, s), f64x2.sub(v128.load(at(trainedResiduals, s)), v128.load(at(tangents, s))));
  }
  for (let k: usize = 0; k < m; k++) {
    const a = splatAt(parameters, k);
    let sum = f64x2.splat(0);
    for (let s: usize = 0; s < n; s += 2) {
      const place = (k * n + s) << 3;
      const q = v128.load(at(mismatches, s));
      sum = accumulate(sum, q, v128.load(hidden + place));
      v128.store(brought + place, f64x2.mul(q, f64x2.mul(a, v128.load(first + place))));
    }
    store<f64>(at(out, k), sumOfLanes(sum));
  }
  collect(point, trained, trainedSlopes, tangents, out, scale, brought);
  if (outputBias) store<f64>(same(outputBias, out), scale * (rowSum(n, tangents) + rowSum(n, mismatches)));
}

/** out[s] = f(x_s) − y_s. */
export function residualsTwoLayer(): usize {
  return residuals;
}

/**
 * out = H·direction, or without `curved` (2/n)JᵀJ·direction. With dots for derivatives along the direction: ḟ = Jv gives Jᵀḟ, and
 * neuron k adds r σ′ ż to a_k and r(ȧ σ′ + a σ″ ż) to the argument of its activation. `brought`: place of m × n numbers.
 */
export function productTwoLayer(direction: usize, out: usize, brought: usize, curved: bool): void {
  const start = outputBias ? splatAt(same(outputBias, direction), 0) : f64x2.splat(0);
  const rest = curved ? curving : zeros;
  for (let s: usize = 0; s < n; s += 2) v128.store(at(tangents, s), start);
  for (let k0: usize = 0; k0 < m; k0 += TILE) {
    const rows = min(TILE, m - k0);
    const bias = biases ? at(same(biases, direction), k0) : 0;
    combine(rows, d, n, at(same(inputWeights, direction), k0 * d), d, 1, bias, 1, inputs, at(brought, k0 * n), n, false);
    for (let k = k0; k < k0 + rows; k++) {
      const a = splatAt(parameters, k);
      const da = splatAt(direction, k);
      let sumA = f64x2.splat(0);
      for (let s: usize = 0; s < n; s += 2) {
        const place = (k * n + s) << 3;
        const dz = v128.load(brought + place);
        const slope = v128.load(first + place);
        const r = v128.load(at(rest, s));
        let t = accumulate(v128.load(at(tangents, s)), da, v128.load(hidden + place));
        t = accumulate(t, f64x2.mul(a, slope), dz);
        v128.store(at(tangents, s), t);
        sumA = accumulate(sumA, f64x2.mul(r, slope), dz);
        const bend = f64x2.mul(f64x2.mul(a, v128.load(second + place)), dz);
        v128.store(brought + place, f64x2.mul(r, f64x2.add(f64x2.mul(da, slope), bend)));
      }
      store<f64>(at(out, k), sumOfLanes(sumA));
    }
  }
  for (let s: usize = 0; s < n; s += 2) v128.store(at(tangents, s), f64x2.mul(v128.load(at(tangents, s)), v128.load(at(mask, s))));
  collect(parameters, hidden, first, tangents, out, 2.0 / <f64>count, brought);
}

/** Rows of `out` are those of Jᵀ, P × n. */
export function jacobianTwoLayer(out: usize): void {
  for (let k: usize = 0; k < m; k++) {
    const a = splatAt(parameters, k);
    const value = at(out, k * n);
    const slopes = biases ? at(out, (((biases - parameters) >> 3) + k) * n) : tile;
    for (let s: usize = 0; s < n; s += 2) {
      const place = (k * n + s) << 3;
      const inside = v128.load(at(mask, s));
      v128.store(at(value, s), f64x2.mul(v128.load(hidden + place), inside));
      v128.store(at(slopes, s), f64x2.mul(f64x2.mul(a, v128.load(first + place)), inside));
    }
    let row = at(out, (m + k * d) * n);
    for (let j: usize = 0; j < d; j++, row = at(row, n)) {
      const x = at(inputs, j * n);
      for (let s: usize = 0; s < n; s += 2) v128.store(at(row, s), f64x2.mul(v128.load(at(slopes, s)), v128.load(at(x, s))));
    }
  }
  if (outputBias) memory.copy(at(out, (parameterCount - 1) * n), mask, n << 3);
}

// @ts-ignore: decorator
@inline
function add(hessian: usize, i: usize, j: usize, value: f64): void {
  const place = at(hessian, i > j ? i * parameterCount + j : j * parameterCount + i);
  store<f64>(place, load<f64>(place) + value);
}

/** out = H, P × P, symmetric; `jacobian`: place of P × n numbers. */
export function hessianTwoLayer(out: usize, jacobian: usize): void {
  const P = parameterCount;
  jacobianTwoLayer(jacobian);
  for (let i: usize = 0; i < P; i += 2) {
    project(min(<usize>2, P - i), min(i + 2, P), n, at(jacobian, i * n), n, jacobian, at(out, i * P), P, 1, false);
  }
  // Different neurons meet in JᵀJ alone.
  const slopes = tile;
  const bends = at(tile, n);
  const bentInput = at(bends, n);
  const bias0 = biases ? (biases - parameters) >> 3 : 0;
  for (let k: usize = 0; k < m; k++) {
    const a = splatAt(parameters, k);
    for (let s: usize = 0; s < n; s += 2) {
      const place = (k * n + s) << 3;
      const r = v128.load(at(curving, s));
      v128.store(at(slopes, s), f64x2.mul(r, v128.load(first + place)));
      v128.store(at(bends, s), f64x2.mul(r, f64x2.mul(a, v128.load(second + place))));
    }
    const w = m + k * d;
    for (let j: usize = 0; j < d; j++) {
      const x = at(inputs, j * n);
      add(out, k, w + j, rowProduct(n, slopes, x));
      for (let s: usize = 0; s < n; s += 2) v128.store(at(bentInput, s), f64x2.mul(v128.load(at(bends, s)), v128.load(at(x, s))));
      for (let l: usize = 0; l <= j; l++) add(out, w + j, w + l, rowProduct(n, bentInput, at(inputs, l * n)));
      if (biases) add(out, w + j, bias0 + k, rowSum(n, bentInput));
    }
    if (biases) {
      add(out, k, bias0 + k, rowSum(n, slopes));
      add(out, bias0 + k, bias0 + k, rowSum(n, bends));
    }
  }
  const scale = 2.0 / <f64>count;
  for (let i: usize = 0; i < P; i++) {
    for (let j: usize = 0; j <= i; j++) {
      const value = scale * load<f64>(at(out, i * P + j));
      store<f64>(at(out, i * P + j), value);
      store<f64>(at(out, j * P + i), value);
    }
  }
}
