import type { RankTableRow } from '../../../protocol/events';
import type { FigureLayer, ResultFigure } from '../../../protocol/figure';

type Content = Omit<ResultFigure, 'id'>;

/** Rows with a rank, which figures are drawn from. */
type Known = RankTableRow & { modelRank: number };

const isKnown = (row: RankTableRow | undefined): row is Known => row !== undefined && row.modelRank !== null;

/**
 * Model rank against number of parameters, a line for each target: flat lines are the free expressiveness in width of "Optimistic
 * estimate" (arXiv 2307.08921). Null when no target has models that differ in size alone.
 */
export function freeWidthFigure(rows: readonly (RankTableRow | undefined)[]): Content | null {
  const known = rows.filter(isKnown);
  const severalFamilies = new Set(known.map(({ family }) => family)).size > 1;
  const groups = groupBy(known, ({ target, family }) => (severalFamilies ? `${target}; ${family}` : target));
  const drawn = [...groups].filter(([, members]) => new Set(members.map(({ parameters }) => parameters)).size > 1);
  if (drawn.length === 0) return null;
  const sizes = drawn.flatMap(([, members]) => members.map(({ parameters }) => parameters));
  const ends = [Math.min(...sizes), Math.max(...sizes)];
  return {
    title: 'Free width: model rank against number of parameters',
    caption:
      'A line is one target in models of growing size. Where it is flat, further neurons cost no samples (“Optimistic estimate”, arXiv 2307.08921); the dashed line is a model that needs a sample for every parameter.',
    x: { title: 'number of parameters M', scale: 'log' },
    y: { title: 'model rank', scale: 'log' },
    layers: [
      ...drawn.map(([label, members], place) => line(label, place, members, ({ parameters }) => parameters)),
      { kind: 'line', label: 'rank = M', ink: 'muted', dash: true, x: ends, y: ends },
    ],
  };
}

/**
 * Model rank against the size of the target, a line for each way of connecting the same neurons: connections that a target does
 * not need cost samples. Null where no convolution has its counterparts.
 */
export function costlyConnectionFigure(rows: readonly (RankTableRow | undefined)[]): Content | null {
  const known = rows.filter(isKnown).filter(({ connection }) => connection !== undefined);
  if (!known.some(({ connection }) => connection === 'fullyConnected')) return null;
  const kernels = new Map(
    known.flatMap(({ target, connection, intrinsicSize }) =>
      connection === 'sharing' && intrinsicSize !== null ? [[target, intrinsicSize]] : [],
    ),
  );
  const groups = [...groupBy(known, ({ family }) => family)];
  return {
    title: 'Costly connection: model rank of the same target in three networks',
    caption:
      'The same functions with weight sharing, without, and with all connections: connections that a target does not need cost samples, one for every further parameter of each neuron (“Optimistic estimate”, arXiv 2307.08921).',
    x: { title: 'kernels of the target k', scale: 'linear', integer: true },
    y: { title: 'model rank', scale: 'log' },
    layers: groups.map(([label, members], place) => line(label, place, members, ({ target }) => kernels.get(target) ?? 0)),
  };
}

/** Model rank against intrinsic size, a line for each family. Null when there are not two sizes, or for convolutions side by side. */
export function stratificationFigure(rows: readonly (RankTableRow | undefined)[]): Content | null {
  const known = rows.filter(isKnown).filter(({ intrinsicSize }) => intrinsicSize !== null);
  if (known.some(({ connection }) => connection === 'fullyConnected')) return null;
  if (new Set(known.map(({ intrinsicSize }) => intrinsicSize)).size < 2) return null;
  return {
    title: 'Model rank against intrinsic size',
    caption: 'Every point is a target in a model. Models of one family share a line, whatever their size.',
    x: { title: 'intrinsic size: rank r, width k', scale: 'linear', integer: true },
    y: { title: 'model rank', scale: 'linear', integer: true },
    layers: [...groupBy(known, ({ family }) => family)].map(([label, members], place) =>
      line(label, place, members, ({ intrinsicSize }) => intrinsicSize ?? 0),
    ),
  };
}

/** Learning coefficient and half the measured rank over the model rank. Null when it is known of fewer than two rows. */
export function learningFigure(rows: readonly (RankTableRow | undefined)[]): Content | null {
  const known = rows.filter(isKnown).filter(({ learningCoefficient }) => learningCoefficient !== undefined);
  if (known.length < 2) return null;
  const measured = known.filter((row) => row.measured !== null && row.conclusive);
  const names = (from: readonly Known[]) => from.map(({ model, target }) => `${model}; ${target}`);
  const ranks = known.map(({ modelRank }) => modelRank);
  const ends = [Math.min(...ranks), Math.max(...ranks)];
  return {
    title: 'Learning coefficient and half the rank',
    caption:
      'Where λ lies above the line, points of higher rank take part in what a Bayesian average over all representations learns.',
    x: { title: 'model rank', scale: 'linear', integer: true },
    y: { title: 'λ, rank/2', scale: 'linear' },
    layers: [
      { kind: 'line', label: 'half the model rank', ink: 'muted', dash: true, x: ends, y: ends.map((rank) => rank / 2) },
      {
        kind: 'points',
        label: 'learning coefficient λ',
        ink: 'primary',
        x: ranks,
        y: known.map(({ learningCoefficient }) => learningCoefficient?.value ?? 0),
        names: names(known),
      },
      {
        kind: 'points',
        label: 'half the measured rank',
        ink: 'accent',
        symbol: 'hollow',
        x: measured.map(({ modelRank }) => modelRank),
        y: measured.map((row) => (row.measured ?? 0) / 2),
        names: names(measured),
      },
    ],
  };
}

/** A line through the members from left to right; those at one place with one rank are one point. */
function line(label: string, ink: number, members: readonly Known[], xOf: (row: Known) => number): FigureLayer {
  const points = [...new Map(members.map((row) => [`${xOf(row)} ${row.modelRank}`, row])).values()];
  points.sort((a, b) => xOf(a) - xOf(b) || a.modelRank - b.modelRank);
  return { kind: 'line', label, ink, symbol: true, x: points.map(xOf), y: points.map(({ modelRank }) => modelRank) };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
