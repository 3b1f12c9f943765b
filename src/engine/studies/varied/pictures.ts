import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { VARIED } from '../../../experiment/variants';
import type { SampleSizeResult, VariantResult } from '../../../protocol/events';
import type { FigureLayer, ResultFigure } from '../../../protocol/figure';
import type { ResultTable, TableValue } from '../../../protocol/table';

/** More lines than this cannot be told apart. */
export const MOST_LINES = 12;

type Figure = Omit<ResultFigure, 'id'>;
type Table = Omit<ResultTable, 'id'>;

/** Median test error over what is varied, if anything is, and the sample size, with the line that the theory draws through it. */
export function phaseDiagram(experiment: ResolvedRecoveryExperiment, variants: readonly VariantResult[]): Figure {
  const sizes = [...new Set(experiment.data.sampleSizes)].sort((a, b) => a - b);
  const rows = variants.map((_, index) => index + 1);
  const overSizes = (valueOf: (result: SampleSizeResult) => number | null | undefined) =>
    variants.map(({ sampleSizes }) => {
      const bySize = new Map(sampleSizes.map((result) => [result.sampleSize, valueOf(result)]));
      return sizes.map((size) => bySize.get(size) ?? null);
    });
  const layers: FigureLayer[] = [
    {
      kind: 'heatMap',
      label: 'Median test error',
      scale: 'log',
      x: sizes,
      y: rows,
      rowNames: variants.map(({ name }) => name || 'all'),
      values: overSizes(({ medianTestError }) => medianTestError),
      low: overSizes(({ testErrorQuartiles }) => testErrorQuartiles?.[0]),
      high: overSizes(({ testErrorQuartiles }) => testErrorQuartiles?.[1]),
      trials: true,
    },
  ];
  const predicted = variants.flatMap(({ predicted: size }, index) => (size === null ? [] : [{ size, row: rows[index] }]));
  if (predicted.length > 0) {
    layers.push({
      kind: 'line',
      label: 'Optimistic sample size (theory)',
      ink: 'accent',
      dash: true,
      symbol: true,
      x: predicted.map(({ size }) => size),
      y: predicted.map(({ row }) => row),
    });
  }
  const what = experiment.vary ? VARIED[experiment.vary.kind] : 'experiment';
  const caption =
    'Colour is the median test error over the trials; the line is the optimistic sample size of the theory, from which on recovery is possible.';
  return {
    title: experiment.vary ? `Test error over ${what} and sample size` : 'Test error at the sizes that the search looked at',
    caption: experiment.data.search ? `${caption} Sizes without colour are those that the search did not look at.` : caption,
    x: { title: 'Sample size n', scale: 'linear', integer: true },
    y: { title: capital(what), scale: 'linear', integer: true },
    layers,
  };
}

/** Median test error against sample size, a line for each value. */
export function medianLines(variants: readonly VariantResult[]): Figure {
  const layers: FigureLayer[] = variants.map(({ name, sampleSizes }, index) => ({
    kind: 'line',
    label: name,
    ink: index,
    symbol: true,
    x: sampleSizes.map(({ sampleSize }) => sampleSize),
    y: sampleSizes.map(({ medianTestError }) => medianTestError),
    low: sampleSizes.map(({ testErrorQuartiles }) => testErrorQuartiles?.[0] ?? null),
    high: sampleSizes.map(({ testErrorQuartiles }) => testErrorQuartiles?.[1] ?? null),
  }));
  const predicted = new Set(variants.map((variant) => variant.predicted));
  const [only] = predicted;
  if (predicted.size === 1 && typeof only === 'number')
    layers.push({ kind: 'marker', axis: 'x', value: only, label: `theory: ${only}`, ink: 'accent' });
  return {
    title: 'Median test error',
    caption: 'Median over the trials at each sample size; bars span its quartiles, over trials that did not diverge.',
    x: { title: 'Sample size n', scale: 'linear', integer: true },
    y: { title: 'Median test error', scale: 'log' },
    layers,
  };
}

/** A row for each value. */
export function variantTable(experiment: ResolvedRecoveryExperiment, variants: readonly VariantResult[]): Table {
  const searched = experiment.data.search !== undefined;
  return {
    title: experiment.vary ? `By ${VARIED[experiment.vary.kind]}` : 'Threshold',
    columns: [
      { title: experiment.vary ? capital(VARIED[experiment.vary.kind]) : 'Experiment', kind: 'text' },
      { title: 'Parameters', kind: 'integer' },
      { title: 'Predicted', kind: 'integer' },
      { title: 'Model rank', kind: 'integer' },
      { title: searched ? 'Threshold found' : 'Recovered from', kind: 'integer' },
      ...(searched
        ? ([
            { title: 'Trainings', kind: 'integer' },
            { title: 'Of the whole grid', kind: 'integer' },
            { title: 'Decided', kind: 'flag' },
          ] as const)
        : ([{ title: 'Linearly stable from', kind: 'integer' }] as const)),
    ],
    rows: variants.map((variant): TableValue[] => [
      variant.name || 'all',
      variant.parameters,
      variant.predicted,
      variant.modelRank,
      ...(variant.search
        ? [variant.search.threshold, variant.search.trainings, variant.search.gridTrainings, variant.search.decided]
        : [variant.recoveredFrom, variant.linearlyStableFrom]),
    ]),
    ...(searched ? { note: searchNote(variants) } : {}),
  };
}

/** Columns for more sample sizes than this are no reading. */
const MOST_SIZES = 20;

/** Median test errors, a row for each value and a column for each sample size; null where there are too many columns to read. */
export function medianTable(experiment: ResolvedRecoveryExperiment, variants: readonly VariantResult[]): Table | null {
  const sizes = [...new Set(experiment.data.sampleSizes)].sort((a, b) => a - b);
  if (!experiment.vary || sizes.length > MOST_SIZES) return null;
  return {
    title: 'Median test error by sample size',
    columns: [
      { title: capital(VARIED[experiment.vary.kind]), kind: 'text' },
      ...sizes.map((size) => ({ title: `n = ${size}`, kind: 'number' as const })),
    ],
    rows: variants.map(({ name, sampleSizes }): TableValue[] => {
      const bySize = new Map(sampleSizes.map((result) => [result.sampleSize, result.medianTestError]));
      return [name, ...sizes.map((size) => bySize.get(size) ?? null)];
    }),
  };
}

/** What the search has seen of each sample size. */
export function searchTable(variants: readonly VariantResult[]): Table {
  return {
    title: 'Sizes that the search looked at',
    columns: [
      { title: 'Experiment', kind: 'text' },
      { title: 'Sample size', kind: 'integer' },
      { title: 'Trials', kind: 'integer' },
      { title: 'Recovered', kind: 'integer' },
      { title: 'Decided', kind: 'flag' },
    ],
    rows: variants.flatMap(({ name, search }) =>
      (search?.sizes ?? []).map(({ sampleSize, trials, recovered, decided }): TableValue[] => [
        name || 'all',
        sampleSize,
        trials,
        recovered,
        decided,
      ]),
    ),
  };
}

function searchNote(variants: readonly VariantResult[]): string {
  const total = (count: (variant: VariantResult) => number) => variants.reduce((sum, each) => sum + count(each), 0);
  const trainings = total(({ search }) => search?.trainings ?? 0);
  const grid = total(({ search }) => search?.gridTrainings ?? 0);
  const confidence = Math.round(1000 * (variants[0]?.search?.confidence ?? 0)) / 10;
  return `${trainings} trainings instead of ${grid}. All decisions for a row are right together with ${confidence} %, given that more samples do not harm.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
