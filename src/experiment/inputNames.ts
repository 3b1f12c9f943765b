import type { ModelConfig } from './schema';
import { inputDimensionOf } from './sizes';

/**
 * The names of the inputs in expressions, one for each input dimension, each with its place: the names that a formula model
 * gives them; x1, x2, … for a network or a diagonal model, and `x` for the only input of one that has one. A matrix model has none.
 */
export function inputNamesOf(model: ModelConfig): Map<string, number> {
  const names = new Map<string, number>();
  if (model.kind === 'formula') model.inputs.forEach((name, i) => names.set(name, i));
  else if (model.kind !== 'matrixFactorization') {
    const inputs = inputDimensionOf(model);
    for (let i = 0; i < inputs; i++) names.set(`x${i + 1}`, i);
    if (inputs === 1) names.set('x', 0);
  }
  return names;
}
