// Activation functions of two lanes, chosen by number. The branch is the same for all neurons of a net, so it is predicted
// and costs nothing beside the function itself.

import { hostCos, hostSin, hostSoftplus } from './hostFunctions';
import { vectorExp } from './vectorExp';
import { vectorTanh } from './vectorTanh';

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
function vectorSigmoid(z: v128): v128 {
  const half = f64x2.splat(0.5);
  return f64x2.add(half, f64x2.mul(half, vectorTanh(f64x2.mul(half, z))));
}

// @ts-ignore: decorator
@inline
function pair(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

function rareActivation(activation: i32, z: v128): v128 {
  const z0 = f64x2.extract_lane(z, 0);
  const z1 = f64x2.extract_lane(z, 1);
  if (activation == EXP) return vectorExp(z);
  if (activation == SOFTPLUS) return pair(hostSoftplus(z0), hostSoftplus(z1));
  // Keeps NaN, and makes −0 and all below it 0, as the twin does.
  if (activation == RELU) return v128.bitselect(f64x2.splat(0), z, f64x2.le(z, f64x2.splat(0)));
  return pair(hostSin(z0), hostSin(z1));
}

// @ts-ignore: decorator
@inline
export function vectorActivation(activation: i32, z: v128, shift: v128): v128 {
  if (activation == TANH) return vectorTanh(z);
  if (activation == SHIFTED_TANH) return vectorTanh(f64x2.add(z, shift));
  if (activation == SIGMOID) return vectorSigmoid(z);
  return rareActivation(activation, z);
}

/** σ'(z) for the activations whose slope does not follow from their value. */
export function vectorSlope(activation: i32, z: v128): v128 {
  if (activation == SOFTPLUS) return vectorSigmoid(z);
  if (activation == RELU) return v128.and(f64x2.gt(z, f64x2.splat(0)), f64x2.splat(1));
  return pair(hostCos(f64x2.extract_lane(z, 0)), hostCos(f64x2.extract_lane(z, 1)));
}
