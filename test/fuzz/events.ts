import type { FuzzRandom } from './random';

const numbers = (random: FuzzRandom, length: number) => Array.from({ length }, () => random.below(1000) / 7);
const cell = (random: FuzzRandom) => ({ sampleSize: random.below(20), trial: random.below(30) });
const prediction = { optimisticSampleSize: 7, exact: true, formula: 'r', source: 's', parameters: 32 };

const spectrum = (random: FuzzRandom) => ({
  kind: random.pick(['full', 'extremal', 'density']),
  eigenvalues: numbers(random, random.below(40)),
  residual: 1e-12,
  converged: true,
});

/** One event of each kind as the engine says them, with numbers that vary: what fuzzers damage and long runs repeat. */
export const EVENT_MAKERS: Readonly<Record<string, (random: FuzzRandom) => Record<string, unknown>>> = {
  hello: () => ({ type: 'hello', protocol: 1, engine: '1.0.0', pid: 1 }),
  accepted: () => ({
    type: 'accepted',
    config: { experiment: 'recovery', model: { kind: 'matrixFactorization' }, data: { sampleSizes: [1, 2] } },
    hash: 'abc',
    seed: 1,
    cells: 800,
    workers: 2,
    predictions: prediction,
    runFolder: null,
  }),
  phase: (random) => ({ type: 'phase', phase: random.pick(['preparing', 'training', 'measuring', 'judging', 'writing']) }),
  progress: (random) => ({
    type: 'progress',
    done: random.below(800),
    total: 800,
    steps: random.below(1e9),
    elapsedMs: 5,
    remainingMs: null,
  }),
  curve: (random) => {
    const length = random.below(30);
    return {
      type: 'curve',
      ...cell(random),
      steps: numbers(random, length)
        .map(Math.floor)
        .sort((a, b) => a - b),
      losses: numbers(random, length),
    };
  },
  rank: (random) => ({
    type: 'rank',
    name: random.pick(['model', 'point 1', 'n = 3']),
    measurement: {
      rank: 7,
      tolerance: 1e-9,
      gap: 1e8,
      conclusive: true,
      singularValues: numbers(random, 8),
      rows: 16,
      columns: 32,
    },
  }),
  spectrum: (random) => ({
    type: 'spectrum',
    ...cell(random),
    measurement: spectrum(random),
    ...(random.chance(0.5) ? { step: random.below(1e6) } : {}),
  }),
  cell: (random) => ({
    type: 'cell',
    cell: {
      ...cell(random),
      trainLoss: random.chance(0.1) ? null : random.below(100) / 1e9,
      testError: random.below(100) / 1e3,
      steps: random.below(1e6),
      stopReason: 'trainLoss',
      recovered: random.chance(0.5),
      gradientNorm: null,
      hessian: spectrum(random),
    },
  }),
  sampleSize: (random) => ({
    type: 'sampleSize',
    result: { sampleSize: random.below(20), trials: 3, medianTestError: null, recoveredFraction: 0.5 },
  }),
  table: (random) => ({
    type: 'table',
    table: { id: random.pick(['a', 'b']), title: 't', columns: [{ title: 'n', kind: 'integer' }], rows: [[1]] },
  }),
  figure: (random) => ({
    type: 'figure',
    figure: {
      id: random.pick(['a', 'b']),
      title: 't',
      caption: 'c',
      x: { title: 'x' },
      y: { title: 'y' },
      layers: [{ kind: 'points', points: [] }],
    },
  }),
  verdict: (random) => ({
    type: 'verdict',
    verdict: {
      id: random.pick(['modelRank', 'recoveredFrom']),
      result: 'met',
      value: 7,
      expected: 7,
      reasons: [],
      at: ['expect'],
    },
  }),
  finished: () => ({
    type: 'finished',
    exitCode: 0,
    elapsedMs: 5,
    summary: { experiment: 'recovery', results: {}, verdicts: [] },
    report: null,
  }),
  failed: () => ({ type: 'failed', code: 'internal', message: 'm', exitCode: 3 }),
};

export function someEvent(random: FuzzRandom): Record<string, unknown> {
  return random.pick(Object.values(EVENT_MAKERS))(random);
}
