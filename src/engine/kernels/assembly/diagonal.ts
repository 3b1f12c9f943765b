// Mean squared error and gradient of f(x) = Σ_j (Π_l a_j^[l]) x_j, two coefficients or two samples a vector.
//
// Factors lie level by level, each padded to an even number of coefficients; inputs feature by feature, each padded to an even number
// of samples. All padding is 0 and stays so. Sums over coefficients go one after the other, those over samples in two interleaved
// halves, even and odd, added at the end. The TypeScript twin (../../models/diagonal.ts) does the same.

import { accumulate, at, splatAt, sumOfLanes } from './lanes';

let levels: usize = 0;
let coefficientCount: usize = 0;
let padded: usize = 0;
let sampleCount: f64 = 0;
let features: usize = 0;
/** One number a coefficient. */
let coefficients: usize = 0;
let residuals: usize = 0;
/** A vector a level: the product of the factors behind it. */
let behind: usize = 0;

export function setDiagonal(
  depth: i32,
  paddedInputs: i32,
  count: i32,
  paddedCount: i32,
  featuresAt: usize,
  coefficientsAt: usize,
  residualsAt: usize,
  behindAt: usize,
): void {
  levels = <usize>depth;
  coefficientCount = <usize>paddedInputs;
  sampleCount = <f64>count;
  padded = <usize>paddedCount;
  features = featuresAt;
  coefficients = coefficientsAt;
  residuals = residualsAt;
  behind = behindAt;
}

export function diagonalLossAndGradient(parameters: usize, gradient: usize, targets: usize): f64 {
  multiplyFactors(parameters);
  const loss = residualsAndLoss(targets);
  pullBack(parameters, gradient);
  return loss;
}

function multiplyFactors(parameters: usize): void {
  const d = coefficientCount;
  const depth = levels;
  const out = coefficients;
  for (let j: usize = 0; j < d; j += 2) {
    let factor = at(parameters, j);
    let product = v128.load(factor);
    for (let l: usize = 1; l < depth; l++) {
      factor = at(factor, d);
      product = f64x2.mul(product, v128.load(factor));
    }
    v128.store(at(out, j), product);
  }
}

function residualsAndLoss(targets: usize): f64 {
  const d = coefficientCount;
  const n = padded;
  const weights = coefficients;
  const scale = f64x2.splat(2.0 / sampleCount);
  let losses = f64x2.splat(0);
  let s: usize = 0;
  for (; s + 2 < n; s += 4) {
    let sum0 = f64x2.splat(0);
    let sum1 = sum0;
    let x = at(features, s);
    for (let j: usize = 0; j < d; j++) {
      const weight = splatAt(weights, j);
      sum0 = accumulate(sum0, weight, v128.load(x));
      sum1 = accumulate(sum1, weight, v128.load(x, 16));
      x = at(x, n);
    }
    const r0 = f64x2.sub(sum0, v128.load(at(targets, s)));
    const r1 = f64x2.sub(sum1, v128.load(at(targets, s), 16));
    losses = accumulate(accumulate(losses, r0, r0), r1, r1);
    v128.store(at(residuals, s), f64x2.mul(scale, r0));
    v128.store(at(residuals, s), f64x2.mul(scale, r1), 16);
  }
  for (; s < n; s += 2) {
    let sum = f64x2.splat(0);
    let x = at(features, s);
    for (let j: usize = 0; j < d; j++) {
      sum = accumulate(sum, splatAt(weights, j), v128.load(x));
      x = at(x, n);
    }
    const r = f64x2.sub(sum, v128.load(at(targets, s)));
    losses = accumulate(losses, r, r);
    v128.store(at(residuals, s), f64x2.mul(scale, r));
  }
  return sumOfLanes(losses) / sampleCount;
}

/** ∂/∂a_j^[l] is ∂/∂c_j times the product of the other factors. */
function pullBack(parameters: usize, gradient: usize): void {
  const d = coefficientCount;
  const depth = levels;
  const bytes = padded << 3;
  const levelBytes = d << 3;
  for (let j: usize = 0; j < d; j += 2) {
    const x = at(features, j * padded);
    let sum0 = f64x2.splat(0);
    let sum1 = sum0;
    for (let s: usize = 0; s < bytes; s += 16) {
      const residual = v128.load(residuals + s);
      sum0 = accumulate(sum0, residual, v128.load(x + s));
      sum1 = accumulate(sum1, residual, v128.load(x + bytes + s));
    }
    const derivative = f64x2.add(v128.shuffle<f64>(sum0, sum1, 0, 2), v128.shuffle<f64>(sum0, sum1, 1, 3));
    const first = at(parameters, j);
    let product = f64x2.splat(1);
    for (let l = depth; l > 0; l--) {
      v128.store(behind + (l << 4), product);
      product = f64x2.mul(product, v128.load(first + (l - 1) * levelBytes));
    }
    product = f64x2.splat(1);
    for (let l: usize = 0; l < depth; l++) {
      const others = f64x2.mul(product, v128.load(behind + ((l + 1) << 4)));
      v128.store(at(gradient, j) + l * levelBytes, f64x2.mul(derivative, others));
      product = f64x2.mul(product, v128.load(first + l * levelBytes));
    }
  }
}
