import type { FigureGraph, FigureInk, FigureLayer, FigurePoints, ResultFigure } from '../../../protocol/figure';
import type { BranchResult, GeometryResults, ImbalanceFlow } from '../../../protocol/results/geometry';
import type { DecayOutput } from './jobs';

type Content = Omit<ResultFigure, 'id'>;

/** With more types than this those that separate alike are drawn as one. */
const MOST_ROWS = 30;
/** More curves than this are not told apart. */
const MOST_CURVES = 8;

const PAPER = '"Geometry and local recovery of global minima" (arXiv 2309.00508)';
const ink = ({ morseBott }: BranchResult): FigureInk => (morseBott ? 'primary' : 'accent');

/** Types of branches by rank and threshold, joined where their closures meet; of many types those that agree in both are one node. */
export function latticeFigure({ branches, lattice }: GeometryResults): Content {
  const together = branches.length > MOST_ROWS;
  const groups = new Map<string, number[]>();
  branches.forEach(({ rank, threshold }, at) => {
    const key = `${rank} ${threshold}`;
    groups.set(key, [...(groups.get(key) ?? []), at]);
  });
  const nodes = [...groups.values()].flatMap((members) =>
    together ? [nodeOf(branches, members, 0)] : members.map((at, i) => nodeOf(branches, [at], i - (members.length - 1) / 2)),
  );
  const nodeAt = new Map(
    [...groups.values()].flatMap((members) => members.map((at) => [at, String(together ? members[0]! : at)])),
  );
  const edges = new Map<string, [string, string]>();
  for (const { from, to } of lattice) edges.set(`${nodeAt.get(from)} ${nodeAt.get(to)}`, [nodeAt.get(from)!, nodeAt.get(to)!]);
  return {
    title: 'Lattice of branches',
    caption: `Types of branches by the rank on them and the sample size that separates them; lines join types whose closures meet where two blocks merge. Blue: Morse–Bott once separated. ${PAPER}.`,
    x: { title: 'rank', scale: 'linear', integer: true },
    y: { title: 'separated from n', scale: 'linear', integer: true },
    layers: [{ kind: 'graph', nodes, edges: [...edges.values()] }],
  };
}

/** Types that share a place, drawn as one. */
function nodeOf(branches: readonly BranchResult[], members: readonly number[], place: number): FigureGraph['nodes'][number] {
  const branch = branches[members[0]!]!;
  const others = members.length > 1 ? ` and ${members.length - 1} more types` : '';
  return {
    id: String(members[0]!),
    label: members.length > 1 ? `${members.length}` : branch.name,
    detail: `${branch.name}${others}: dimension ${branch.dimension}, rank ${branch.rank}, separated from n = ${branch.threshold}${branch.morseBott ? ', Morse–Bott' : ''}`,
    x: branch.rank + 0.3 * place,
    y: branch.threshold,
    ink: ink(branch),
  };
}

/** A row of the axis: types with the same rank and the same threshold. */
interface AxisRow {
  name: string;
  rank: number;
  threshold: number;
  measured: number | null;
}

/** Types one by one, or of many types those that separate alike together. */
function axisRows(branches: readonly BranchResult[]): AxisRow[] {
  const rows = new Map<string, AxisRow & { types: number }>();
  branches.forEach(({ name, rank, threshold, separatedFrom }, at) => {
    const key = branches.length > MOST_ROWS ? `${rank} ${threshold}` : String(at);
    const row = rows.get(key);
    if (row) row.types += 1;
    else rows.set(key, { name, rank, threshold, measured: separatedFrom ?? null, types: 1 });
  });
  return [...rows.values()]
    .map(({ types, ...row }) => (types === 1 ? row : { ...row, name: `${row.name} and ${types - 1} more`, measured: null }))
    .sort((a, b) => a.threshold - b.threshold || b.rank - a.rank);
}

/** Whether names fit beside an axis. */
const isShort = (names: readonly string[]) => names.length <= 12 && names.every(({ length }) => length <= 24);
const named = (names: readonly string[]) => names.map((name, i) => ({ value: i + 1, name }));

/** The axis of sample sizes on which branches separate one after another. */
export function axisFigure({ branches, thresholds }: GeometryResults): Content {
  const rows = axisRows(branches);
  const y = rows.map((_, i) => i + 1);
  const names = rows.map(({ name }) => name);
  const measured = rows.flatMap(({ measured: x, name }, i) => (x === null ? [] : [{ x, y: i + 1, name }]));
  const points = (label: string, value: (row: AxisRow) => number, style: Pick<FigurePoints, 'ink' | 'symbol'>): FigureLayer => ({
    kind: 'points',
    label,
    ...style,
    x: rows.map(value),
    y,
    names,
  });
  return {
    title: 'When branches separate',
    caption: `Each row is a type of branch, from its rank (other zeros of the loss touch it) to its codimension (it is separated from them). Fully condensed branches are the last. ${PAPER}, Table 2.`,
    x: { title: 'sample size n', scale: 'linear', integer: true },
    y: { title: 'type of branch', scale: 'linear', integer: true, ...(isShort(names) ? { names: named(names) } : {}) },
    layers: [
      {
        kind: 'line',
        label: 'degenerate: GE ~ ε²',
        ink: 'muted',
        x: rows.flatMap(({ rank, threshold }) => [rank, threshold, threshold]),
        y: rows.flatMap((_, i) => [i + 1, i + 1, null]),
      },
      points('rank', ({ rank }) => rank, { ink: 'muted', symbol: 'hollow' }),
      points('separated, theory', ({ threshold }) => threshold, {
        ink: 'primary',
        symbol: measured.length > 0 ? 'ring' : 'circle',
      }),
      ...(measured.length > 0
        ? [
            {
              kind: 'points' as const,
              label: 'separated, measured',
              ink: 'accent' as const,
              x: measured.map(({ x }) => x),
              y: measured.map((each) => each.y),
              names: measured.map(({ name }) => name),
            },
          ]
        : []),
      { kind: 'marker', axis: 'x', value: thresholds.optimistic, label: 'optimistic sample size', ink: 'muted' },
      { kind: 'marker', axis: 'x', value: thresholds.everything, label: 'every zero is the target', ink: 'muted' },
    ],
  };
}

/** Generalisation error against ε at one sample size of every regime of a branch. */
export function epsilonFigure({ separation }: GeometryResults): Content {
  const curves = new Map<string, (typeof separation)[number]>();
  for (const test of separation) curves.set(`${test.branch}, ${test.predicted}`, test);
  const layers = [...curves.values()].slice(0, 3 * MOST_CURVES).map((test, i): FigureLayer => {
    const shown = test.epsilons.filter(({ median }) => median !== null && median > 0);
    return {
      kind: 'line',
      label: `${test.branch}, n = ${test.sampleSize}`,
      ink: i,
      dash: test.predicted === 'separated',
      symbol: true,
      x: shown.map(({ epsilon }) => epsilon),
      y: shown.map(({ median }) => median),
    };
  });
  return {
    title: 'Generalisation error near branches',
    caption: `Median error of the zero of the loss next to a point at distance ε: slope 1 below the rank, 2 below the codimension, rounding from there on (dashed). ${PAPER}.`,
    x: { title: 'ε', scale: 'log' },
    y: { title: 'generalisation error', scale: 'log' },
    layers,
  };
}

/** Generalisation error against sample size, a curve for each branch, at the largest ε. */
export function separationFigure({ separation, branches }: GeometryResults): Content {
  const layers = branches.slice(0, MOST_CURVES).map((branch, i): FigureLayer => {
    const own = separation.filter((test) => test.branch === branch.name);
    return {
      kind: 'line',
      label: `${branch.name}, codimension ${branch.codimension}`,
      ink: i,
      symbol: true,
      x: own.map(({ sampleSize }) => sampleSize),
      y: own.map(({ epsilons }) => epsilons[0]!.median || null),
    };
  });
  return {
    title: 'Separation by sample size',
    caption: `Median generalisation error after fitting from near each branch, at ε = ${separation[0]?.epsilons[0]?.epsilon ?? ''}: it falls to rounding at the codimension. ${PAPER}.`,
    x: { title: 'sample size n', scale: 'linear', integer: true },
    y: { title: 'generalisation error', scale: 'log' },
    layers,
  };
}

/** Loss against time of the first flow near each branch. */
export function decayFigure(flows: readonly DecayOutput[]): Content {
  const first = flows.filter(({ result }) => result.trial === 0).slice(0, MOST_CURVES);
  return {
    title: 'Decay of the loss near branches',
    caption: `Gradient flow from near each branch: linear convergence falls ever steeper in this picture, algebraic convergence is a straight line of slope −2. ${PAPER}, Thm 5.3.`,
    x: { title: 'flow time', scale: 'log' },
    y: { title: 'loss', scale: 'log' },
    layers: first.map((flow, i) => ({
      kind: 'line',
      label: `${flow.result.branch}, n = ${flow.result.sampleSize}`,
      ink: i,
      x: flow.times,
      y: flow.losses.map((loss) => (loss > 0 ? loss : null)),
    })),
  };
}

/** Fraction of sample sets against sample size, a curve for each point. */
export function fractionFigure({ points }: GeometryResults): Content {
  return {
    title: 'Fraction of sample sets that separate a point',
    caption: `For each given point: how many sample sets leave no other zero of the loss near by. Where all output weights of a block have one sign, fewer samples than the codimension can do. ${PAPER}.`,
    x: { title: 'sample size n', scale: 'linear', integer: true },
    y: { title: 'fraction', scale: 'linear' },
    layers: points.slice(0, MOST_CURVES).map((point, i) => ({
      kind: 'line',
      label: point.codimension === null ? point.name : `${point.name}, codimension ${point.codimension}`,
      ink: i,
      symbol: true,
      x: point.fractions.map(({ sampleSize }) => sampleSize),
      y: point.fractions.map(({ separated }) => separated),
    })),
  };
}

const COMPANION = '"Disentangle sample size and initialization effect" (arXiv 2405.13787)';

/** Generalisation error by ratio, a row for each data set of each sample size. */
export function ratioFigure(flows: readonly ImbalanceFlow[]): Content {
  const x = [...new Set(flows.map(({ ratio }) => rounded(ratio ?? 0)))].sort((a, b) => a - b);
  const rows = new Map<string, Map<number, number>>();
  for (const { sampleSize, dataSet, scale, ratio, generalizationError } of flows) {
    const name = `n = ${sampleSize}, data ${dataSet + 1}${new Set(flows.map((flow) => flow.scale)).size > 1 ? `, ${scale}` : ''}`;
    const row = rows.get(name) ?? new Map<number, number>();
    row.set(rounded(ratio ?? 0), generalizationError);
    rows.set(name, row);
  }
  return {
    title: 'Recovery by imbalance ratio',
    caption: `Mean squared generalisation error of the flow from a small start with growth coefficients in the ratio c. ${COMPANION}, Figs. 4 and 8 to 10.`,
    x: { title: 'initial imbalance ratio c', scale: 'linear' },
    y: { title: 'data set', scale: 'linear', integer: true },
    layers: [
      {
        kind: 'heatMap',
        label: 'generalisation error',
        scale: 'log',
        x,
        y: [...rows.keys()].map((_, i) => i + 1),
        rowNames: [...rows.keys()],
        values: [...rows.values()].map((row) => x.map((value) => row.get(value) ?? null)),
      },
    ],
  };
}

/** Ratios come from the start in floating point. */
function rounded(ratio: number): number {
  return Number(ratio.toPrecision(9));
}

/** Generalisation error against the size of the start, a curve for each sample size. */
export function scaleFigure({ imbalance }: GeometryResults): Content {
  return {
    title: 'Generalisation error by size of the start',
    caption: `Median mean squared error of flows from random starts of each size. ${COMPANION}, Fig. 1.`,
    x: { title: 'size of the start', scale: 'log' },
    y: { title: 'generalisation error', scale: 'log' },
    layers: imbalance.slice(0, MOST_CURVES).map(({ sampleSize, scales }, i) => ({
      kind: 'line',
      label: `n = ${sampleSize}`,
      ink: i,
      symbol: true,
      x: scales.map(({ scale }) => scale),
      y: scales.map(({ medianError }) => medianError || null),
    })),
  };
}

/** Where random starts end, by their ratio: the larger output weight's share tells condensed ends from others. */
export function endFigure(flows: readonly ImbalanceFlow[]): Content {
  const ends = [...new Set(flows.map(({ branch }) => branch ?? 'no branch'))];
  return {
    title: 'Branch at the end by imbalance ratio',
    caption: `Branch that each flow from a small random start ends on, by its ratio |c| of growth coefficients, taken ≤ 1. ${COMPANION}, Fig. 3.`,
    x: { title: 'min(|c|, 1/|c|)', scale: 'linear' },
    y: { title: 'generalisation error', scale: 'log' },
    layers: ends.map((end, i) => {
      const own = flows.filter(({ branch, ratio }) => (branch ?? 'no branch') === end && ratio !== null);
      return {
        kind: 'points',
        label: end,
        ink: i,
        x: own.map(({ ratio }) => Math.min(Math.abs(ratio!), 1 / Math.abs(ratio!))),
        y: own.map(({ generalizationError }) => Math.max(generalizationError, 1e-32)),
      };
    }),
  };
}
