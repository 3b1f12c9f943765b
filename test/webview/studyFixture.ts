import type { EngineEvent } from '../../src/protocol/events';
import type { ResultFigure } from '../../src/protocol/figure';
import type { ResultTable } from '../../src/protocol/table';
import { rankEvents } from './fixture';

/** A run of a kind that this page has never heard of, with a table and a figure of every layer. */

export const TABLE: ResultTable = {
  id: 'types',
  title: 'Branches by type',
  columns: [
    { title: 'Target blocks', kind: 'text' },
    { title: 'Count', kind: 'integer' },
    { title: 'Threshold', kind: 'number' },
    { title: 'Morse–Bott', kind: 'flag' },
  ],
  rows: [
    ['{1, 2}, "merged"', 1_234_567, 0.123456789, true],
    ['{3}', 4, null, false],
  ],
  note: 'Types are ordered by dimension.',
};

const range = (count: number) => Array.from({ length: count }, (_, k) => k);

export const FIGURES: ResultFigure[] = [
  {
    id: 'decay',
    title: 'Decay of the loss near a branch',
    caption: 'A straight line is an algebraic rate; theory says slope −2.',
    x: { title: 'time', scale: 'log' },
    y: { title: 'loss', scale: 'log' },
    layers: [
      {
        kind: 'line',
        label: 'measured',
        ink: 'primary',
        x: range(40).map((k) => 1.5 ** k),
        y: range(40).map((k) => (k === 7 ? null : 1.5 ** (-2 * k))),
      },
      { kind: 'line', label: 'theory', ink: 'accent', dash: true, x: [1, 1e6], y: [2, 2e-12] },
      {
        kind: 'points',
        label: 'samples',
        ink: 2,
        symbol: 'square',
        x: [10, 100, -1],
        y: [1e-3, 1e-5, 1],
        names: ['first', 'second', 'outside'],
      },
      { kind: 'marker', axis: 'x', value: 1e4, label: 'threshold', ink: 'third' },
    ],
  },
  {
    id: 'path',
    title: 'Trajectory in the plane of w and a',
    caption: 'The flow turns around.',
    x: { title: 'w', scale: 'linear' },
    y: { title: 'a', scale: 'linear' },
    layers: [
      {
        kind: 'line',
        label: 'trajectory',
        ink: 0,
        symbol: false,
        x: range(200).map((k) => Math.cos(k / 20)),
        y: range(200).map((k) => Math.sin(k / 20)),
      },
    ],
  },
  {
    id: 'heat',
    title: 'Median test error over width and sample size',
    caption: 'Dark is recovered.',
    x: { title: 'sample size n', scale: 'linear', integer: true },
    y: { title: 'width', scale: 'linear' },
    layers: [
      {
        kind: 'heatMap',
        label: 'median test error',
        scale: 'log',
        x: [1, 2, 3, 4, 5],
        y: [0, 1, 2],
        rowNames: ['m = 2', 'm = 4', 'm = 8'],
        values: [
          [1, 0.5, 0.1, 1e-9, 1e-10],
          [1, 0.7, 0.2, 1e-8, 0],
          [2, null, 0.3, 1e-7, 1e-9],
        ],
      },
      { kind: 'marker', axis: 'x', value: 3.5, label: 'optimistic', ink: 'accent' },
    ],
  },
  {
    id: 'lattice',
    title: 'Lattice of branches',
    caption: 'An edge joins branches that meet.',
    x: { title: 'place', scale: 'linear' },
    y: { title: 'dimension', scale: 'linear', integer: true },
    layers: [
      {
        kind: 'graph',
        nodes: [
          { id: 'a', label: '{1,2}', detail: 'dimension 3, rank 5', x: 0, y: 3, ink: 'primary' },
          { id: 'b', label: '{1},{2}', detail: 'dimension 1', x: -1, y: 1, ink: 'accent' },
          { id: 'c', label: '∅', detail: 'dimension 1', x: 1, y: 1, ink: 4 },
        ],
        edges: [
          ['a', 'b'],
          ['a', 'c'],
        ],
      },
    ],
  },
];

/** The events of the run; `tables` and `figures` come one by one. */
export function studyEvents(): EngineEvent[] {
  const [hello, accepted] = rankEvents();
  if (hello?.type !== 'hello' || accepted?.type !== 'accepted') throw new Error('the fixture has changed');
  const config = { experiment: 'later', title: 'A later kind', description: '', activation: 'tanh', expect: {} };
  const predictions = {
    optimisticSampleSize: null,
    headline: '52 branches, the last separates at n = 16',
    exact: true,
    formula: '',
    source: 'A paper, Theorem 5',
    parameters: null,
  };
  return [
    hello,
    { ...accepted, config: config as never, cells: 0, predictions },
    { type: 'phase', phase: 'measuring' },
    { type: 'table', table: TABLE },
    ...FIGURES.map((figure): EngineEvent => ({ type: 'figure', figure })),
    {
      type: 'verdict',
      verdict: {
        id: 'independent',
        result: 'met',
        value: true,
        expected: true,
        reasons: ['As it is.'],
        at: ['expect', 'independent'],
      },
    },
  ];
}
