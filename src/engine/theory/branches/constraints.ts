import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { createMatrix, type Matrix } from '../../linalg/matrix';
import { activationFunction } from '../../models/activation';
import { twoLayerOffsets } from '../../models/twoLayer';
import { activationFamily } from '../twoLayer/neurons';
import type { BranchPoint } from './branchPoint';
import type { BranchFamily } from './family';

/**
 * The equations that hold on a branch, linearised at one of its points: codim × M, independent rows. Its kernel is the tangent space
 * of the branch. Without biases that only scale or only shift, the equations are linear, and the rows are the same everywhere.
 */
export function branchConstraints(model: ResolvedTwoLayer, family: BranchFamily, point: BranchPoint): Matrix {
  const offsets = twoLayerOffsets(model);
  const { parameters, blockOf, signs } = point;
  const activation = activationFunction(model.activation);
  const rows: Map<number, number>[] = [];
  /** Places of the weights of a neuron that count, a bias that acts as one included. */
  const weights = (k: number): number[] => {
    const places = Array.from({ length: model.inputs }, (_, j) => offsets.inputWeights + k * model.inputs + j);
    return family.dimension > model.inputs ? [...places, offsets.hiddenBiases + k] : places;
  };
  const biasOf = (k: number): number => (offsets.hiddenBiases >= 0 ? parameters[offsets.hiddenBiases + k]! : 0);
  const members = (block: number): number[] => blockOf.flatMap((each, k) => (each === block ? [k] : []));

  const blocks = blockOf.reduce((most, block) => Math.max(most, block), -1) + 1;
  for (let block = 0; block < blocks; block++) {
    const [first, ...others] = members(block);
    const fixed = block < point.targetWidth;
    if (fixed) for (const place of weights(first!)) rows.push(new Map([[place, 1]]));
    for (const k of others) {
      weights(k).forEach((place, j) => {
        rows.push(
          fixed
            ? new Map([[place, 1]])
            : new Map([
                [place, signs[k]!],
                [weights(first!)[j]!, -signs[first!]!],
              ]),
        );
      });
    }
    const total = new Map<number, number>();
    for (const k of members(block)) {
      const scale = family.redundantBias ? activation.value(biasOf(k)) : signs[k]!;
      total.set(k, scale);
      if (family.redundantBias) total.set(offsets.hiddenBiases + k, scale * parameters[k]!);
    }
    rows.push(total);
  }

  const zero = members(-1);
  const constant = new Map<number, number>();
  if (family.outputBias) constant.set(offsets.outputBias, 1);
  for (const k of zero) {
    for (const place of weights(k).slice(0, model.inputs)) rows.push(new Map([[place, 1]]));
    if (!family.outputBias && !family.zeroHasBias) continue;
    if (!family.outputBias && zero.length === 1) rows.push(new Map([[offsets.hiddenBiases + k, 1]]));
    constant.set(k, activation.value(biasOf(k)));
    if (offsets.hiddenBiases >= 0) constant.set(offsets.hiddenBiases + k, parameters[k]! * activation.first(biasOf(k)));
  }
  if (family.outputBias && activationFamily(model.activation) === 'sigmoid')
    blockOf.forEach((block, k) => block >= 0 && constant.set(k, 0.5));
  if (family.outputBias || (family.zeroHasBias && zero.length > 1)) rows.push(constant);

  const matrix = createMatrix(rows.length, offsets.parameterCount);
  rows.forEach((row, i) => row.forEach((value, place) => (matrix.values[i * matrix.columns + place] = value)));
  return matrix;
}
