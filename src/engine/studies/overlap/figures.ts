import type { OverlapResults } from '../../../protocol/events';
import type { FigureLayer, ResultFigure } from '../../../protocol/figure';
import type { ActivationFunction } from '../../models/activation';
import { dot, type NeuronPoint, type SingleSample } from '../../theory/overlap/neuron';
import type { Recipe } from '../../theory/overlap/recipe';

type Figure = Omit<ResultFigure, 'id'>;

export interface DrawnFlow {
  sample: SingleSample;
  limit: NeuronPoint;
  /** w, then a. */
  path: number[][];
}

const CURVE_POINTS = 240;

/**
 * Zero-loss curves and flows in the plane of (w, a). With several inputs a flow moves w along its own x: then the horizontal axis is
 * the distance from the start along it, and a curve is that of the flow's own data set.
 */
export function pathsFigure(activation: ActivationFunction, start: NeuronPoint, flows: readonly DrawnFlow[]): Figure {
  const plane = start.w.length === 1;
  const along = (w: readonly number[], { x }: SingleSample): number =>
    plane ? w[0] : (dot(w, x) - dot(start.w, x)) / Math.sqrt(dot(x, x));
  const marks = flows.flatMap(({ path, sample }) =>
    path.map((point) => [along(point.slice(0, -1), sample), point[point.length - 1]]),
  );
  const [left, right] = widened(marks.map(([w]) => w));
  const [low, high] = widened(marks.map(([, a]) => a));
  const layers: FigureLayer[] = [];
  flows.forEach(({ sample }, i) => {
    const size = Math.sqrt(dot(sample.x, sample.x));
    const x = Array.from({ length: CURVE_POINTS + 1 }, (_, k) => left + ((right - left) * k) / CURVE_POINTS);
    layers.push({
      kind: 'line',
      label: `zero loss ${i + 1}`,
      ink: i,
      dash: true,
      x,
      y: x.map((w) => {
        const a = sample.y / activation.value(plane ? w * sample.x[0] : dot(start.w, sample.x) + w * size);
        return a >= low && a <= high ? a : null;
      }),
    });
  });
  flows.forEach(({ path, sample }, i) => {
    layers.push({
      kind: 'line',
      label: `flow ${i + 1}`,
      ink: i,
      x: path.map((point) => along(point.slice(0, -1), sample)),
      y: path.map((point) => point[point.length - 1]),
    });
  });
  layers.push(
    {
      kind: 'points',
      label: 'start',
      ink: 'foreground',
      symbol: 'square',
      x: [plane ? start.w[0] : 0],
      y: [start.a],
      names: ['θ0'],
    },
    {
      kind: 'points',
      label: 'limits',
      ink: 'accent',
      symbol: 'circle',
      x: flows.map(({ limit, sample }) => along(limit.w, sample)),
      y: flows.map(({ limit }) => limit.a),
      names: flows.map((_, i) => `θ${i + 1}*`),
    },
  );
  return {
    title: 'Gradient flows and zero-loss curves',
    caption: plane
      ? 'From one start each flow (solid) ends on the zero-loss curve (dashed) of its data set. Where limits lie on several curves at once, data sets that both points fit choose differently between them (arXiv 2201.12198).'
      : 'From one start each flow (solid) moves w along its input and ends on the zero-loss curve (dashed) of its data set, drawn along that line (arXiv 2201.12198).',
    x: { title: plane ? 'w' : 'distance of w from the start, along x', scale: 'linear' },
    y: { title: 'a', scale: 'linear' },
    layers,
  };
}

/** The activation that a recipe has made, with where it is prescribed. */
export function activationFigure({ activation, intervals, places }: Recipe): Figure {
  const [left, right] = widened([...intervals.flat(), ...places.map(({ z }) => z)]);
  const at = (from: number, to: number) =>
    Array.from({ length: CURVE_POINTS + 1 }, (_, k) => from + ((to - from) * k) / CURVE_POINTS);
  const line = (from: number, to: number) => ({ x: at(from, to), y: at(from, to).map(activation.value) });
  return {
    title: 'The activation that recipe A makes',
    caption:
      'σ is exponential where the flows take w·x (thick lines), passes through two prescribed values, and is joined twice continuously differentiably (arXiv 2201.12198, Theorem 6.1).',
    x: { title: 'z', scale: 'linear' },
    y: { title: 'σ(z)', scale: 'log' },
    layers: [
      { kind: 'line', label: 'σ', ink: 'muted', ...line(left, right) },
      ...intervals.map(([from, to], i): FigureLayer => ({
        kind: 'line',
        label: `taken by flow ${i + 1}`,
        ink: i,
        ...line(from, to),
      })),
      {
        kind: 'points',
        label: 'prescribed',
        ink: 'accent',
        x: places.map(({ z }) => z),
        y: places.map(({ value }) => value),
        names: ['w2*·x1', 'w1*·x2'],
      },
    ],
  };
}

/** Candidates for G by their values at the two limits: one data set needs them above the diagonal, the other below. */
export function contradictionFigure({ candidates, pair }: OverlapResults): Figure {
  const [first, second] = pair!;
  const rows = candidates.flatMap(({ name, values }) => (values ? [{ name, values }] : []));
  const [low, high] = widened(rows.flatMap(({ values }) => values));
  return {
    title: 'The contradiction',
    caption: `Data set ${first} needs G above the diagonal, data set ${second} below it: whatever G is, it cannot be both.`,
    x: { title: `G(θ${first}*)`, scale: 'linear' },
    y: { title: `G(θ${second}*)`, scale: 'linear' },
    layers: [
      { kind: 'line', label: 'equal', ink: 'muted', dash: true, x: [low, high], y: [low, high] },
      {
        kind: 'points',
        label: 'candidates for G',
        ink: 'primary',
        x: rows.map(({ values }) => values[0]),
        y: rows.map(({ values }) => values[1]),
        names: rows.map(({ name }) => name),
      },
    ],
  };
}

function widened(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = 0.15 * (high - low) || 1;
  return [low - margin, high + margin];
}
