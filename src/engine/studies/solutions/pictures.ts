import type { SolutionResult, SolutionResults } from '../../../protocol/results';
import type { FigureLayer, ResultFigure } from '../../../protocol/figure';
import type { ResultTable } from '../../../protocol/table';
import { MOST_LINES } from '../varied/pictures';

/** Singular values of larger matrices are told for the first ones alone. */
const MOST_COLUMNS = 12;

const PAPER = '“Linear stability hypothesis and rank stratification”, arXiv 2211.11623, Fig. 5';

/** Mean singular values by sample size, the target's own in the last row. */
export function solutionTable({ target, sampleSizes }: SolutionResults): Omit<ResultTable, 'id'> {
  const columns = target.slice(0, MOST_COLUMNS);
  return {
    title: 'Singular values of the recovered matrices',
    columns: [
      { title: 'Sample size', kind: 'text' },
      { title: 'Trainings', kind: 'integer' },
      ...columns.map((_, k) => ({ title: `σ${k + 1}`, kind: 'number' as const })),
    ],
    rows: [
      ...sampleSizes.map(({ sampleSize, trials, mean }) => [
        String(sampleSize),
        trials,
        ...columns.map((_, k) => mean?.matrix[k] ?? null),
      ]),
      ['target', null, ...columns],
    ],
    note: 'Means over the trainings that did not diverge.',
  };
}

/** Mean singular values of the recovered matrices with those of the target: a line for each sample size, or for each singular value. */
export function solutionFigure(results: SolutionResults): Omit<ResultFigure, 'id'> | null {
  const known = results.sampleSizes.filter(({ mean }) => mean !== null);
  if (known.length === 0) return null;
  const head = {
    title: 'Singular values of the recovered matrices',
    caption: `Means over the trainings. With fewer samples than the target needs, training finds a matrix of lower rank, one that the samples determine (${PAPER}).`,
  };
  const y = { title: 'singular value', scale: 'log' } as const;
  if (known.length > MOST_LINES) {
    return {
      ...head,
      x: { title: 'sample size n', scale: 'linear', integer: true },
      y,
      layers: results.target.slice(0, MOST_COLUMNS).flatMap((own, k): FigureLayer[] => [
        line(
          `σ${k + 1}`,
          k,
          known.map(({ sampleSize }) => sampleSize),
          known.map(({ mean }) => mean!.matrix[k]),
        ),
        ...(own > 0 ? [{ kind: 'marker', axis: 'y', value: own, label: `σ${k + 1} of the target`, ink: 'muted' } as const] : []),
      ]),
    };
  }
  const places = results.target.map((_, k) => k + 1);
  return {
    ...head,
    x: { title: 'place of the singular value', scale: 'linear', integer: true },
    y,
    layers: [
      ...known.map(({ sampleSize, mean }, i) => line(`n = ${sampleSize}`, i, places, mean!.matrix)),
      { ...line('target', 'foreground', places, results.target), dash: true },
    ],
  };
}

/** Mean singular values of the tangent matrix at the solutions, over all entries and over the sample. */
export function tangentFigure({ sampleSizes }: SolutionResults): Omit<ResultFigure, 'id'> | null {
  const known = sampleSizes.filter((each): each is SolutionResult & { mean: { tangent: number[] } } => !!each.mean?.tangent);
  if (known.length === 0 || 2 * known.length > MOST_LINES) return null;
  return {
    title: 'Singular values of the tangent matrix at the solutions',
    caption: `Means over the trainings, over all entries and over those of the sample. A linearly stable solution has as many large ones in both: at most as many as samples (${PAPER}).`,
    x: { title: 'place of the singular value', scale: 'linear', integer: true },
    y: { title: 'singular value', scale: 'log' },
    layers: known.flatMap(({ sampleSize, mean }, i): FigureLayer[] => [
      line(`n = ${sampleSize}, all entries`, i, mean.tangent.map(place), mean.tangent),
      { ...line(`n = ${sampleSize}, sample`, i, (mean.sampleTangent ?? []).map(place), mean.sampleTangent ?? []), dash: true },
    ]),
  };
}

function place(_: number, k: number): number {
  return k + 1;
}

/** A logarithm knows no 0. */
function line(label: string, ink: number | 'foreground', x: number[], y: readonly number[]) {
  return { kind: 'line' as const, label, ink, symbol: true, x, y: y.map((value) => (value > 0 ? value : null)) };
}
