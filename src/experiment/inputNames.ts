import type { ModelConfig } from './schema';

/**
 * The names of the inputs in expressions, one for each input dimension, each with its place: the names that a formula model
 * gives them; x1, x2, … for a network, and `x` for the only input of a network that has one. A matrix model has none.
 */
export function inputNamesOf(model: ModelConfig): Map<string, number> {
  const names = new Map<string, number>();
  if (model.kind === 'formula') model.inputs.forEach((name, i) => names.set(name, i));
  if (model.kind === 'twoLayer') {
    for (let i = 0; i < model.inputs; i++) names.set(`x${i + 1}`, i);
    if (model.inputs === 1) names.set('x', 0);
  }
  return names;
}
