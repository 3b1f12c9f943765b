import type { ResolvedModel } from '../../experiment/resolved';
import { balance, neuronBalance, type ConservedQuantity } from '../flow/conserved';
import type { Model } from '../models/model';

/** Following a quantity may take this many operations a step. */
const LARGEST_WORK = 1e6;

/** What the exact gradient flow of a model conserves, where that is known and cheap beside a step of the integrator. */
export function conservedQuantities(config: ResolvedModel, { layout }: Pick<Model, 'layout'>): ConservedQuantity[] {
  const block = (name: string) => layout.find((each) => each.name === name);
  if (config.kind === 'matrixFactorization' && 'inner' in config) {
    const [a, b] = [block('A'), block('B')];
    const work = config.inner * config.inner * (config.rows + config.columns);
    return a && b && work <= LARGEST_WORK ? [balance(a, b)] : [];
  }
  if (config.kind === 'twoLayer' && config.activation === 'relu') {
    const [output, input] = [block('outputWeights'), block('inputWeights')];
    return output && input ? [neuronBalance(output, input, block('hiddenBiases'))] : [];
  }
  return [];
}
