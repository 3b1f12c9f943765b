import type { Inputs } from '../../models/model';
import type { ResolvedMatrixFactorization } from '../../../experiment/resolved';
import type { Arithmetic } from '../arithmetic';

/**
 * f(i, j) = Σ_k A_ik B_kj: ∂f/∂A_ik = B_kj and ∂f/∂B_kj = A_ik. Parameters: A (rows × inner) row-major, then
 * B (inner × columns) row-major.
 */
export function matrixFactorizationTangent<T>(
  arithmetic: Arithmetic<T>,
  { rows, columns, inner }: ResolvedMatrixFactorization,
  parameters: Float64Array,
  inputs: Inputs,
): (input: number) => T[] {
  const exact = Array.from(parameters, (value) => arithmetic.fromFloat(value));
  const offset = rows * inner;
  return (input) => {
    const row = inputs.values[2 * input];
    const column = inputs.values[2 * input + 1];
    const tangent = new Array<T>(parameters.length).fill(arithmetic.zero);
    for (let k = 0; k < inner; k++) {
      tangent[row * inner + k] = exact[offset + k * columns + column];
      tangent[offset + k * columns + column] = exact[row * inner + k];
    }
    return tangent;
  };
}
