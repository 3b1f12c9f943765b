import type { BranchResult, GeometryResults, SeparationState } from '../../../protocol/results/geometry';
import type { ResultTable } from '../../../protocol/table';
import type { GeometrySetting } from './setting';

type Content = Omit<ResultTable, 'id'>;

/** The types of branches with their numbers, and what was measured of them. */
export function branchTable({ geometry }: GeometrySetting, results: GeometryResults): Content {
  const { branches, totalBranches, thresholds } = results;
  const withRank = branches.some(({ numericRank }) => numericRank !== undefined);
  const tested = branches.some(({ separatedFrom }) => separatedFrom !== undefined);
  const { note } = geometry.problem.family;
  return {
    title: `Branches of the global minima: ${totalBranches} of ${branches.length} ${branches.length === 1 ? 'type' : 'types'}`,
    columns: [
      { title: 'Target | extra blocks', kind: 'text' },
      { title: 'Branches', kind: 'text' },
      { title: 'Dimension', kind: 'integer' },
      { title: 'Codimension', kind: 'integer' },
      { title: 'Rank', kind: 'integer' },
      { title: 'Deficient', kind: 'integer' },
      { title: 'Separated from n', kind: 'integer' },
      { title: 'Morse–Bott', kind: 'flag' },
      { title: 'Learning coefficient', kind: 'number' },
      ...(withRank ? ([{ title: 'Measured rank', kind: 'text' }] as const) : []),
      ...(tested ? ([{ title: 'Measured from n', kind: 'text' }] as const) : []),
    ],
    rows: branches.map((branch) => [
      branch.name,
      String(branch.count),
      branch.dimension,
      branch.codimension,
      branch.rank,
      branch.deficient,
      branch.threshold,
      branch.morseBott,
      branch.learningCoefficient,
      ...(withRank ? [branch.numericRank === undefined ? null : rankText(branch)] : []),
      ...(tested ? [branch.separatedFrom?.toString() ?? null] : []),
    ]),
    note:
      `n = ${thresholds.optimistic}: optimistic sample size; from n = ${thresholds.everything} every zero of the loss is the target. ` +
      'The threshold is the codimension: it suffices everywhere, and where all output weights of a block have one sign fewer samples may do. ' +
      `"Geometry and local recovery of global minima" (arXiv 2309.00508).${note === '' ? '' : ` ${note}.`}`,
  };
}

function rankText({ numericRank, numericConclusive, certified }: BranchResult): string {
  if (certified?.status === 'certified') return `${numericRank}, proven`;
  return numericConclusive ? String(numericRank) : `${numericRank} (inconclusive)`;
}

const STATES: Record<SeparationState, string> = {
  linear: 'GE ~ ε',
  quadratic: 'GE ~ ε²',
  separated: 'separated',
  inconclusive: 'inconclusive',
};

export function separationTable({ separation }: GeometryResults): Content {
  const epsilons = separation[0]?.epsilons.map(({ epsilon }) => epsilon) ?? [];
  return {
    title: 'Separation test',
    columns: [
      { title: 'Branch', kind: 'text' },
      { title: 'n', kind: 'integer' },
      { title: 'Theory', kind: 'text' },
      { title: 'Measured', kind: 'text' },
      { title: 'Order in ε', kind: 'number' },
      ...epsilons.map((epsilon) => ({ title: `Median GE, ε = ${epsilon}`, kind: 'number' as const })),
      { title: 'Fits at target, other zero, open', kind: 'text' },
    ],
    rows: separation.map((test) => [
      test.branch,
      test.sampleSize,
      STATES[test.predicted],
      STATES[test.state],
      test.order,
      ...test.epsilons.map(({ median }) => median),
      test.epsilons.map(({ target, other, undecided }) => `${target}/${other}/${undecided}`).join(' '),
    ]),
    note: 'GE: root mean squared error over the test inputs of the zero of the loss next to a branch point moved by ε·N(0, I), median over sample sets. Below the rank a manifold of other zeros crosses the branch (ε), from the rank on it touches it (ε²), from the codimension on there is none.',
  };
}

export function pointTable({ points }: GeometryResults): Content {
  const sizes = points[0]?.fractions.map(({ sampleSize }) => sampleSize) ?? [];
  return {
    title: 'Points',
    columns: [
      { title: 'Point', kind: 'text' },
      { title: 'Branch', kind: 'text' },
      { title: 'Codimension', kind: 'integer' },
      { title: 'Rank', kind: 'text' },
      ...sizes.map((n) => ({ title: `Separated, n = ${n}`, kind: 'number' as const })),
    ],
    rows: points.map((point) => [
      point.name,
      point.branch ?? 'not the target',
      point.codimension,
      point.conclusive ? String(point.modelRank) : `${point.modelRank} (inconclusive)`,
      ...sizes.map((n) => point.fractions.find(({ sampleSize }) => sampleSize === n)?.separated ?? null),
    ]),
    ...(sizes.length > 0 ? { note: 'Fraction of the sample sets near which no fit ended at another zero of the loss.' } : {}),
  };
}

export function decayTable({ decay }: GeometryResults): Content {
  return {
    title: 'Gradient flow near branches',
    columns: [
      { title: 'Branch', kind: 'text' },
      { title: 'n', kind: 'integer' },
      { title: 'Decay', kind: 'text' },
      { title: 'λ of e^(−λt)', kind: 'number' },
      { title: 'p of t^(−p)', kind: 'number' },
      { title: 'Distance ~ t^(−p)', kind: 'number' },
      { title: 'Time', kind: 'number' },
      { title: 'Loss', kind: 'number' },
      { title: 'Normal, in the range', kind: 'number' },
      { title: 'Normal, outside', kind: 'number' },
      { title: 'Moved along', kind: 'number' },
      { title: 'GE', kind: 'number' },
    ],
    rows: decay.map((flow) => [
      flow.branch,
      flow.sampleSize,
      flow.kind,
      flow.rate,
      flow.exponent,
      flow.normalExponent,
      flow.time,
      flow.loss,
      flow.normalRange,
      flow.normalKernel,
      flow.tangential,
      flow.generalizationError,
    ]),
    note: 'Morse–Bott branches: linear rate. Others: in general the loss like t^(−2) and the distance like t^(−1/2), in the kernel of the Hessian (arXiv 2309.00508, Thm 5.3). Normal parts are taken shortly before the end, relative to the range of the Hessian at the limit.',
  };
}

export function imbalanceTable({ imbalance }: GeometryResults): Content {
  return {
    title: 'Flows from small starts',
    columns: [
      { title: 'n', kind: 'integer' },
      { title: 'Flows', kind: 'integer' },
      { title: 'Recovered', kind: 'number' },
      { title: 'Recovered at the ends', kind: 'text' },
      { title: 'Recovered between', kind: 'number' },
      { title: 'for so many data sets', kind: 'number' },
      { title: 'Median GE', kind: 'number' },
      { title: 'Condensed from |c|', kind: 'number' },
      { title: 'Ends on', kind: 'text' },
    ],
    rows: imbalance.map((row) => [
      row.sampleSize,
      row.flows,
      row.recoveredFraction,
      row.recoveredAtEnds === null ? '–' : row.recoveredAtEnds ? 'yes' : 'no',
      row.recoveredBetween,
      row.dataSetsBetween,
      row.medianError,
      row.condensedAbove,
      row.branches.map(({ branch, flows }) => `${branch}: ${flows}`).join(', '),
    ]),
    note: 'GE: mean squared error over the test inputs. c = C_2 / C_1 with C_k = a_k‖γ‖ + w_k·γ, γ = Σ y_i x_i, of the start ("Disentangle sample size and initialization effect", arXiv 2405.13787).',
  };
}
