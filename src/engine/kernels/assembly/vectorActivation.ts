// Activation functions of two lanes, chosen by number. The branch is the same for all neurons of a net, so it is predicted
// and costs nothing beside the function itself.

import { vectorExp, vectorSoftplus } from './vectorExp';
import { vectorTanhFast } from './vectorTanh';
import { vectorCos, vectorSin } from './vectorTrigonometric';

// Up to EXP the slope follows from the value. The same numbers stand in ../problem.ts.
export const TANH: i32 = 0;
export const SHIFTED_TANH: i32 = 1;
export const SIGMOID: i32 = 2;
export const EXP: i32 = 3;
export const SOFTPLUS: i32 = 4;
export const RELU: i32 = 5;
export const SIN: i32 = 6;

// @ts-ignore: decorator
@inline
function fastSigmoid(z: v128): v128 {
  const half = f64x2.splat(0.5);
  return f64x2.add(half, f64x2.mul(half, vectorTanhFast(f64x2.mul(half, z))));
}

function rareActivation(activation: i32, z: v128): v128 {
  if (activation == EXP) return vectorExp(z);
  if (activation == SOFTPLUS) return vectorSoftplus(z);
  // Keeps NaN, and makes −0 and all below it 0, as the twin does.
  if (activation == RELU) return v128.bitselect(f64x2.splat(0), z, f64x2.le(z, f64x2.splat(0)));
  return vectorSin(z);
}

// @ts-ignore: decorator
@inline
export function vectorActivation(activation: i32, z: v128, shift: v128): v128 {
  if (activation == TANH) return vectorTanhFast(z);
  if (activation == SHIFTED_TANH) return vectorTanhFast(f64x2.add(z, shift));
  if (activation == SIGMOID) return fastSigmoid(z);
  return rareActivation(activation, z);
}

/** σ'(z) for the activations whose slope does not follow from their value. */
export function vectorSlope(activation: i32, z: v128): v128 {
  if (activation == SOFTPLUS) return fastSigmoid(z);
  if (activation == RELU) return v128.and(f64x2.gt(z, f64x2.splat(0)), f64x2.splat(1));
  return vectorCos(z);
}
