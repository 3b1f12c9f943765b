import type { RankMeasurement } from '../../protocol/events';
import { createMatrix, type Matrix } from '../linalg/matrix';
import type { Inputs, Model } from '../models/model';
import { numericalRank, type RankOptions } from './numericalRank';

/** The empirical tangent matrix J: row i is ∇_θ f(x_i; θ)ᵀ, n × M; a row for every (input, output) pair where there are several outputs. */
export function tangentMatrix(model: Model, parameters: Float64Array, inputs: Inputs): Matrix {
  const matrix = createMatrix(inputs.count * (model.outputCount ?? 1), model.parameterCount);
  if (inputs.count > 0) model.bind(inputs).jacobian(parameters, matrix.values);
  return matrix;
}

/**
 * The empirical model rank rank_S(θ) = rank J; over enough probe inputs it is the model rank at θ ("Linear stability hypothesis
 * and rank stratification", arXiv 2211.11623, Cor. 4).
 *
 * @throws NumericalError when the model overflows at these parameters
 */
export function tangentRank(model: Model, parameters: Float64Array, inputs: Inputs, options: RankOptions = {}): RankMeasurement {
  return numericalRank(tangentMatrix(model, parameters, inputs), { name: 'tangent matrix', ...options });
}
