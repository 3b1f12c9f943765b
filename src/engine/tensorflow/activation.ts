import type { ActivationConfig } from '../../experiment/schema';
import type { Tensor, TensorFlow } from './library';

/** An activation σ on tensors. */
export interface TensorActivation {
  value(z: Tensor): Tensor;
  /** u ⊙ σ′(z), where h = σ(z). */
  pullBack(u: Tensor, h: Tensor, z: Tensor): Tensor;
}

export function tensorActivation(tf: TensorFlow, activation: ActivationConfig): TensorActivation {
  const throughTanh = (u: Tensor, h: Tensor) => tf.mul(u, tf.sub(1, tf.square(h)));
  if (typeof activation !== 'string')
    return { value: (z) => tf.tanh(activation.shift === 0 ? z : tf.add(z, activation.shift)), pullBack: throughTanh };
  switch (activation) {
    case 'tanh':
      return { value: (z) => tf.tanh(z), pullBack: throughTanh };
    case 'sigmoid':
      return { value: (z) => tf.sigmoid(z), pullBack: (u, h) => tf.mul(u, tf.mul(h, tf.sub(1, h))) };
    case 'exp':
      return { value: (z) => tf.exp(z), pullBack: (u, h) => tf.mul(u, h) };
    case 'softplus':
      return { value: (z) => tf.softplus(z), pullBack: (u, _h, z) => tf.mul(u, tf.sigmoid(z)) };
    case 'relu':
      return { value: (z) => tf.relu(z), pullBack: (u, h) => tf.mul(u, tf.step(h)) };
    case 'sin':
      return { value: (z) => tf.sin(z), pullBack: (u, _h, z) => tf.mul(u, tf.cos(z)) };
  }
}
