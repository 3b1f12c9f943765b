// An activation with its first two derivatives, each without cancellation. The twins are `value`, `first` and `second` in
// ../../models/activation.ts, operation by operation.

import { vectorExp, vectorSech2, vectorSigmoid, vectorSoftplus } from '../../kernels/assembly/vectorExp';
import { EXP, RELU, SHIFTED_TANH, SIGMOID, SOFTPLUS } from '../../kernels/assembly/vectorActivation';
import { vectorTanh } from '../../kernels/assembly/vectorTanh';
import { vectorCos, vectorSin } from '../../kernels/assembly/vectorTrigonometric';

/** Writes σ(z), σ′(z) and σ″(z). */
export function activate(activation: i32, z: v128, shift: v128, value: usize, first: usize, second: usize): void {
  if (activation <= SHIFTED_TANH) {
    const argument = activation == SHIFTED_TANH ? f64x2.add(z, shift) : z;
    const h = vectorTanh(argument);
    const slope = vectorSech2(argument);
    v128.store(value, h);
    v128.store(first, slope);
    v128.store(second, f64x2.mul(f64x2.mul(f64x2.splat(-2), h), slope));
  } else if (activation == SIGMOID) {
    const h = vectorSigmoid(z);
    const rest = vectorSigmoid(f64x2.neg(z));
    v128.store(value, h);
    v128.store(first, f64x2.mul(h, rest));
    v128.store(second, f64x2.mul(f64x2.mul(f64x2.neg(h), rest), vectorTanh(f64x2.mul(f64x2.splat(0.5), z))));
  } else if (activation == EXP) {
    const h = vectorExp(z);
    v128.store(value, h);
    v128.store(first, h);
    v128.store(second, h);
  } else if (activation == SOFTPLUS) {
    const h = vectorSigmoid(z);
    v128.store(value, vectorSoftplus(z));
    v128.store(first, h);
    v128.store(second, f64x2.mul(h, vectorSigmoid(f64x2.neg(z))));
  } else if (activation == RELU) {
    const zero = f64x2.splat(0);
    const positive = f64x2.gt(z, zero);
    const number = f64x2.eq(z, z);
    v128.store(value, v128.bitselect(v128.and(positive, z), z, number));
    v128.store(first, v128.bitselect(v128.and(positive, f64x2.splat(1)), z, number));
    v128.store(second, v128.bitselect(zero, z, number));
  } else {
    const h = vectorSin(z);
    v128.store(value, h);
    v128.store(first, vectorCos(z));
    v128.store(second, f64x2.neg(h));
  }
}
