import type { ResolvedMatrixFactorization } from '../../experiment/resolved';
import type { RankMeasurement } from '../../protocol/events';
import type { Matrix } from '../linalg/matrix';
import { svd } from '../linalg/svd';
import { randomStream } from '../random/stream';
import { numericalRank } from '../rank/numericalRank';
import { orthonormalColumns } from '../targets/targetMatrix';

/** r(d1 + d2 − r): least rank over all factorizations of a d1 × d2 matrix of rank r, whatever the inner dimension. */
export function factorizationRank(rows: number, columns: number, r: number): number {
  return r * (rows + columns - r);
}

/**
 * Exact rank at any point: d1·d2 − (d1 − rank A)(d2 − rank B). "Optimistic estimate" (arXiv 2307.08921), for square matrices;
 * the tangent space {X·B + A·Y} misses what leaves both the column space of A and the row space of B.
 */
export function factorizationPointRank(rows: number, columns: number, rankA: number, rankB: number): number {
  return rows * columns - (rows - rankA) * (columns - rankB);
}

/** Rank of a target matrix. Columns keep their size: a small column of a matrix means what it says. */
export function matrixRank(matrix: Matrix, tolerance?: number): RankMeasurement {
  return numericalRank(matrix, { tolerance, normalizeColumns: false });
}

/** Balanced factors A = U√s and B = √s Vᵀ of the target, padded with zeros; null when its rank is above the inner dimension. */
export function factorizationOf(
  model: ResolvedMatrixFactorization,
  matrix: Matrix,
): { parameters: Float64Array; rank: RankMeasurement } | null {
  const { rows, columns, inner } = model;
  const rank = matrixRank(matrix);
  if (rank.rank > inner) return null;
  const { u, s, v } = svd(matrix);
  const parameters = new Float64Array(inner * (rows + columns));
  for (let k = 0; k < rank.rank; k++) {
    const root = Math.sqrt(s[k]);
    for (let i = 0; i < rows; i++) parameters[i * inner + k] = root * u.values[i * u.columns + k];
    for (let j = 0; j < columns; j++) parameters[rows * inner + k * columns + j] = root * v.values[j * v.columns + k];
  }
  return { parameters, rank };
}

/** (A·Q, Qᵀ·B) with a random orthogonal Q: the same matrix with full factors of the same rank. */
export function rotatedFactorization(model: ResolvedMatrixFactorization, parameters: Float64Array, seed: number): Float64Array {
  const { rows, columns, inner } = model;
  const q = orthonormalColumns(inner, inner, randomStream(seed, 'splitting'));
  const rotated = new Float64Array(parameters.length);
  const b = rows * inner;
  for (let k = 0; k < inner; k++) {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let l = 0; l < inner; l++) sum += parameters[i * inner + l] * q[k][l];
      rotated[i * inner + k] = sum;
    }
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let l = 0; l < inner; l++) sum += parameters[b + l * columns + j] * q[k][l];
      rotated[b + k * columns + j] = sum;
    }
  }
  return rotated;
}
