import type { ActivationFunction } from '../models/activation';
import { outputSensitivities, unitValues } from './forward';
import type { NetShape } from './shape';

/**
 * Discretisation variance of the outputs ("eva" in the code of arXiv 1911.07626): how much they would scatter, to first order, if the m
 * neurons of each hidden layer were drawn anew from themselves. Per layer the mean over inputs of (1/m) Var_k[m f_k ∂out/∂f_k], summed
 * over layers and outputs. Exact for the last hidden layer.
 *
 * @param inputs row by row
 */
export function discretizationVariance(
  shape: NetShape,
  activation: ActivationFunction,
  parameters: Float64Array,
  inputs: Float64Array,
): number {
  const count = inputs.length / shape.inputs;
  let total = 0;
  for (let s = 0; s < count; s++) {
    const values = unitValues(shape, activation, parameters, inputs.subarray(s * shape.inputs, (s + 1) * shape.inputs));
    for (let o = 0; o < shape.outputs; o++) {
      const sensitivities = outputSensitivities(shape, activation, parameters, values, o);
      sensitivities.forEach((sensitivity, h) => {
        const m = sensitivity.length;
        let sum = 0;
        let squares = 0;
        for (let k = 0; k < m; k++) {
          const contribution = m * values[h + 1][k] * sensitivity[k];
          sum += contribution;
          squares += contribution * contribution;
        }
        const mean = sum / m;
        total += (squares / m - mean * mean) / m;
      });
    }
  }
  return total / count;
}
