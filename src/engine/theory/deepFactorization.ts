import type { ResolvedDeepFactorization } from '../../experiment/resolved';
import type { RankMeasurement } from '../../protocol/events';
import type { Matrix } from '../linalg/matrix';
import { multiply } from '../linalg/matrix';
import { svd } from '../linalg/svd';
import { factorsOf } from '../models/deepFactorization';
import { pow } from '../numbers/elementary';
import { randomStream } from '../random/stream';
import { orthonormalColumns } from '../targets/targetMatrix';
import { matrixRank } from './matrixFactorization';

/**
 * Exact rank at any point of W_L … W_1: Σ_l a_l (b_l − b_(l+1)) with a_l = rank(W_L … W_(l+1)), a_L = d_L, b_l = rank(W_(l−1) … W_1),
 * b_1 = d_0 and b_(L+1) = 0. The tangent space is the sum of col(W_L … W_(l+1)) ⊗ row(W_(l−1) … W_1): as l falls the columns
 * shrink and the rows grow, so the sum is a staircase.
 */
export function staircaseRank(leftRanks: readonly number[], rightRanks: readonly number[]): number {
  return leftRanks.reduce((sum, a, l) => sum + a * (rightRanks[l] - (rightRanks[l + 1] ?? 0)), 0);
}

/** The ranks a_1 … a_L and b_1 … b_L of a point, and the rank that they make. */
export function deepPointRank({ dimensions }: ResolvedDeepFactorization, parameters: Float64Array): number {
  const factors = factorsOf(dimensions).map(({ rows, columns, offset }) => ({
    rows,
    columns,
    values: parameters.slice(offset, offset + rows * columns),
  }));
  const depth = factors.length;
  const left = new Array<number>(depth).fill(dimensions[depth]);
  const right = new Array<number>(depth).fill(dimensions[0]);
  let product: Matrix | null = null;
  for (let l = depth - 1; l > 0; l--) {
    product = product ? multiply(product, factors[l]) : factors[l];
    left[l - 1] = matrixRank(product).rank;
  }
  product = null;
  for (let l = 0; l < depth - 1; l++) {
    product = product ? multiply(factors[l], product) : factors[l];
    right[l + 1] = matrixRank(product).rank;
  }
  return staircaseRank(left, right);
}

/** Balanced factors of the target, U·s^(1/L), s^(1/L), …, s^(1/L)·Vᵀ, padded with zeros; null when a hidden dimension is below its rank. */
export function deepFactorizationOf(
  { dimensions }: ResolvedDeepFactorization,
  matrix: Matrix,
): { parameters: Float64Array; rank: RankMeasurement } | null {
  const rank = matrixRank(matrix);
  if (dimensions.slice(1, -1).some((size) => size < rank.rank)) return null;
  const { u, s, v } = svd(matrix);
  const factors = factorsOf(dimensions);
  const depth = factors.length;
  const { offset, rows, columns } = factors[0];
  const parameters = new Float64Array(offset + rows * columns);
  for (let k = 0; k < rank.rank; k++) {
    const root = pow(s[k], 1 / depth);
    factors.forEach(({ rows: height, columns: width, offset: at }, l) => {
      if (l === depth - 1) for (let i = 0; i < height; i++) parameters[at + i * width + k] = root * u.values[i * u.columns + k];
      else if (l === 0) for (let j = 0; j < width; j++) parameters[at + k * width + j] = root * v.values[j * v.columns + k];
      else parameters[at + k * width + k] = root;
    });
  }
  return { parameters, rank };
}

/** W_l Q_(l−1) and Q_lᵀ W_l with random orthogonal Q for every hidden dimension: the same product with full factors of the same ranks. */
export function rotatedDeepFactorization(
  { dimensions }: ResolvedDeepFactorization,
  parameters: Float64Array,
  seed: number,
): Float64Array {
  const rotated = parameters.slice();
  const factors = factorsOf(dimensions);
  for (let l = 1; l < factors.length; l++) {
    const size = dimensions[l];
    const q = orthonormalColumns(size, size, randomStream(seed, 'splitting', l));
    const { rows, offset: left } = factors[l];
    const { columns, offset: right } = factors[l - 1];
    const row = new Float64Array(size);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < size; k++) row[k] = q[k].reduce((sum, value, t) => sum + rotated[left + i * size + t] * value, 0);
      rotated.set(row, left + i * size);
    }
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < size; k++) row[k] = q[k].reduce((sum, value, t) => sum + rotated[right + t * columns + j] * value, 0);
      for (let k = 0; k < size; k++) rotated[right + k * columns + j] = row[k];
    }
  }
  return rotated;
}
