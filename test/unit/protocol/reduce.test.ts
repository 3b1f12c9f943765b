import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import {
  CELL_COUNT,
  CELLS_PER_SIZE,
  CURVE_COUNT,
  CURVE_POINTS,
  SPECTRUM_COUNT,
  applyEvent,
  cellId,
  countCellsLeftOut,
  emptyRecord,
  type EngineEvent,
  type RankMeasurement,
  type RunRecord,
  type SampleSizeResult,
  type SpectrumMeasurement,
} from '../../../src/protocol';

const fresh = (): RunRecord => emptyRecord({ id: 'r1', fileName: 'a.recovery.json', startedAt: 5 });
const fold = (...events: EngineEvent[]): RunRecord => {
  const record = fresh();
  for (const event of events) applyEvent(record, event);
  return record;
};

const { resolved } = parseExperiment(
  '{ "experiment": "recovery", "model": { "kind": "matrixFactorization", "rows": 2, "columns": 2 }, "target": { "kind": "lowRank", "rank": 1 }, "data": { "sampleSizes": 3 } }',
);
if (!resolved) throw new Error('the experiment of this test is wrong');
const accepted: EngineEvent = {
  type: 'accepted',
  config: resolved,
  hash: 'h',
  seed: 1,
  cells: 10,
  workers: 2,
  predictions: { optimisticSampleSize: 3, exact: true, formula: '3', source: 's', parameters: 8 },
  runFolder: null,
};
const measurement = (rank: number): RankMeasurement => ({
  rank,
  tolerance: 1e-9,
  gap: 1e5,
  conclusive: true,
  singularValues: [1],
  rows: 1,
  columns: 1,
});
const sizeResult = (recoveredFraction: number): SampleSizeResult => ({
  sampleSize: 3,
  trials: 10,
  medianTestError: 1,
  medianTrainLoss: 1,
  recoveredFraction,
  empiricalRank: null,
  linearlyStable: null,
  state: 'notRecovered',
  divergedTrials: 0,
  testErrorQuantiles: null,
});
const cell = (testError: number): EngineEvent => ({
  type: 'cell',
  cell: { sampleSize: 3, trial: 1, trainLoss: 0, testError, steps: 9, stopReason: 'trainLoss', recovered: true, gradientNorm: 0 },
});

describe('applyEvent', () => {
  it('goes from waiting to running to its end', () => {
    expect(fresh().state).toBe('waiting');
    expect(fold({ type: 'hello', protocol: 1, engine: '0.1.0', pid: 3 })).toMatchObject({ state: 'waiting', engine: '0.1.0' });
    const running = fold(accepted, { type: 'phase', phase: 'training' });
    expect(running).toMatchObject({ state: 'running', phase: 'training', accepted: { hash: 'h', cells: 10 } });
    expect(running.accepted).not.toHaveProperty('type');
    const summary = {
      experiment: 'recovery' as const,
      title: '',
      hash: 'h',
      engine: 'e',
      predictions: accepted.predictions,
      results: { modelRank: 3, modelRankMeasurement: null, sampleSizes: [], recoveredFrom: null, linearlyStableFrom: null },
      verdicts: [],
    };
    expect(fold(accepted, { type: 'finished', exitCode: 0, elapsedMs: 1, summary, report: null }).state).toBe('finished');
    expect(fold(accepted, { type: 'failed', code: 'cancelled', message: 'Stopped.', exitCode: 130 }).state).toBe('cancelled');
    expect(fold({ type: 'failed', code: 'invalid-experiment', message: 'No.', exitCode: 2 })).toMatchObject({
      state: 'failed',
      failed: { exitCode: 2 },
    });
  });

  it('leaves a run that is being stopped in that state until its end', () => {
    const record = fresh();
    record.state = 'stopping';
    applyEvent(record, accepted);
    applyEvent(record, { type: 'phase', phase: 'training' });
    expect(record.state).toBe('stopping');
  });

  it('replaces what has a key', () => {
    const record = fold(
      cell(1),
      cell(2),
      { type: 'sampleSize', result: sizeResult(0) },
      { type: 'sampleSize', result: sizeResult(0.5) },
      { type: 'rank', name: 'target', measurement: measurement(2) },
      { type: 'rank', name: 'p', measurement: measurement(1) },
      { type: 'rank', name: 'target', measurement: measurement(3) },
      {
        type: 'verdict',
        verdict: { id: 'modelRank', result: 'failed', value: 2, expected: 3, reasons: [], at: ['expect', 'modelRank'] },
      },
      {
        type: 'verdict',
        verdict: { id: 'modelRank', result: 'met', value: 3, expected: 3, reasons: [], at: ['expect', 'modelRank'] },
      },
      { type: 'spectrum', sampleSize: 3, trial: 1, measurement: { eigenvalues: [0, 1], residual: 1e-16, converged: true } },
    );
    expect(record.cells['3/1'].testError).toBe(2);
    expect(record.sampleSizes['3'].recoveredFraction).toBe(0.5);
    expect(record.ranks.map(({ name, measurement: { rank } }) => [name, rank])).toEqual([
      ['target', 3],
      ['p', 1],
    ]);
    expect(record.verdicts.map(({ result }) => result)).toEqual(['met']);
    expect(record.spectra[cellId({ sampleSize: 3, trial: 1 })].eigenvalues).toEqual([0, 1]);
  });

  it('ignores an event that it does not know', () => {
    const record = fresh();
    applyEvent(record, { type: 'later' } as unknown as EngineEvent);
    expect(record).toEqual(fresh());
  });

  it('folds a stream in two halves, through JSON, to the same record as in one', () => {
    const curve = (from: number, count: number): EngineEvent => ({
      type: 'curve',
      sampleSize: 3,
      trial: from % 3,
      steps: Array.from({ length: count }, (_, i) => from * 10_000 + i),
      losses: Array.from({ length: count }, (_, i) => i),
    });
    fc.assert(
      fc.property(fc.array(fc.nat(5)), fc.nat(20), (sizes, cut) => {
        const events = [accepted, ...sizes.map((count, i) => curve(i, count)), cell(1)];
        let record = fold(...events.slice(0, cut));
        record = JSON.parse(JSON.stringify(record)) as RunRecord;
        for (const event of events.slice(cut)) applyEvent(record, event);
        expect(record).toEqual(fold(...events));
      }),
    );
  });
});

describe('loss curves', () => {
  const points = (steps: number[]): EngineEvent => ({
    type: 'curve',
    sampleSize: 2,
    trial: 0,
    steps,
    losses: steps.map((step) => 1 / (step + 1)),
  });

  it('are appended in order', () => {
    const record = fold(points([0, 1, 2]), points([4, 8]));
    expect(record.curves['2/0']).toEqual({
      sampleSize: 2,
      trial: 0,
      steps: [0, 1, 2, 4, 8],
      losses: [1, 1 / 2, 1 / 3, 1 / 5, 1 / 9],
    });
  });

  it('stay bounded, keep their ends, and leave no gap on a logarithmic axis', () => {
    const record = fresh();
    const total = 100_000;
    for (let from = 0; from < total; from += 500) applyEvent(record, points(Array.from({ length: 500 }, (_, i) => from + i)));
    const { steps, losses } = record.curves['2/0'];
    expect(steps.length).toBeLessThanOrEqual(CURVE_POINTS);
    expect(steps.length).toBeGreaterThan(200);
    expect([steps[0], steps.at(-1)]).toEqual([0, total - 1]);
    expect(losses).toEqual(steps.map((step) => 1 / (step + 1)));
    for (let i = 1; i < steps.length; i++) {
      expect(steps[i]).toBeGreaterThan(steps[i - 1]);
      expect(Math.log1p(steps[i]) - Math.log1p(steps[i - 1])).toBeLessThan(0.7);
    }
  });

  it('keep the times of a gradient flow beside their steps, thinned alike', () => {
    const timed = (steps: number[]): EngineEvent => ({
      type: 'curve',
      sampleSize: 2,
      trial: 0,
      steps,
      losses: steps.map(() => 1),
      times: steps.map((step) => step / 4),
    });
    const record = fresh();
    for (let from = 0; from < 10_000; from += 500) applyEvent(record, timed(Array.from({ length: 500 }, (_, i) => from + i)));
    const { steps, times } = record.curves['2/0'];
    expect(steps.length).toBeLessThanOrEqual(CURVE_POINTS);
    expect(times).toEqual(steps.map((step) => step / 4));
    expect(fold(points([0, 1])).curves['2/0']).not.toHaveProperty('times');
  });

  it('do not alias the event', () => {
    const event = points([0, 1]);
    const record = fold(event, points([2]));
    expect(event).toMatchObject({ steps: [0, 1] });
    expect(record.curves['2/0'].steps).toHaveLength(3);
  });

  it('are kept for a bounded number of cells', () => {
    const record = fresh();
    for (let trial = 0; trial < CURVE_COUNT + 10; trial++)
      applyEvent(record, { type: 'curve', sampleSize: 1, trial, steps: [0], losses: [1] });
    applyEvent(record, { type: 'curve', sampleSize: 1, trial: 0, steps: [1], losses: [1] });
    expect(Object.keys(record.curves)).toHaveLength(CURVE_COUNT);
    expect(record.curves['1/0'].steps).toEqual([0, 1]);
  });
});

describe('cells', () => {
  const cell = (sampleSize: number, trial: number, steps = 1): EngineEvent => ({
    type: 'cell',
    cell: {
      sampleSize,
      trial,
      steps,
      trainLoss: 1e-9,
      testError: 1e-8,
      stopReason: 'trainLoss',
      recovered: true,
      gradientNorm: 1e-5,
    },
  });

  it('are kept for a bounded number of each sample size, and the others counted', () => {
    const record = fresh();
    for (let trial = 0; trial < 50_000; trial++) for (const size of [3, 8]) applyEvent(record, cell(size, trial));
    expect(Object.keys(record.cells)).toHaveLength(2 * CELLS_PER_SIZE);
    expect(record.cellsLeftOut).toEqual({ 3: 50_000 - CELLS_PER_SIZE, 8: 50_000 - CELLS_PER_SIZE });
    expect(countCellsLeftOut(record)).toBe(100_000 - 2 * CELLS_PER_SIZE);
    expect(JSON.stringify(record).length).toBeLessThan(1e6);
    applyEvent(record, cell(3, 0, 77));
    expect(record.cells['3/0'].steps).toBe(77);
    expect(countCellsLeftOut(record)).toBe(100_000 - 2 * CELLS_PER_SIZE);
  });

  it('are kept for a bounded number of the whole run', () => {
    const record = fresh();
    for (let trial = 0; trial < 100; trial++) for (let size = 1; size <= 1000; size++) applyEvent(record, cell(size, trial));
    expect(Object.keys(record.cells)).toHaveLength(CELL_COUNT);
    expect(countCellsLeftOut(record)).toBe(100_000 - CELL_COUNT);
    expect(JSON.stringify(record).length).toBeLessThan(5e6);
  });

  it('go on being counted in a copy of the record', () => {
    const record = fresh();
    for (let trial = 0; trial < CELLS_PER_SIZE; trial++) applyEvent(record, cell(3, trial));
    const copy = structuredClone(record);
    applyEvent(copy, cell(3, CELLS_PER_SIZE));
    expect(copy.cellsLeftOut).toEqual({ 3: 1 });
    expect(record.cellsLeftOut).toEqual({});
  });

  it('have spectra for a bounded number', () => {
    const record = fresh();
    const measurement = { eigenvalues: [1, 2], residual: 0, converged: true } as unknown as SpectrumMeasurement;
    for (let trial = 0; trial < SPECTRUM_COUNT + 5; trial++)
      applyEvent(record, { type: 'spectrum', sampleSize: 3, trial, measurement });
    expect(Object.keys(record.spectra)).toHaveLength(SPECTRUM_COUNT);
  });
});
