import type { ActivationConfig } from '../../experiment/schema';
import { cos, exp, sech2, sigmoid, sin, softplus, tanh, tanhFast } from '../numbers/elementary';

/** An activation σ with its first two derivatives, each computed without cancellation, and its training kernel. */
export interface ActivationFunction {
  value(z: number): number;
  first(z: number): number;
  second(z: number): number;
  /**
   * Training kernel: replaces the first `count` numbers of `z` from `offset` on by σ(z), in the fast variant where there is
   * one. Writes σ′(z) into `slope` at the same places, unless `slopeFromValue` says how it follows from σ(z).
   */
  train(z: Float64Array, slope: Float64Array, offset: number, count: number): void;
  /** How σ′ follows from h = σ: 1 − h² for tanh, h(1 − h) for the sigmoid, h for exp; null when `train` writes it. */
  readonly slopeFromValue: 'tanh' | 'sigmoid' | 'exp' | null;
}

function shiftedTanh(shift: number): ActivationFunction {
  return {
    value: (z) => tanh(z + shift),
    first: (z) => sech2(z + shift),
    second: (z) => -2 * tanh(z + shift) * sech2(z + shift),
    train(z, _slope, offset, count) {
      for (let s = offset; s < offset + count; s++) z[s] = tanhFast(z[s] + shift);
    },
    slopeFromValue: 'tanh',
  };
}

const NAMED: Readonly<Record<Extract<ActivationConfig, string>, ActivationFunction>> = {
  tanh: {
    value: tanh,
    first: sech2,
    second: (z) => -2 * tanh(z) * sech2(z),
    train(z, _slope, offset, count) {
      for (let s = offset; s < offset + count; s++) z[s] = tanhFast(z[s]);
    },
    slopeFromValue: 'tanh',
  },
  sigmoid: {
    value: sigmoid,
    first: (z) => sigmoid(z) * sigmoid(-z),
    second: (z) => -sigmoid(z) * sigmoid(-z) * tanh(0.5 * z),
    train(z, _slope, offset, count) {
      for (let s = offset; s < offset + count; s++) z[s] = 0.5 + 0.5 * tanhFast(0.5 * z[s]);
    },
    slopeFromValue: 'sigmoid',
  },
  exp: {
    value: exp,
    first: exp,
    second: exp,
    train(z, _slope, offset, count) {
      for (let s = offset; s < offset + count; s++) z[s] = exp(z[s]);
    },
    slopeFromValue: 'exp',
  },
  softplus: {
    value: softplus,
    first: sigmoid,
    second: (z) => sigmoid(z) * sigmoid(-z),
    train(z, slope, offset, count) {
      for (let s = offset; s < offset + count; s++) {
        slope[s] = 0.5 + 0.5 * tanhFast(0.5 * z[s]);
        z[s] = softplus(z[s]);
      }
    },
    slopeFromValue: null,
  },
  relu: {
    value: (z) => (z > 0 ? z : z === z ? 0 : z),
    // At the kink the derivative from the left, 0, as every framework has it.
    first: (z) => (z > 0 ? 1 : z === z ? 0 : z),
    second: (z) => (z === z ? 0 : z),
    train(z, slope, offset, count) {
      for (let s = offset; s < offset + count; s++) {
        const zs = z[s];
        slope[s] = zs > 0 ? 1 : 0;
        if (zs <= 0) z[s] = 0;
      }
    },
    slopeFromValue: null,
  },
  sin: {
    value: sin,
    first: cos,
    second: (z) => -sin(z),
    train(z, slope, offset, count) {
      for (let s = offset; s < offset + count; s++) {
        slope[s] = cos(z[s]);
        z[s] = sin(z[s]);
      }
    },
    slopeFromValue: null,
  },
};

export function activationFunction(activation: ActivationConfig): ActivationFunction {
  if (typeof activation === 'string') return NAMED[activation];
  return activation.shift === 0 ? NAMED.tanh : shiftedTanh(activation.shift);
}
