import type { ResolvedModel } from '../../experiment/resolved';

/** How fast the free energy of a model grows with the logarithm of the sample size; of regular models half the number of parameters. */
export interface LearningCoefficient {
  value: number;
  formula: string;
  source: string;
}

/**
 * Learning coefficient λ of the product of an M × H and an H × N matrix at a target of rank r ≤ min(M, N, H), over all points
 * that represent it (Aoyagi and Watanabe, "Stochastic complexities of reduced rank regression in Bayesian estimation", Neural
 * Networks 18 (2005), main theorem). At H = r it is half the model rank, r(M + N − r)/2; a wider model has a larger one.
 */
export function reducedRankCoefficient(rows: number, columns: number, inner: number, rank: number): LearningCoefficient {
  const [M, N, H, r] = [rows, columns, inner, rank];
  const source = 'Aoyagi and Watanabe, Neural Networks 18 (2005)';
  const numbers = `M = ${M}, N = ${N}, H = ${H}, r = ${r}`;
  if (M + H < N + r) return { value: (H * M - H * r + N * r) / 2, formula: `(HM − Hr + Nr)/2 at ${numbers}`, source };
  if (N + H < M + r) return { value: (H * N - H * r + M * r) / 2, formula: `(HN − Hr + Mr)/2 at ${numbers}`, source };
  if (M + N < H + r) return { value: (M * N) / 2, formula: `MN/2 at ${numbers}`, source };
  const odd = (M + N + H + r) % 2;
  const sum = H + r;
  return {
    value: (2 * sum * (M + N) + 2 * M * N - sum * sum - M * M - N * N + odd) / 8,
    formula: `(2(H + r)(M + N) + 2MN − (H + r)² − M² − N²${odd ? ' + 1' : ''})/8 at ${numbers}`,
    source,
  };
}

/**
 * Of the diagonal model Σ_j (Π_l a_j^[l]) x_j: every coordinate adds 1/2, whether its coefficient is zero (a normal crossing, of
 * multiplicity L) or not (a regular point), so that sparsity does not show in it.
 */
export function diagonalCoefficient(inputs: number): LearningCoefficient {
  return {
    value: inputs / 2,
    formula: `d/2 at d = ${inputs}`,
    source: 'normal crossings: the coefficients of coordinates add up',
  };
}

/** Of a model at a target of an intrinsic size (rank of a matrix); null where no closed form is known here. */
export function learningCoefficient(model: ResolvedModel, intrinsicSize: number | null): LearningCoefficient | null {
  if (intrinsicSize === null) return null;
  if (model.kind === 'diagonal') return diagonalCoefficient(model.inputs);
  if (model.kind !== 'matrixFactorization' || 'dimensions' in model) return null;
  return reducedRankCoefficient(model.rows, model.columns, model.inner, intrinsicSize);
}
