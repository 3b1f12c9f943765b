import type { Inputs } from '../../models/model';
import type { Arithmetic } from '../arithmetic';
import { neuronValuesIn, type NeuronList } from '../neuronList';

/** The values of all neurons, and 1 with an output bias: what f = Σ_k a_k H_k + c has as tangent functions. */
export function neuronListTangent<T>(arithmetic: Arithmetic<T>, list: NeuronList, inputs: Inputs): (input: number) => T[] {
  return (input) => {
    const x = inputs.values.subarray(input * inputs.dimension, (input + 1) * inputs.dimension);
    return neuronValuesIn(
      arithmetic,
      list,
      Array.from(x, (value) => arithmetic.fromFloat(value)),
    );
  };
}
