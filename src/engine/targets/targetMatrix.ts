import type { ResolvedDeepFactorization, ResolvedMatrixFactorization } from '../../experiment/resolved';
import type { LowRankTargetConfig, MatrixTargetConfig } from '../../experiment/schema';
import { matrixShapeOf } from '../../experiment/sizes';
import type { Matrix } from '../linalg/matrix';
import { randomStream, type RandomStream } from '../random/stream';

/** The target matrix, d1 × d2. */
export function targetMatrix(
  model: ResolvedMatrixFactorization | ResolvedDeepFactorization,
  target: MatrixTargetConfig | LowRankTargetConfig,
): Matrix {
  if (target.kind === 'matrix') {
    return { rows: target.values.length, columns: target.values[0].length, values: Float64Array.from(target.values.flat()) };
  }
  const { rows, columns } = matrixShapeOf(model);
  return lowRankMatrix(rows, columns, target);
}

/**
 * U·diag(s)·Vᵀ with U and V from the orthonormalised columns of Gaussian matrices (so of the uniform distribution over
 * frames). Each factor has a random stream of its own.
 */
function lowRankMatrix(rows: number, columns: number, target: LowRankTargetConfig): Matrix {
  const { rank, seed = 1 } = target;
  const singularValues = target.singularValues ?? new Array<number>(rank).fill(Math.sqrt((rows * columns) / rank));
  const u = orthonormalColumns(rows, rank, randomStream(seed, 'target', 'lowRank', 'left'));
  const v = orthonormalColumns(columns, rank, randomStream(seed, 'target', 'lowRank', 'right'));
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += singularValues[k] * u[k][i] * v[k][j];
      values[i * columns + j] = sum;
    }
  }
  return { rows, columns, values };
}

/** `count` orthonormal vectors of length `length`: Gram and Schmidt, twice for orthogonality to rounding. */
export function orthonormalColumns(length: number, count: number, stream: RandomStream): Float64Array[] {
  const columns: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const column = new Float64Array(length);
    stream.fillNormal(column);
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of columns) {
        const overlap = dot(earlier, column);
        for (let i = 0; i < length; i++) column[i] -= overlap * earlier[i];
      }
      const norm = Math.sqrt(dot(column, column));
      for (let i = 0; i < length; i++) column[i] /= norm;
    }
    columns.push(column);
  }
  return columns;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
