import type { ActivationFunction } from '../models/activation';
import type { NetShape } from './shape';

/** Values of every unit at one input, layer by layer: the input itself, hidden layers, outputs. Plain loops, in the kernels' order. */
export function unitValues(
  shape: NetShape,
  activation: ActivationFunction,
  parameters: Float64Array,
  input: ArrayLike<number>,
): Float64Array[] {
  const values = [Float64Array.from(input)];
  shape.layers.forEach(({ rows, columns, kernel, biases }, l) => {
    const sending = values[l];
    const receiving = new Float64Array(rows);
    for (let j = 0; j < rows; j++) {
      let sum = parameters[biases + j];
      for (let k = 0; k < columns; k++) sum += parameters[kernel + j * columns + k] * sending[k];
      receiving[j] = sum;
    }
    if (l < shape.depth) activation.train(receiving, new Float64Array(rows), 0, rows);
    values.push(receiving);
  });
  return values;
}

/** ∂(output o)/∂(value of unit k) of every hidden layer, for values that `unitValues` gave. */
export function outputSensitivities(
  shape: NetShape,
  activation: ActivationFunction,
  parameters: Float64Array,
  values: readonly Float64Array[],
  output: number,
): Float64Array[] {
  const sensitivities: Float64Array[] = [];
  let byArgument = new Float64Array(shape.outputs);
  byArgument[output] = 1;
  for (let l = shape.depth; l >= 1; l--) {
    const { rows, columns, kernel } = shape.layers[l];
    const byValue = new Float64Array(columns);
    for (let j = 0; j < rows; j++) {
      const weight = byArgument[j];
      if (weight !== 0) for (let k = 0; k < columns; k++) byValue[k] += parameters[kernel + j * columns + k] * weight;
    }
    sensitivities[l - 1] = byValue;
    if (l === 1) break;
    const below = shape.layers[l - 1];
    byArgument = new Float64Array(below.rows);
    for (let k = 0; k < below.rows; k++) {
      let z = parameters[below.biases + k];
      for (let i = 0; i < below.columns; i++) z += parameters[below.kernel + k * below.columns + i] * values[l - 1][i];
      byArgument[k] = byValue[k] * activation.first(z);
    }
  }
  return sensitivities;
}
