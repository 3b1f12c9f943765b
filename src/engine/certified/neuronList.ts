import type { NeuronActivationConfig } from '../../experiment/schema/independence';
import type { Arithmetic } from './arithmetic';
import { expressionFunction } from './tangent/formula';

/** h ↦ σ(W·h + b): one row of weights and one bias for each unit. */
export interface NeuronLayer {
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
}

/** A neuron of any depth; its last layer is one unit, and σ is applied to it, too. */
export type GeneralNeuron = readonly NeuronLayer[];

/**
 * Neurons as the model f(x) = Σ_k a_k H_k(x) + c, whose tangent functions are the neurons themselves, and 1 with an output bias:
 * its model rank is the dimension of their span, whatever the parameters.
 */
export interface NeuronList {
  readonly kind: 'neuronList';
  readonly activation: NeuronActivationConfig;
  readonly inputs: number;
  readonly neurons: readonly GeneralNeuron[];
  readonly outputBias: boolean;
}

/** Values of all neurons at an input, and 1 with an output bias. */
export function neuronValuesIn<T>(arithmetic: Arithmetic<T>, list: NeuronList, x: readonly T[]): T[] {
  const activate = activationIn(arithmetic, list.activation);
  const values = list.neurons.map((layers) => {
    let h = x;
    for (const { weights, biases } of layers) {
      const from = h;
      h = weights.map((row, i) => {
        let z = arithmetic.fromFloat(biases[i]);
        row.forEach((weight, j) => {
          if (weight !== 0) z = arithmetic.add(z, arithmetic.multiply(arithmetic.fromFloat(weight), from[j]));
        });
        return activate(z);
      });
    }
    return h[0];
  });
  return list.outputBias ? [...values, arithmetic.one] : values;
}

function activationIn<T>(arithmetic: Arithmetic<T>, activation: NeuronActivationConfig): (z: T) => T {
  if (typeof activation === 'string') return (z) => arithmetic.apply(activation, z).value;
  if ('expression' in activation) return expressionFunction(arithmetic, activation.expression);
  const shift = arithmetic.fromFloat(activation.shift);
  return (z) => arithmetic.apply('tanh', arithmetic.add(z, shift)).value;
}
