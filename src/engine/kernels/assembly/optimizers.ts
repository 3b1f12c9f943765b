// Parameter updates, two parameters a vector, in place. `count` is even; a padding parameter has gradient 0.
// The twins are the optimizers of ../../training/optimizer.ts.

import { accumulate, at, sumOfLanes } from './lanes';

/** θ ← θ − η g. */
export function gradientDescentUpdate(count: usize, learningRate: f64, parameters: usize, gradient: usize): void {
  const rate = f64x2.splat(learningRate);
  for (let i: usize = 0; i < count; i += 2) {
    const p = at(parameters, i);
    v128.store(p, f64x2.sub(v128.load(p), f64x2.mul(rate, v128.load(at(gradient, i)))));
  }
}

/** Adam; `rate` is the learning rate over 1 − β1^t, `secondCorrection` is 1/(1 − β2^t). */
export function adamUpdate(
  count: usize,
  rate: f64,
  secondCorrection: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
  parameters: usize,
  gradient: usize,
  first: usize,
  second: usize,
): void {
  const keepFirst = f64x2.splat(beta1);
  const keepSecond = f64x2.splat(beta2);
  const takeFirst = f64x2.splat(1 - beta1);
  const takeSecond = f64x2.splat(1 - beta2);
  for (let i: usize = 0; i < count; i += 2) {
    const g = v128.load(at(gradient, i));
    const m = f64x2.add(f64x2.mul(keepFirst, v128.load(at(first, i))), f64x2.mul(takeFirst, g));
    const v = f64x2.add(f64x2.mul(keepSecond, v128.load(at(second, i))), f64x2.mul(f64x2.mul(takeSecond, g), g));
    v128.store(at(first, i), m);
    v128.store(at(second, i), v);
    const denominator = f64x2.add(f64x2.sqrt(f64x2.mul(v, f64x2.splat(secondCorrection))), f64x2.splat(epsilon));
    const p = at(parameters, i);
    v128.store(p, f64x2.sub(v128.load(p), f64x2.div(f64x2.mul(f64x2.splat(rate), m), denominator)));
  }
}

/** |g|², even and odd parameters in two halves. */
export function squaredNorm(count: usize, gradient: usize): f64 {
  let sum = f64x2.splat(0);
  for (let i: usize = 0; i < count; i += 2) {
    const g = v128.load(at(gradient, i));
    sum = accumulate(sum, g, g);
  }
  return sumOfLanes(sum);
}

/** The same over the numbers of a gradient that stand in other places: `order` has 32-bit integers. */
export function squaredNormInOrder(count: usize, gradient: usize, order: usize): f64 {
  let even = 0.0;
  let odd = 0.0;
  for (let i: usize = 0; i < count; i++) {
    const g = load<f64>(at(gradient, <usize>load<u32>(order + (i << 2))));
    if (i & 1) odd += g * g;
    else even += g * g;
  }
  return even + odd;
}
