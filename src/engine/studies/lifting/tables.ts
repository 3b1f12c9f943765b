import type { LiftedPointResult, LiftingResults } from '../../../protocol/events';
import type { FigureLayer, ResultFigure } from '../../../protocol/figure';
import type { ResultTable } from '../../../protocol/table';
import type { MeasuredLift, MeasuredNarrow } from './measure';

const WORDS: Record<LiftedPointResult['classification'], string> = {
  minimum: 'minimum',
  strictSaddle: 'strict saddle',
  degenerateSaddle: 'degenerate saddle',
  notCritical: 'not critical',
  undecided: 'undecided',
};

const CONSTRUCTIONS: Readonly<Record<string, string>> = {
  null: 'null embedding',
  splitting: 'splitting embedding',
  signFlipped: 'splitting, copies turned',
  compatible: 'general compatible embedding',
  degenerate: 'degenerate construction',
  sampleDependent: 'free neuron for these data',
};

function nameOf({ construction, name }: LiftedPointResult): string {
  return CONSTRUCTIONS[construction] ?? name;
}

export function narrowTable({
  loss,
  gradientNorm,
  relativeGradient,
  classification,
  modelRank,
}: MeasuredNarrow): Omit<ResultTable, 'id'> {
  return {
    title: 'Critical point of the narrow network',
    columns: [
      { title: 'Loss R', kind: 'number' },
      { title: '|∇R|', kind: 'number' },
      { title: 'Relative', kind: 'number' },
      { title: 'Kind', kind: 'text' },
      { title: 'Model rank', kind: 'integer' },
    ],
    rows: [[loss, gradientNorm, relativeGradient, WORDS[classification], modelRank]],
    note: 'R = Σ‖f(x_i) − y_i‖²; relative: |∇R| over its size without cancellation.',
  };
}

export function pointTable(points: readonly LiftedPointResult[], skipped: LiftingResults['skipped']): Omit<ResultTable, 'id'> {
  const notes = skipped.map(({ construction, reason }) => `No ${CONSTRUCTIONS[construction]}: ${reason}`);
  return {
    title: 'Lifted points',
    columns: [
      { title: 'Point', kind: 'text' },
      { title: 'Sample-independent', kind: 'flag' },
      { title: 'rank J1', kind: 'integer' },
      { title: 'rank [J1|J2]', kind: 'integer' },
      { title: '|∇R|', kind: 'number' },
      { title: 'Other data', kind: 'number' },
      { title: 'Kind', kind: 'text' },
      { title: 'Dimension', kind: 'integer' },
    ],
    rows: points.map((point) => [
      nameOf(point),
      point.sampleIndependent,
      point.ranks.narrow,
      point.ranks.joint,
      point.gradientNorm,
      point.dataSets.count > 0 ? point.dataSets.largest : null,
      WORDS[point.classification],
      point.dimension,
    ]),
    note: [
      'Other data: the largest relative gradient over data sets for which the narrow point is critical.',
      'Dimension: degrees of freedom of the points that the construction makes around this one.',
      ...notes,
    ].join(' '),
  };
}

export function certificateTable(points: readonly LiftedPointResult[]): Omit<ResultTable, 'id'> {
  return {
    title: 'Saddle certificates',
    columns: [
      { title: 'Point', kind: 'text' },
      { title: 'Neuron', kind: 'integer' },
      { title: 'η', kind: 'number' },
      { title: 'Down', kind: 'number' },
      { title: 'Predicted', kind: 'number' },
      { title: 'Up', kind: 'number' },
    ],
    rows: points.flatMap((point) => {
      const saddle = point.certificate?.saddle;
      return (saddle?.steps ?? []).map(({ eta, down, predicted, up }) => [
        nameOf(point),
        saddle!.neuron,
        eta,
        down,
        predicted,
        up,
      ]);
    }),
    note: 'The input weights of a neuron without output weight move by η at constant loss; then an output weight changes the loss by −(∂R/∂a)² / (4Σσ²) to one side.',
  };
}

export function existenceTable({ dimensions, jointRank }: NonNullable<LiftingResults['existence']>): Omit<ResultTable, 'id'> {
  return {
    title: 'Existence of sample-dependent lifts',
    columns: [
      { title: 'Samples n', kind: 'integer' },
      { title: 'Dimension', kind: 'integer' },
    ],
    rows: dimensions.map(({ samples, dimension }) => [samples, dimension]),
    note: `Dimension of the residuals for which the narrow point and a point with a free neuron are both critical, at random inputs${jointRank === null ? '' : `; dim(T1 + T2) = ${jointRank}`}.`,
  };
}

/** Below this a gradient is drawn at it. */
const FLOOR = 1e-18;

export function gradientFigure(lifts: readonly (MeasuredLift | undefined)[]): Omit<ResultFigure, 'id'> {
  const layers = lifts.flatMap((lift, ink): FigureLayer[] => {
    if (!lift?.result) return [];
    const { gradients, result } = lift;
    return [
      {
        kind: 'line',
        label: nameOf(result),
        ink,
        symbol: true,
        x: gradients.map((_, k) => k + 1),
        y: gradients.map((value) => Math.max(FLOOR, value)),
      },
    ];
  });
  return {
    title: 'Gradients for other data',
    caption:
      'Relative gradient at each lifted point for data sets made from the null space of J1ᵀ, for all of which the narrow point is critical. Sample-independent points stay at rounding ("Sample-independent critical lifting", arXiv 2505.13582).',
    x: { title: 'Data set', scale: 'linear', integer: true },
    y: { title: 'Relative gradient', scale: 'log' },
    layers,
  };
}

export function descentFigure(lifts: readonly (MeasuredLift | undefined)[]): Omit<ResultFigure, 'id'> {
  const drawn = lifts.flatMap((lift) => (lift?.result && lift.descent ? [{ name: nameOf(lift.result), ...lift.descent }] : []));
  const layers = drawn.flatMap(({ name, factors, before, after }, ink): FigureLayer[] => {
    return [
      { kind: 'line', label: `${name}: at the point`, ink, dash: true, x: factors, y: before },
      { kind: 'line', label: `${name}: after the first step η`, ink, x: factors, y: after },
    ];
  });
  return {
    title: 'Loss along the saddle certificates',
    caption:
      'Change of the loss with the output weight of the neuron that had none, at the critical point and after its input weights have moved by η = 0.1. Only the second falls below 0.',
    x: { title: 'Output weight, in units of the certificate', scale: 'linear' },
    y: { title: 'Change of the loss', scale: 'linear' },
    layers: [...layers, { kind: 'marker', axis: 'y', value: 0, label: 'loss of the critical point', ink: 'muted' }],
  };
}
