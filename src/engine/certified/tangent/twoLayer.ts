import type { Inputs } from '../../models/model';
import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import type { Arithmetic } from '../arithmetic';

/**
 * f(x) = Σ_k a_k σ(w_k·x + b_k) + c: ∂f/∂a_k = σ(z_k), ∂f/∂w_kj = a_k σ′(z_k) x_j, ∂f/∂b_k = a_k σ′(z_k), ∂f/∂c = 1.
 * Parameters: a (width), W (width × inputs) neuron by neuron, b (width) where there is a hidden bias, c where there is
 * an output bias.
 */
export function twoLayerTangent<T>(
  arithmetic: Arithmetic<T>,
  { activation, inputs: dimension, width, hiddenBias, outputBias }: ResolvedTwoLayer,
  parameters: Float64Array,
  inputs: Inputs,
): (input: number) => T[] {
  const exact = Array.from(parameters, (value) => arithmetic.fromFloat(value));
  const name = typeof activation === 'string' ? activation : activation.kind;
  const shift = typeof activation === 'string' ? undefined : arithmetic.fromFloat(activation.shift);
  const biases = width * (1 + dimension);
  return (input) => {
    const x = Array.from(inputs.values.subarray(input * dimension, (input + 1) * dimension), (value) =>
      arithmetic.fromFloat(value),
    );
    const tangent = new Array<T>(parameters.length).fill(arithmetic.zero);
    for (let k = 0; k < width; k++) {
      const weights = width + k * dimension;
      let z = hiddenBias ? exact[biases + k] : arithmetic.zero;
      if (shift !== undefined) z = arithmetic.add(z, shift);
      for (let j = 0; j < dimension; j++) z = arithmetic.add(z, arithmetic.multiply(exact[weights + j], x[j]));
      const { value, slope } = arithmetic.apply(name, z);
      tangent[k] = value;
      if (parameters[k] === 0) continue;
      const scaled = arithmetic.multiply(exact[k], slope);
      for (let j = 0; j < dimension; j++) tangent[weights + j] = arithmetic.multiply(scaled, x[j]);
      if (hiddenBias) tangent[biases + k] = scaled;
    }
    if (outputBias) tangent[parameters.length - 1] = arithmetic.one;
    return tangent;
  };
}
