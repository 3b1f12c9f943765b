import type { ResolvedHessian } from '../../src/experiment/resolved';
import type {
  AcceptedEvent,
  CellResult,
  EngineEvent,
  RankMeasurement,
  SampleSizeResult,
  SpectrumMeasurement,
  Verdict,
} from '../../src/protocol/events';
import { emptyRecord, applyEvent } from '../../src/protocol/reduce';
import type { RunRecord } from '../../src/protocol/record';

/** Made-up runs that look like real ones: shapes, sizes and orders of magnitude of 4 × 4 matrix completion of a rank-1 target. */

/** Small reproducible generator (mulberry32), so that a test that fails fails again. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface FixtureOptions {
  sizes?: number[];
  trials?: number;
  title?: string;
  fileName?: string;
  hessian?: ResolvedHessian;
}

const MODEL_RANK = 7;
const TOLERANCE = 1e-6;

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, k) => from + k);

export function accepted(options: FixtureOptions = {}): AcceptedEvent {
  const sizes = options.sizes ?? range(1, 16);
  const trials = options.trials ?? 10;
  return {
    type: 'accepted',
    config: {
      experiment: 'recovery',
      title: options.title ?? 'Matrix completion of a rank-1 target',
      description: 'All sample sizes of a 4 × 4 matrix with best-conditioned patterns, from small initialization.',
      model: { kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 },
      target: {
        kind: 'matrix',
        values: [
          [1, 2, 3, 4],
          [2, 4, 6, 8],
          [0.5, 1, 1.5, 2],
          [1, 2, 3, 4],
        ],
      },
      data: { sampleSizes: sizes, inputs: { kind: 'entries', order: 'bestConditioned' }, testSamples: 1000 },
      training: {
        optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
        initialization: { kind: 'normal', scale: 1e-4 },
        stop: { trainLoss: 1e-9, steps: 200_000, gradientNorm: 0 },
        trials,
        seed: 1,
      },
      analysis: {
        rank: true,
        hessian: options.hessian ?? 'full',
        rankTolerance: 1e-9,
        certify: 'auto',
        recoveryTolerance: TOLERANCE,
      },
      expect: {
        modelRank: 7,
        recoveredFrom: 7,
        notRecoveredBelow: 7,
        medianTestError: [
          { sampleSize: 7, below: 1e-8 },
          { sampleSize: 6, above: 0.1 },
        ],
      },
    },
    hash: '3f9ac1d27b6e5840aa91c03d5e8f77b1420c9d6ee1b2a35f8840d7c6b91e2f05',
    seed: 1,
    cells: sizes.length * trials,
    workers: 2,
    predictions: {
      optimisticSampleSize: MODEL_RANK,
      exact: true,
      formula: 'r(d1 + d2 − r) = 1·(4 + 4 − 1) = 7',
      source: 'Linear stability hypothesis and rank stratification (arXiv 2211.11623), Theorem 3',
      parameters: 32,
    },
    runFolder: '/home/ada/experiments/recovery-runs/matrix-completion-3f9ac1d2',
  };
}

export function rankMeasurement(random: () => number, rows: number, columns: number, rank: number): RankMeasurement {
  const count = Math.min(rows, columns);
  const singularValues = range(0, count - 1)
    .map((k) => (k < rank ? 2.6 * 0.72 ** k * (0.9 + 0.2 * random()) : 3e-16 * (0.3 + random())))
    .sort((a, b) => b - a);
  const next = singularValues[rank];
  return {
    rank,
    tolerance: 1e-9,
    gap: rank === 0 || next === undefined ? 1e15 : singularValues[rank - 1]! / Math.max(next, 2e-16),
    conclusive: true,
    singularValues,
    rows,
    columns,
  };
}

export function spectrum(random: () => number, parameters: number, rank: number): SpectrumMeasurement {
  const eigenvalues = range(0, parameters - 1).map((k) => {
    if (k < rank) return 3.1 * 0.6 ** k * (0.8 + 0.4 * random());
    if (k < rank + 3) return -2e-6 * 0.4 ** (k - rank) * (0.5 + random());
    if (k < rank + 8) return 4e-8 * 0.5 ** (k - rank) * (0.5 + random());
    return (random() - 0.5) * 2e-16;
  });
  return { eigenvalues: eigenvalues.sort((a, b) => a - b), residual: 3.4e-15, converged: true };
}

/** A density of 5000 eigenvalues, and two eigenvalues of an earlier step. */
export function largeSpectra(): { density: SpectrumMeasurement; early: SpectrumMeasurement } {
  const eigenvalues = range(0, 200).map((i) => -0.6 + 0.0235 * i);
  const values = eigenvalues.map((x) => 8 * Math.exp(-((x / 0.1) ** 2)) + 0.1 * Math.exp(-((x - 2) ** 2)));
  return {
    density: {
      kind: 'density',
      eigenvalues: [-0.5, -0.4, 3.5, 4],
      residual: 0.025,
      converged: false,
      size: 5000,
      lower: 2,
      residuals: [1e-8, 1e-8, 1e-8, 0.1],
      convergedEach: [true, true, true, false],
      products: 1200,
      density: {
        eigenvalues,
        values,
        standardErrors: values.map((value) => value / 10),
        quadratureErrors: values.map((value) => value / 100),
        width: 0.045,
        probes: 10,
        steps: 80,
      },
      trace: { value: 1200, standardError: 30 },
    },
    early: {
      kind: 'extremal',
      eigenvalues: [-1e-9, 2],
      residual: 1e-8,
      converged: true,
      size: 5000,
      lower: 1,
      residuals: [1e-8, 1e-8],
      convergedEach: [true, true],
      products: 90,
    },
  };
}

/** Every event of a run, in the order in which an engine would send them. */
export function recoveryEvents(options: FixtureOptions = {}): EngineEvent[] {
  const random = generator(7);
  const start = accepted(options);
  const { config } = start;
  if (config.experiment !== 'recovery') throw new Error('not a recovery experiment');
  const { trials } = config.training;
  const events: EngineEvent[] = [
    { type: 'hello', protocol: 1, engine: '0.1.0', pid: 4242 },
    start,
    { type: 'phase', phase: 'preparing' },
    { type: 'rank', name: 'minimal representation', measurement: rankMeasurement(random, 16, 32, MODEL_RANK) },
    { type: 'phase', phase: 'training' },
  ];
  const bySize = new Map<number, CellResult[]>();
  let done = 0;
  for (let trial = 0; trial < trials; trial++) {
    for (const sampleSize of config.data.sampleSizes) {
      const { curve, cell } = training(random, sampleSize, trial, config.analysis.hessian === 'full');
      for (let from = 0; from < curve.steps.length; from += 25) {
        events.push({
          type: 'curve',
          sampleSize,
          trial,
          steps: curve.steps.slice(from, from + 25),
          losses: curve.losses.slice(from, from + 25),
        });
      }
      events.push({ type: 'cell', cell });
      const cells = [...(bySize.get(sampleSize) ?? []), cell];
      bySize.set(sampleSize, cells);
      done++;
      events.push({ type: 'sampleSize', result: aggregate(sampleSize, cells) });
      events.push({
        type: 'progress',
        done,
        total: start.cells,
        steps: done * 21_000,
        elapsedMs: done * 120,
        remainingMs: done < 4 ? null : (start.cells - done) * 120,
      });
    }
  }
  events.push({ type: 'phase', phase: 'judging' });
  const verdicts = judge();
  for (const verdict of verdicts) events.push({ type: 'verdict', verdict });
  const modelRank = rankMeasurement(generator(7), 16, 32, MODEL_RANK);
  events.push({
    type: 'finished',
    exitCode: 1,
    elapsedMs: start.cells * 120,
    report: '/home/ada/experiments/recovery-runs/matrix-completion-3f9ac1d2/report.html',
    summary: {
      experiment: 'recovery',
      title: config.title,
      hash: start.hash,
      engine: '0.1.0',
      predictions: start.predictions,
      results: {
        modelRank: MODEL_RANK,
        modelRankMeasurement: modelRank,
        sampleSizes: [...bySize].map(([size, cells]) => aggregate(size, cells)),
        recoveredFrom: 7,
        linearlyStableFrom: 7,
      },
      verdicts,
    },
  });
  return events;
}

export function recordOf(events: readonly EngineEvent[], id = 'run-1', fileName = 'matrix-completion.recovery.json'): RunRecord {
  const record = emptyRecord({ id, fileName, startedAt: Date.UTC(2026, 2, 1, 14, 5, 9) });
  for (const event of events) applyEvent(record, structuredClone(event));
  return record;
}

/** A rank experiment with two points and empirical ranks. */
export function rankEvents(): EngineEvent[] {
  const random = generator(11);
  const sizes = range(1, 24);
  const start = accepted();
  const config: AcceptedEvent['config'] = {
    experiment: 'rank',
    title: 'Rank of a two-layer tanh network at three-neuron targets',
    description: '',
    model: { kind: 'twoLayer', activation: 'tanh', inputs: 4, width: 8, hiddenBias: true, outputBias: false },
    target: { kind: 'teacher', width: 3, seed: 5 },
    points: [{ kind: 'null' }, { kind: 'splitting' }],
    data: { sampleSizes: sizes, inputs: { kind: 'normal' } },
    analysis: { rankTolerance: 1e-9, certify: 'auto' },
    expect: { modelRank: 18 },
  };
  const minimal = rankMeasurement(random, 192, 48, 18);
  const points = ['null 1', 'splitting 2'].map((name) => ({ name, measurement: rankMeasurement(random, 192, 48, 18) }));
  const empirical = sizes.map((n) => ({ n, measurement: rankMeasurement(random, n, 48, Math.min(n, 18)) }));
  const verdict: Verdict = {
    id: 'modelRank',
    result: 'met',
    value: 18,
    expected: 18,
    reasons: [
      'The tangent matrix at the minimal representation has rank 18 (with tolerance 1e-9 and a gap of 2.1e12); expected was 18.',
    ],
    at: ['expect', 'modelRank'],
  };
  const predictions = {
    optimisticSampleSize: 18,
    exact: true,
    formula: 'k(d + 2) = 3·(4 + 2) = 18',
    source: 'Optimistic estimate (arXiv 2307.08921), Theorem 5',
    parameters: 48,
  };
  return [
    { type: 'hello', protocol: 1, engine: '0.1.0', pid: 4242 },
    { ...start, config, cells: 27, predictions },
    { type: 'phase', phase: 'measuring' },
    { type: 'rank', name: 'minimal representation', measurement: minimal },
    ...points.map((point): EngineEvent => ({ type: 'rank', ...point })),
    ...empirical.map(({ n, measurement }): EngineEvent => ({ type: 'rank', name: `n = ${n}`, measurement })),
    { type: 'verdict', verdict },
    {
      type: 'finished',
      exitCode: 0,
      elapsedMs: 812,
      report: null,
      summary: {
        experiment: 'rank',
        title: config.title,
        hash: start.hash,
        engine: '0.1.0',
        predictions,
        verdicts: [verdict],
        results: {
          modelRank: 18,
          table: [],
          tolerance: 1e-9,
          gap: minimal.gap,
          conclusive: true,
          singularValues: minimal.singularValues,
          points: points.map(({ name, measurement: { rank, tolerance, gap, conclusive, singularValues } }) => ({
            name,
            modelRank: rank,
            tolerance,
            gap,
            conclusive,
            singularValues,
            empiricalRank: 18,
          })),
          sampleSizes: empirical.map(({ n, measurement: { rank, gap, conclusive } }) => ({
            sampleSize: n,
            empiricalRank: rank,
            gap,
            conclusive,
            linearlyStable: rank === 18,
          })),
          linearlyStableFrom: 18,
        },
      },
    },
  ];
}

/** One training: a plateau, the descent of a saddle-to-saddle curve, and where it ends. */
function training(
  random: () => number,
  sampleSize: number,
  trial: number,
  withHessian: boolean,
): { curve: { steps: number[]; losses: number[] }; cell: CellResult } {
  const diverged = sampleSize === 3 && trial === 4;
  const rate = 0.0011 * (0.7 + 0.6 * random());
  const plateau = 250 * (0.6 + random()) + 40 * sampleSize;
  const steps: number[] = [];
  const losses: number[] = [];
  let step = 0;
  for (;;) {
    const loss = diverged
      ? 4 * 1.02 ** (step / 4)
      : 7.5 / (1 + Math.exp(Math.min(700, (step - plateau) / 45))) + 0.35 * Math.exp(-rate * Math.max(0, step - plateau * 0.5));
    steps.push(step);
    losses.push(loss * (1 + 0.002 * (random() - 0.5)));
    if (loss < 1e-9 || (diverged && loss > 1e6) || step > 190_000) break;
    step = step < 10 ? step + 1 : Math.ceil(step * 1.045);
  }
  const recovered = !diverged && sampleSize >= MODEL_RANK;
  const testError = diverged
    ? null
    : recovered
      ? 10 ** (-8.6 + 0.9 * random() - 0.03 * sampleSize)
      : 10 ** (0.9 - 0.16 * sampleSize + 0.6 * (random() - 0.5));
  const empirical = Math.min(sampleSize, MODEL_RANK);
  const cell: CellResult = {
    sampleSize,
    trial,
    trainLoss: diverged ? null : losses.at(-1)!,
    testError,
    steps: steps.at(-1)!,
    stopReason: diverged ? 'diverged' : 'trainLoss',
    recovered,
    gradientNorm: diverged ? null : 4e-6,
    empiricalRank: rankMeasurement(random, sampleSize, 32, empirical),
    linearlyStable: empirical === MODEL_RANK,
    ...(diverged ? {} : { solutionRank: rankMeasurement(random, 16, 32, recovered ? MODEL_RANK : 12) }),
    ...(withHessian && !diverged ? { hessian: spectrum(random, 32, empirical) } : {}),
  };
  return { curve: { steps, losses }, cell };
}

function aggregate(sampleSize: number, cells: CellResult[]): SampleSizeResult {
  const errors = cells.flatMap((cell) => (cell.testError === null ? [] : [cell.testError])).sort((a, b) => a - b);
  const at = (fraction: number) => errors[Math.round(fraction * (errors.length - 1))] ?? null;
  const median = at(0.5);
  const low = at(0.1);
  const high = at(0.9);
  return {
    sampleSize,
    trials: cells.length,
    medianTestError: median,
    medianTrainLoss: 9e-10,
    recoveredFraction: cells.filter((cell) => cell.recovered).length / cells.length,
    empiricalRank: Math.min(sampleSize, MODEL_RANK),
    linearlyStable: sampleSize >= MODEL_RANK,
    state: median === null ? 'undecided' : median < TOLERANCE ? 'recovered' : 'notRecovered',
    divergedTrials: cells.filter((cell) => cell.stopReason === 'diverged').length,
    testErrorQuantiles: low === null || high === null ? null : [low, high],
  };
}

function judge(): Verdict[] {
  return [
    {
      id: 'modelRank',
      result: 'met',
      value: 7,
      expected: 7,
      reasons: [
        'The tangent matrix at the minimal representation has rank 7 (with tolerance 1e-9 and a gap of 9.1e14); expected was 7.',
      ],
      at: ['expect', 'modelRank'],
    },
    {
      id: 'recoveredFrom',
      result: 'met',
      value: 7,
      expected: 7,
      reasons: ['The median test error is below 1e-6 at n = 7 to 16 and not at n = 6.'],
      at: ['expect', 'recoveredFrom'],
    },
    {
      id: 'notRecoveredBelow',
      result: 'met',
      value: 7,
      expected: 7,
      reasons: ['No sample size below 7 has a median test error below 1e-6.'],
      at: ['expect', 'notRecoveredBelow'],
    },
    {
      id: 'medianTestError[0]',
      result: 'failed',
      value: 2.3e-9,
      expected: 'below 1e-9 at n = 7',
      reasons: ['The median test error at n = 7 is 2.3e-9 over 10 trainings; expected was below 1e-9.'],
      at: ['expect', 'medianTestError', 0],
    },
    {
      id: 'medianTestError[1]',
      result: 'inconclusive',
      value: 0.87,
      expected: 'above 0.1 at n = 6',
      reasons: ['Most trainings ended before the stop loss was reached, so the median may still fall with more steps.'],
      at: ['expect', 'medianTestError', 1],
    },
  ];
}
