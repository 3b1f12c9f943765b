import type { ResolvedMatrixFactorization, ResolvedModel, ResolvedTwoLayer } from '../../experiment/resolved';
import type { FormulaConfig } from '../../experiment/schema';
import type { CertifiedRank } from './certifyRank';
import type { NeuronList } from './neuronList';

/** The families whose tangent functions can be enclosed. */
export type CertifiableModel = ResolvedMatrixFactorization | ResolvedTwoLayer | FormulaConfig | NeuronList;

export function isCertifiable(model: ResolvedModel | NeuronList): model is CertifiableModel {
  return (
    (model.kind === 'matrixFactorization' && !('dimensions' in model)) ||
    model.kind === 'twoLayer' ||
    model.kind === 'formula' ||
    model.kind === 'neuronList'
  );
}

/** The answer for a family that is not covered: nothing is proven. */
export function notCovered(model: ResolvedModel | NeuronList, rows: number, columns: number): CertifiedRank {
  const family =
    model.kind === 'matrixFactorization' ? 'matrixFactorization models of more than two factors' : `${model.kind} models`;
  return {
    status: 'inconclusive',
    rank: 0,
    upperBound: { value: Math.min(rows, columns), kind: 'shape', source: `the tangent matrix is ${rows} × ${columns}` },
    proof: { method: 'pivots', bits: 0, rowOrder: [], columnOrder: [], pivots: [] },
    remainder: null,
    screening: null,
    reasons: [`Ranks of ${family} cannot be certified: that is not covered.`],
    certificate: null,
  };
}
