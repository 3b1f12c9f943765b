import { matrixShapeOf } from '../../../experiment/sizes';
import type { SolutionSpectra } from '../../../protocol/results';
import { singularValues } from '../../linalg/svd';
import type { Inputs } from '../../models/model';
import { tangentMatrix } from '../../rank/tangentRank';
import type { Workbench } from '../workbench';

/** Tangent matrices with more entries are not decomposed after every training. */
const MOST_TANGENT_ENTRIES = 250_000;

/**
 * Singular values of the matrix at which a factorization has arrived, of its tangent matrix over all entries and over the sample
 * ("Linear stability hypothesis and rank stratification", arXiv 2211.11623, Fig. 5).
 *
 * @throws NumericalError when the product overflows
 */
export function solutionSpectra(bench: Workbench, parameters: Float64Array, inputs: Inputs): SolutionSpectra {
  const { model, probes } = bench;
  const { model: config } = bench.subject;
  if (config.kind !== 'matrixFactorization') throw new Error('only a matrix factorization has a matrix as its solution');
  const { rows, columns } = matrixShapeOf(config);
  const values = new Float64Array(rows * columns);
  // The probes of a matrix model are all entries, row by row.
  model.bind(probes).evaluate(parameters, values);
  const matrix = [...singularValues({ rows, columns, values }, 'recovered matrix')];
  if (rows * columns * model.parameterCount > MOST_TANGENT_ENTRIES) return { matrix };
  const tangentValues = (at: Inputs) => [...singularValues(tangentMatrix(model, parameters, at), 'tangent matrix')];
  return { matrix, tangent: tangentValues(probes), sampleTangent: tangentValues(inputs) };
}
