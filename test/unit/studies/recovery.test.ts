import { describe, expect, it } from 'vitest';
import { bestConditionedOrder } from '../../../src/engine/inputs/bestConditioned';
import { runSession } from '../../../src/engine/session';
import type { ResolvedExperiment, ResolvedHessian } from '../../../src/experiment/resolved';
import type { OptimizerConfig } from '../../../src/experiment/schema';
import type { EngineEvent, RankResults, RecoveryResults, SampleSizeResult } from '../../../src/protocol/events';
import { entries, formulaExperiment, M1, M3, M6, matrixExperiment } from '../experiments';
import { runText } from './runFile';

const conduct = (experiment: ResolvedExperiment) => runText(JSON.stringify(experiment));

async function sizesOf(experiment: ResolvedExperiment): Promise<Map<number, SampleSizeResult>> {
  const { finished } = await conduct(experiment);
  return new Map((finished.summary.results as RecoveryResults).sampleSizes.map((result) => [result.sampleSize, result]));
}

// "Linear stability hypothesis and rank stratification" (arXiv 2211.11623), Fig. 2; patterns and errors from an independent
// NumPy implementation of the search over all subsets and of gradient descent.
describe('matrix completion with the best-conditioned entries', () => {
  it.each([
    ['M1*', 7, '11 21 31 41 42 43 44', M1],
    ['M3*', 12, '11 12 13 14 21 23 31 33 41 42 43 44', M3],
    ['M6*', 15, '11 12 13 14 21 22 23 31 32 33 34 41 42 43 44', M6],
  ])('%s is recovered from %i entries on: %s', async (_, rank, pattern, values) => {
    const experiment = matrixExperiment({
      values,
      sampleSizes: [rank - 1, rank],
      training: { trials: 6 },
      expect: { modelRank: rank, recoveredFrom: rank, notRecoveredBelow: rank, linearlyStableFrom: rank },
    });
    const order = bestConditionedOrder(experiment);
    expect(order.slice(0, rank)).toEqual(entries(pattern).map(([row, column]) => (row - 1) * 4 + column - 1));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (__, i) => i));

    const { exitCode, finished } = await conduct(experiment);
    const [below, at] = (finished.summary.results as RecoveryResults).sampleSizes;
    expect(at.medianTestError).toBeLessThan(1e-8);
    expect(below.medianTestError).toBeGreaterThan(0.1);
    expect(finished.summary.verdicts.map(({ result }) => result)).toEqual(['met', 'met', 'met', 'met']);
    expect(exitCode).toBe(0);
  });
});

describe('matrix completion by gradient flow', () => {
  it('comes to the same verdicts as gradient descent', async () => {
    const expectations = { modelRank: 7, recoveredFrom: 7, notRecoveredBelow: 7, linearlyStableFrom: 7 };
    const run = (optimizer: OptimizerConfig) =>
      conduct(matrixExperiment({ sampleSizes: [6, 7, 8], training: { trials: 4, optimizer }, expect: expectations }));
    const descent = await run({ kind: 'gradientDescent', learningRate: 0.05 });
    const flow = await run({ kind: 'gradientFlow' });
    const [descentSizes, flowSizes] = [descent, flow].map(
      ({ finished }) => (finished.summary.results as RecoveryResults).sampleSizes,
    );
    expect(flow.finished.summary.verdicts.map(({ id, result, value }) => [id, result, value])).toEqual(
      descent.finished.summary.verdicts.map(({ id, result, value }) => [id, result, value]),
    );
    expect(flow.finished.summary.verdicts.map(({ result }) => result)).toEqual(['met', 'met', 'met', 'met']);
    expect(flowSizes.map(({ state }) => state)).toEqual(descentSizes.map(({ state }) => state));
    // From the same starts: where the entries do not determine the matrix, both end near the same one.
    expect(flowSizes[0].medianTestError! / descentSizes[0].medianTestError!).toBeCloseTo(1, 1);

    const cells = flow.events.flatMap((event) => (event.type === 'cell' ? [event.cell] : []));
    expect(cells).toHaveLength(12);
    for (const { flow: measured, steps, stopReason } of cells) {
      expect(stopReason).toBe('trainLoss');
      expect(measured).toMatchObject({ monotone: true, largestRise: 0, conserved: [{ name: 'AᵀA − BBᵀ' }] });
      expect(measured!.conserved[0].largestDrift).toBeLessThan(1e-6);
      expect(measured!.gradients).toBeLessThan(2 * steps);
      expect(measured!.hessians).toBeLessThan(steps / 10);
    }
    for (const event of flow.events) if (event.type === 'curve') expect(event.times).toHaveLength(event.steps.length);
    for (const event of descent.events) {
      if (event.type === 'curve') expect(event).not.toHaveProperty('times');
      if (event.type === 'cell') expect(event.cell).not.toHaveProperty('flow');
    }
  });

  it('that is stopped at a time is undecided, not a failure of the theory', async () => {
    const { finished } = await conduct(
      matrixExperiment({
        sampleSizes: [7],
        training: { trials: 2, optimizer: { kind: 'gradientFlow', time: 0.5 } },
        expect: { recoveredFrom: 7 },
      }),
    );
    expect((finished.summary.results as RecoveryResults).sampleSizes[0].state).toBe('undecided');
    expect(finished.summary.verdicts[0].result).toBe('inconclusive');
  });
});

// The same paper, Fig. 1, 100 trials with fresh x ~ N(0, I); medians, since means are dominated by ill-conditioned draws.
describe('the toy model θ0 + θ1·x1 + θ2·θ3·x2', () => {
  const stop = { trainLoss: 1e-9, steps: 30_000, gradientNorm: 0 };

  it.each(['1', 'x1', '1 + x1'])('recovers %s from 2 samples', async (target) => {
    const sizes = await sizesOf(formulaExperiment({ target, sampleSizes: [1, 2], training: { trials: 100, stop } }));
    expect(sizes.get(1)!.medianTestError).toBeGreaterThan(0.1);
    expect(sizes.get(2)!.medianTestError).toBeLessThan(1e-6);
    expect([sizes.get(1)!.linearlyStable, sizes.get(2)!.linearlyStable]).toEqual([false, true]);
  });

  it.each(['x2', '1 + x2', 'x1 + x2', '1 + x1 + x2'])('recovers %s from 3 samples', async (target) => {
    const sizes = await sizesOf(formulaExperiment({ target, sampleSizes: [2, 3], training: { trials: 100, stop } }));
    expect(sizes.get(2)!.medianTestError).toBeGreaterThan(0.1);
    expect(sizes.get(3)!.medianTestError).toBeLessThan(1e-6);
    expect([sizes.get(2)!.linearlyStable, sizes.get(3)!.linearlyStable]).toEqual([false, true]);
  });
});

describe('designed sampling sequences', () => {
  // The same paper, Fig. 4; in the third row the tenth entry is printed as a second (3, 3), (3, 2) gives the printed 10.
  const M2 = [
    [4, 0.6, 1.8, 0.8],
    [6, 0.9, 2.7, 1.2],
    [8, 1.2, 3.6, 1.6],
    [18, 2.7, 8.1, 3.6],
  ];
  it.each([
    [8, '31 43 21 13 24 41 11 12 42 44 32 34 33 22 23 14'],
    [9, '34 21 23 43 41 44 11 33 12 14 13 24 32 22 31 42'],
    [10, '24 33 31 44 43 34 13 14 23 32 11 12 42 22 21 41'],
    [11, '44 23 42 12 14 32 41 31 11 34 13 22 24 21 33 43'],
    [12, '24 34 41 12 22 44 11 31 32 42 21 13 43 33 23 14'],
    [13, '43 44 21 34 33 31 23 11 41 24 14 13 12 22 32 42'],
  ])('is linearly stable from %i entries on', async (from, order) => {
    const { events, finished } = await conduct({
      experiment: 'rank',
      title: '',
      description: '',
      model: { kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 },
      target: { kind: 'matrix', values: M2 },
      points: [],
      data: { sampleSizes: Array.from({ length: 16 }, (_, i) => i + 1), inputs: { kind: 'entries', order: entries(order) } },
      analysis: { rankTolerance: 1e-9, certify: 'auto' },
      expect: { linearlyStableFrom: from, modelRank: 7 },
    });
    expect((finished.summary.results as RankResults).linearlyStableFrom).toBe(from);
    expect(finished.summary.verdicts.every(({ result }) => result === 'met')).toBe(true);
    const tables = new Map(events.flatMap((event) => (event.type === 'table' ? [[event.table.id, event.table]] : [])));
    expect(tables.get('points')?.rows.map((row) => row.slice(0, 2))).toEqual([['minimal representation', 7]]);
    expect(tables.get('sampleSizes')?.rows.map((row) => row[4])).toEqual(
      Array.from({ length: 16 }, (_, i) => (i + 1 < from ? 'no' : 'yes')),
    );
  });
});

describe('what a cell tells', () => {
  it('has ranks at the target and at the solution, and the spectrum with its residual', async () => {
    const { events } = await conduct(matrixExperiment({ sampleSizes: [6, 8], training: { trials: 1 }, hessian: 'full' }));
    const [below, above] = events.flatMap((event) => (event.type === 'cell' ? [event.cell] : []));
    expect(below).toMatchObject({ sampleSize: 6, linearlyStable: false, empiricalRank: { rank: 6, conclusive: true } });
    expect(above).toMatchObject({
      sampleSize: 8,
      linearlyStable: true,
      recovered: true,
      empiricalRank: { rank: 7, conclusive: true },
    });
    // Small initialisation leaves a solution of rank one, whose tangent space has dimension 7.
    expect(above.solutionRank!.rank).toBe(7);
    const spectrum = above.hessian!;
    expect(spectrum.eigenvalues).toHaveLength(32);
    expect(spectrum.residual).toBeLessThan(1e-12);
    // At a minimum of zero loss the Hessian is (2/n)·JᵀJ: as many large eigenvalues as the empirical rank.
    expect(spectrum.eigenvalues.filter((value) => value > 1e-3)).toHaveLength(7);
  });

  it('has extremal eigenvalues and densities that agree with the full spectrum', async () => {
    const cellOf = async (hessian: ResolvedHessian) => {
      const { events } = await conduct(matrixExperiment({ sampleSizes: [8], training: { trials: 1 }, hessian }));
      return events.flatMap((event) => (event.type === 'cell' ? [event.cell] : []))[0];
    };
    const { hessian: full } = await cellOf('full');
    const extremal = await cellOf({ kind: 'extremal', count: 4 });
    const density = await cellOf({ kind: 'density', probes: 10, steps: 20, count: 4 });
    const trace = full!.eigenvalues.reduce((sum, value) => sum + value, 0);
    for (const { hessian } of [extremal, density]) {
      expect(hessian).toMatchObject({ size: 32, lower: 4, converged: true });
      hessian!.eigenvalues.forEach((value, i) =>
        expect(Math.abs(value - full!.eigenvalues[i < 4 ? i : 24 + i])).toBeLessThan(1e-6 * full!.eigenvalues[31]),
      );
    }
    expect(Math.abs(density.hessian!.trace!.value - trace)).toBeLessThan(5 * density.hessian!.trace!.standardError);
  });

  it('has spectra on the way, which change nothing in the training', async () => {
    for (const optimizer of [
      { kind: 'gradientDescent', learningRate: 0.05 },
      { kind: 'adam', learningRate: 0.01 },
      { kind: 'gradientFlow' },
    ] satisfies OptimizerConfig[]) {
      const choice = { sampleSizes: [6, 7], training: { trials: 2, optimizer }, hessian: 'full' as const };
      const quiet = await conduct(matrixExperiment(choice));
      const followed = await conduct(matrixExperiment({ ...choice, hessianEvery: { perDecade: 3 } }));
      const cellsOf = (events: EngineEvent[]) => events.filter((event) => event.type === 'cell');
      expect(cellsOf(followed.events)).toEqual(cellsOf(quiet.events));
      const way = followed.events.flatMap((event) =>
        event.type === 'spectrum' && event.sampleSize === 7 && event.trial === 1 ? [event] : [],
      );
      const steps = way.flatMap(({ step }) => (step === undefined ? [] : [step]));
      expect(steps.slice(0, 4)).toEqual([0, 1, 3, 7]);
      // The last has no step: it is the solution's.
      expect(way).toHaveLength(steps.length + 1);
      expect(way.at(-1)).not.toHaveProperty('step');
      for (const { measurement, time, step } of way) {
        expect(measurement.eigenvalues).toHaveLength(32);
        expect(time !== undefined).toBe(optimizer.kind === 'gradientFlow' && step !== undefined);
      }
      // Small initialisation starts at a saddle: as much curvature down as up.
      const first = way[0].measurement.eigenvalues;
      expect(first[0] / first[31]).toBeCloseTo(-1, 2);
      expect(way.at(-1)!.measurement.eigenvalues[0]).toBeGreaterThan(-1e-3);
      expect(quiet.events.some((event) => event.type === 'spectrum' && event.step !== undefined)).toBe(false);
    }
  });

  it('events come in the order of the protocol', async () => {
    const { events } = await conduct(matrixExperiment({ sampleSizes: [6, 7], training: { trials: 2 } }));
    expect(events[0].type).toBe('accepted');
    expect(events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []))).toEqual([
      'preparing',
      'training',
      'judging',
      'writing',
    ]);
    expect(events.flatMap((event) => (event.type === 'cell' ? [[event.cell.trial, event.cell.sampleSize]] : []))).toEqual([
      [0, 6],
      [0, 7],
      [1, 6],
      [1, 7],
    ]);
    expect(events.filter((event) => event.type === 'progress').at(-1)).toMatchObject({ done: 4, total: 4, remainingMs: 0 });
  });
});

describe('cancelling', () => {
  it('ends an endless training at once', async () => {
    const controller = new AbortController();
    const events: EngineEvent[] = [];
    const experiment = matrixExperiment({ training: { stop: { trainLoss: 0, steps: 1_000_000_000, gradientNorm: 0 } } });
    setTimeout(() => controller.abort(), 100);
    const exitCode = await runSession({
      text: JSON.stringify(experiment),
      fileName: 'x',
      outFolder: null,
      report: false,
      signal: controller.signal,
      emit: (event) => events.push(event),
      log: () => undefined,
    });
    expect(exitCode).toBe(130);
    expect(events.at(-1)).toMatchObject({ type: 'failed', code: 'cancelled' });
  });
});
