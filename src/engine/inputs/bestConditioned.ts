import type { ModelExperiment } from '../../experiment/resolved';
import { matrixShapeOf } from '../../experiment/sizes';
import { EngineError } from '../errors';
import { createMatrix, type Matrix } from '../linalg/matrix';
import { svd } from '../linalg/svd';
import { createModel } from '../models/registry';
import { numericalRank } from '../rank/numericalRank';
import { tangentMatrix } from '../rank/tangentRank';
import { allEntries } from '../targets/probes';
import { minimalRepresentation } from '../targets/representation';
import { extendRows, selectRows } from './rowSelection';

/**
 * Order of the matrix entries that makes the target as easy to recover as entries can: the R = model rank entries whose
 * rows of the tangent matrix at the minimal representation have the largest smallest singular value, row by row, then
 * the others, each the one that raises that value most.
 *
 * @returns row-major indices of all entries.
 */
export function bestConditionedOrder(experiment: ModelExperiment): number[] {
  const { model: config } = experiment;
  if (config.kind !== 'matrixFactorization') {
    throw new EngineError('invalid-experiment', 'The order "bestConditioned" needs a matrix model.', 2, {
      path: ['data', 'inputs', 'order'],
    });
  }
  const representation = minimalRepresentation(config, experiment.target);
  if (!representation) {
    throw new EngineError(
      'invalid-experiment',
      'The order "bestConditioned" needs a target that the model can express: it is taken at the minimal representation of the target.',
      2,
      { path: ['data', 'inputs', 'order'] },
    );
  }
  const { rows, columns } = matrixShapeOf(config);
  const entries = allEntries(rows, columns);
  const tangent = tangentMatrix(createModel(config), representation.parameters, entries);
  const { rank } = numericalRank(tangent, { tolerance: experiment.analysis.rankTolerance });
  if (rank === 0) return Array.from({ length: entries.count }, (_, index) => index);
  const compressed = rowCoordinates(tangent, rank);
  const chosen = selectRows(compressed, rank);
  const largest = Math.max(0, ...experiment.data.sampleSizes);
  return extendRows(compressed, chosen, largest);
}

/** Rows in the coordinates of the row space, N × R: the same singular values for every choice of rows, but fewer columns. */
function rowCoordinates(a: Matrix, rank: number): Matrix {
  const { u, s } = svd(a);
  const out = createMatrix(a.rows, rank);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < rank; j++) out.values[i * rank + j] = u.values[i * u.columns + j] * s[j];
  }
  return out;
}
