import type { ResolvedMatrixFactorization, ResolvedModel, ResolvedTwoLayer } from '../../experiment/resolved';
import type { FormulaConfig } from '../../experiment/schema';
import type { CertifiedRank } from './certifyRank';

/** The families whose tangent functions can be enclosed. */
export type CertifiableModel = ResolvedMatrixFactorization | ResolvedTwoLayer | FormulaConfig;

export function isCertifiable(model: ResolvedModel): model is CertifiableModel {
  return (
    (model.kind === 'matrixFactorization' && !('dimensions' in model)) || model.kind === 'twoLayer' || model.kind === 'formula'
  );
}

/** The answer for a family that is not covered: nothing is proven. */
export function notCovered(model: ResolvedModel, rows: number, columns: number): CertifiedRank {
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
