import type { OverlapResults } from '../../../protocol/events';
import type { ResultTable } from '../../../protocol/table';

type Table = Omit<ResultTable, 'id'>;

/** A number with all digits that an overlap is told by; vectors in parentheses. */
const digits = (value: number | number[]): string =>
  Array.isArray(value) ? `(${value.map(digits).join(', ')})` : value.toFixed(13);

export function limitTable({ start, datasets, limits, slopes }: OverlapResults): Table {
  const withSlopes = slopes.some((slope) => slope !== null);
  return {
    title: 'Limits of the gradient flows',
    columns: [
      { title: 'Data set', kind: 'integer' },
      { title: 'x', kind: 'text' },
      { title: 'y', kind: 'text' },
      { title: 'w*', kind: 'text' },
      { title: 'a*', kind: 'text' },
      ...(withSlopes ? [{ title: 'da/dw at the limit', kind: 'number' as const }] : []),
      { title: 'Reached', kind: 'flag' },
      { title: 'Correction', kind: 'number' },
      { title: 'Steps', kind: 'integer' },
    ],
    rows: limits.map((limit, i) => [
      i + 1,
      short(datasets[i].x),
      short(datasets[i].y),
      digits(limit.w),
      digits(limit.a),
      ...(withSlopes ? [slopes[i]] : []),
      limit.reached,
      limit.correction,
      limit.steps,
    ]),
    note: `${start.refined ? 'Started where the overlap is exact' : 'Started'}: w0 = ${digits(start.w)}, a0 = ${digits(start.a)}. The correction is how far the invariants of the flow move the end of the integration.`,
  };
}

export function residualTable({ residuals }: OverlapResults): Table {
  return {
    title: 'Residual f(x) − y of each limit on each data set',
    columns: [
      { title: 'Limit of', kind: 'integer' },
      ...residuals.map((_, j) => ({ title: `Data set ${j + 1}`, kind: 'number' as const })),
    ],
    rows: residuals.map((row, i) => [i + 1, ...row]),
  };
}

export function candidateTable({ candidates, pair, conclusion }: OverlapResults): Table {
  if (!pair) {
    return {
      title: 'Named candidates for G at the common limit',
      columns: [
        { title: 'G', kind: 'text' },
        { title: '‖∇G‖, which would have to be 0', kind: 'number' },
      ],
      rows: candidates.map(({ name, gradientNorm }) => [name, gradientNorm]),
      note: conclusion,
    };
  }
  const [first, second] = pair;
  return {
    title: 'Named candidates for G at the two limits',
    columns: [
      { title: 'G', kind: 'text' },
      { title: `G(θ${first}*)`, kind: 'number' },
      { title: `G(θ${second}*)`, kind: 'number' },
      { title: `Data set ${first} needs G(θ${first}*) < G(θ${second}*)`, kind: 'flag' },
      { title: `Data set ${second} needs G(θ${second}*) < G(θ${first}*)`, kind: 'flag' },
    ],
    rows: candidates.map(({ name, values, firstHolds, secondHolds }) => [name, values![0], values![1], firstHolds, secondHolds]),
    note: conclusion,
  };
}

const short = (value: number | number[]): string =>
  Array.isArray(value) ? `(${value.map(short).join(', ')})` : String(Number(value.toPrecision(9)));
