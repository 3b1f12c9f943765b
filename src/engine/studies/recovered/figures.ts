import type { FigureFrame, FigureLayer, ResultFigure } from '../../../protocol/figure';
import type { TrialCell } from '../../../protocol/trials';
import { numericalRank } from '../../rank/numericalRank';
import type { PictureGrid } from './pictureGrid';
import type { Recovered } from './recoveredTally';

type Figure = Omit<ResultFigure, 'id'>;

/** A cell with what it found, and the target that it was to find. */
export interface Pictured {
  name: string;
  cell: TrialCell;
  grid: PictureGrid;
  target: readonly number[];
  recovered: Recovered;
}

/** Name of the choice that all figures of single trainings share. */
export const CHOICE = 'Cell';

const SHOWN = 'Of each cell the training is shown whose test error is closest to the median.';

/** The figures of what was recovered, by their ids; empty where there is nothing to be drawn. */
export function recoveredFigures(all: readonly Pictured[]): Record<string, () => Figure> {
  const of = (kind: PictureGrid['kind']) => all.filter(({ grid }) => grid.kind === kind);
  const [curves, surfaces, matrices] = [of('curve'), of('surface'), of('matrix')];
  return {
    ...(curves.length > 0 ? { recoveredFunction: () => curveFigure(curves) } : {}),
    ...(surfaces.length > 0
      ? {
          recoveredSurface: () => mapFigure(surfaces, 'Recovered function', recoveredLayer, SURFACE),
          targetSurface: () => mapFigure(surfaces, 'Target function', targetLayer, SURFACE),
          recoveredDifference: () => mapFigure(surfaces, 'Recovered function minus target', differenceLayer, DIFFERENCE),
        }
      : {}),
    ...(matrices.length > 0
      ? {
          recoveredMatrix: () => mapFigure(matrices, 'Recovered matrix', recoveredLayer, MATRIX),
          targetMatrix: () => mapFigure(matrices, 'Target matrix', targetLayer, MATRIX),
          recoveredSingularValues: () => singularFigure(matrices),
        }
      : {}),
  };
}

const SURFACE = `Colours are the same in both maps and end a quarter of the target’s range beyond it; squares are the training samples. ${SHOWN}`;
const MATRIX = `Colours are the same in both maps and end a quarter of the target’s range beyond it; squares are the entries of the sample. ${SHOWN}`;
const DIFFERENCE = `What is left of the error, on a colour scale of its own with zero in the middle. ${SHOWN}`;

function curveFigure(all: readonly Pictured[]): Figure {
  return {
    title: 'Recovered function against the target',
    caption: `${SHOWN} Where there are no samples only the training decides between the functions that fit.`,
    x: { title: all[0].grid.axes[0].title, scale: 'linear' },
    y: { title: 'value', scale: 'linear' },
    layers: [],
    frames: framesOf(all, ({ grid, target, recovered }) => {
      const x = grid.axes[0].values;
      const { samples } = recovered;
      return [
        { kind: 'line', label: 'target', ink: 'foreground', dash: true, x, y: finite(target) },
        { kind: 'line', label: 'recovered', ink: 'primary', x, y: recovered.values },
        ...(samples
          ? [
              {
                kind: 'points',
                label: 'training samples',
                ink: 'accent',
                x: Array.from(samples.inputs.values),
                y: Array.from(samples.outputs),
              } as const,
            ]
          : []),
      ];
    }),
  };
}

function mapFigure(
  all: readonly Pictured[],
  title: string,
  layerOf: (pictured: Pictured) => FigureLayer,
  caption: string,
): Figure {
  const [first, second] = all[0].grid.axes;
  return {
    title,
    caption,
    x: { title: first.title, scale: 'linear', ...(all[0].grid.kind === 'matrix' ? { integer: true } : {}) },
    y: { title: second.title, scale: 'linear' },
    layers: [],
    frames: framesOf(all, (pictured) => [layerOf(pictured), ...sampleLayer(pictured)]),
  };
}

function recoveredLayer(pictured: Pictured): FigureLayer {
  return { ...mapLayer(pictured, 'recovered', pictured.recovered.values), range: colourRange(pictured.target) };
}

function targetLayer(pictured: Pictured): FigureLayer {
  return { ...mapLayer(pictured, 'target', pictured.target), range: colourRange(pictured.target) };
}

function differenceLayer(pictured: Pictured): FigureLayer {
  const { target, recovered } = pictured;
  const differences = recovered.values.map((value, i) => (value === null ? null : value - target[i]));
  return { ...mapLayer(pictured, 'recovered minus target', differences), diverging: true };
}

function mapLayer({ grid }: Pictured, label: string, values: readonly (number | null)[]): FigureLayer & { kind: 'heatMap' } {
  const [{ values: x }, { values: y }] = grid.axes;
  return {
    kind: 'heatMap',
    label,
    scale: 'linear',
    x,
    // The first row of a matrix is the topmost.
    y: grid.kind === 'matrix' ? y.map((row) => -row) : y,
    ...(grid.kind === 'matrix' ? { rowNames: y.map(String) } : {}),
    values: y.map((_, row) => finite(values.slice(row * x.length, (row + 1) * x.length))),
  };
}

/** Where the training saw the target. */
function sampleLayer({ grid, recovered: { samples } }: Pictured): FigureLayer[] {
  if (!samples) return [];
  const { count, values } = samples.inputs;
  const at = (axis: number) => Array.from({ length: count }, (_, s) => values[2 * s + axis]);
  const isMatrix = grid.kind === 'matrix';
  return [
    {
      kind: 'points',
      label: isMatrix ? 'sampled entries' : 'training samples',
      ink: 'accent',
      symbol: 'square',
      // Entries are (row, column) from 0.
      x: isMatrix ? at(1).map((column) => column + 1) : at(0),
      y: isMatrix ? at(0).map((row) => -(row + 1)) : at(1),
    },
  ];
}

/** Singular values of the recovered matrix and of the target, with where the clear ones end. */
function singularFigure(all: readonly Pictured[]): Figure {
  return {
    title: 'Singular values of the recovered matrix',
    caption: `Beside those of the target. The cut lies in the largest gap of the recovered ones: what is below it training has almost removed. ${SHOWN}`,
    x: { title: 'place of the singular value', scale: 'linear', integer: true },
    y: { title: 'singular value', scale: 'log' },
    layers: [],
    frames: framesOf(all, (pictured) => {
      const own = spectrum(
        pictured,
        pictured.recovered.values.map((value) => value ?? 0),
      );
      const target = spectrum(pictured, pictured.target);
      const cut = own.rank > 0 && own.rank < own.singularValues.length ? own.tolerance * own.singularValues[0] : null;
      const line = (label: string, { singularValues }: typeof own): FigureLayer & { kind: 'line' } => ({
        kind: 'line',
        label,
        ink: 'primary',
        symbol: true,
        x: singularValues.map((_, k) => k + 1),
        y: singularValues,
      });
      return [
        { ...line('target', target), ink: 'foreground', dash: true },
        line('recovered', own),
        ...(cut === null
          ? []
          : [
              {
                kind: 'marker',
                axis: 'y',
                value: cut,
                label: `rank ${own.rank}, gap ${own.gap.toPrecision(2)}`,
                ink: 'accent',
              } as const,
            ]),
      ];
    }),
  };
}

function spectrum({ grid: { axes } }: Pictured, values: readonly number[]) {
  const [columns, rows] = axes.map((axis) => axis.values.length);
  return numericalRank(
    { rows, columns, values: Float64Array.from(values) },
    { rule: 'largestGap', normalizeColumns: false, name: 'recovered matrix' },
  );
}

function framesOf(
  all: readonly Pictured[],
  layersOf: (pictured: Pictured) => FigureLayer[],
): NonNullable<ResultFigure['frames']> {
  const frames = all.map((pictured): FigureFrame => ({ name: pictured.name, cell: pictured.cell, layers: layersOf(pictured) }));
  return { title: CHOICE, frames };
}

/** The range of the target and a quarter of it beyond both ends. */
function colourRange(target: readonly number[]): [number, number] {
  const [low, high] = target.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  const more = (high - low || Math.abs(high) || 1) / 4;
  return [low - more, high + more];
}

function finite(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value) => (value !== null && Number.isFinite(value) ? value : null));
}
