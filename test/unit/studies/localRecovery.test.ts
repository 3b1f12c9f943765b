import { describe, expect, it } from 'vitest';
import type { RankResults, RecoveryResults } from '../../../src/protocol/events';
import { exampleText, runText } from './runFile';

async function resultsOf(file: object): Promise<RankResults> {
  const { finished } = await runText(JSON.stringify({ experiment: 'rank', ...file }));
  return finished.summary.results as RankResults;
}

/** The target of Fig. 6 in "Linear stability hypothesis", arXiv 2211.11623: four kernels, or twelve neurons. */
const convolution = (sharing: boolean, hiddenBias: boolean) => ({
  model: { kind: 'convolution', activation: 'tanh', inputs: 5, kernel: 3, kernels: 4, sharing, hiddenBias },
  target: { kind: 'teacher', kernels: [{ weights: [0.6, 0.8, 1], outputWeights: [1, 1, 1] }] },
});
const connected = (hiddenBias: boolean) => ({
  model: { kind: 'twoLayer', activation: 'tanh', inputs: 5, width: 12, hiddenBias },
  target: {
    kind: 'teacher',
    neurons: [0, 1, 2].map((s) => ({
      outputWeight: 1,
      inputWeights: [0, 1, 2, 3, 4].map((i) => [0.6, 0.8, 1][i - s] ?? 0),
    })),
  },
});

describe('local linear recovery over draws of inputs', () => {
  it.each([
    ['with sharing', convolution(true, true), 7],
    ['without sharing', convolution(false, true), 15],
    ['fully connected', connected(true), 21],
    ['with sharing, no biases', convolution(true, false), 6],
    ['without sharing, no biases', convolution(false, false), 12],
    ['fully connected, no biases', connected(false), 18],
  ])('%s: n* is the rank in 50 of 50 draws', async (_, file, rank) => {
    const data = { inputs: { kind: 'normal', scale: 1 } };
    const { localRecovery } = await resultsOf({ ...file, data, analysis: { localRecovery: { draws: 50 } } });
    expect(localRecovery).toHaveLength(1);
    expect(localRecovery![0]).toMatchObject({
      modelRank: rank,
      draws: 50,
      atRank: 50,
      smallest: rank,
      largest: rank,
      conclusive: true,
    });
  });

  it('is one draw for a given order of entries, later than at the rank: the first designed sequence of Fig. 4', async () => {
    const order = '31 43 21 13 24 41 11 12 42 44 32 34 33 22 23 14'.split(' ').map((each) => [...each].map(Number));
    const { localRecovery } = await resultsOf({
      model: { kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 },
      target: {
        kind: 'matrix',
        values: [
          [4, 0.6, 1.8, 0.8],
          [6, 0.9, 2.7, 1.2],
          [8, 1.2, 3.6, 1.6],
          [18, 2.7, 8.1, 3.6],
        ],
      },
      data: { inputs: { kind: 'entries', order } },
      analysis: { localRecovery: { draws: 9 } },
    });
    expect(localRecovery![0]).toMatchObject({ modelRank: 7, draws: 1, sampleSizes: [8], atRank: 0 });
  });

  it('is also taken at the points of a user, and has no n* where the inputs never suffice', async () => {
    const { localRecovery } = await resultsOf({
      model: { kind: 'diagonal', inputs: 3, depth: 2 },
      target: { kind: 'vector', values: [1, 0, 0] },
      points: [{ kind: 'given', name: 'all', parameters: [1, 1, 1, 1, 1, 1] }, { kind: 'random' }],
      data: {
        inputs: {
          kind: 'points',
          values: [
            [1, 0, 0],
            [2, 0, 0],
            [0, 1, 0],
          ],
        },
      },
      analysis: { localRecovery: { draws: 5 } },
    });
    expect(localRecovery).toMatchObject([
      { modelRank: 1, sampleSizes: [1] },
      { name: 'all', modelRank: 3, sampleSizes: [null], smallest: null },
    ]);
  });

  it('comes as a table and a figure, and an expectation that is judged', async () => {
    const { events, exitCode } = await runText(exampleText('rank-local-recovery'));
    expect(exitCode).toBe(0);
    const tables = events.filter((event) => event.type === 'table' && event.table.id === 'localRecovery');
    const figures = events.filter((event) => event.type === 'figure' && event.figure.id === 'localRecovery');
    expect([tables.length > 0, figures.length > 0]).toEqual([true, true]);
    const wrong = exampleText('rank-local-recovery').replace('"atRank": 50', '"atRank": 49');
    expect((await runText(wrong)).exitCode).toBe(1);
  });
});

describe('fits from near a point', () => {
  const perturbation = { epsilons: [1e-2, 1e-4], trials: 5 };
  const analysis = { localRecovery: { draws: 1, perturbation } };

  // f = θ·x in the plane from one sample x: what is left of the offset is its part across x, ε·(δ·x⊥), so that the error is exactly
  // proportional to ε; from two samples nothing is left.
  it('of a linear model leave the part of the offset that the sample does not see', async () => {
    const { localRecovery } = await resultsOf({
      model: { kind: 'formula', parameters: ['a', 'b'], inputs: ['x1', 'x2'], expression: 'a*x1 + b*x2' },
      target: { kind: 'formula', expression: 'x1 - 2*x2' },
      points: [{ kind: 'given', name: 'the target', parameters: [1, -2] }],
      data: { sampleSizes: [1, 2, 3], inputs: { kind: 'normal', scale: 1 } },
      analysis,
    });
    for (const { perturbation: found } of localRecovery!) {
      expect(found!.map(({ state, guaranteed }) => [state, guaranteed])).toEqual([
        ['linear', 0],
        ['recovered', 5],
        ['recovered', 5],
      ]);
      expect(found![0].order).toBeCloseTo(1, 6);
      const [large, small] = found![0].epsilons;
      expect(large.median! / small.median!).toBeCloseTo(100, 4);
      expect(large).toMatchObject({ target: 0, other: 5, undecided: 0 });
    }
  });

  // W = a·b of rank 1 with inner dimension r: the product of the offsets of null factors is what the sample leaves open to second order.
  it.each([
    [1, ['linear', 'recovered', 'recovered']],
    [2, ['linear', 'quadratic', 'quadratic']],
  ])('of a matrix of rank 1 with inner dimension %i: %j around the rank', async (inner, states) => {
    const { localRecovery } = await resultsOf({
      model: { kind: 'matrixFactorization', rows: 3, columns: 3, inner },
      target: {
        kind: 'matrix',
        values: [
          [1, 0.3, 0.7],
          [2, 0.6, 1.4],
          [4, 1.2, 2.8],
        ],
      },
      data: { sampleSizes: [4, 5, 6, 9], inputs: { kind: 'entries', order: 'bestConditioned' } },
      analysis,
    });
    const [{ modelRank, perturbation: found }] = localRecovery!;
    expect(modelRank).toBe(5);
    expect(found!.slice(0, 3).map(({ state }) => state)).toEqual(states);
    // All entries are the matrix.
    expect(found![3]).toMatchObject({ sampleSize: 9, state: 'recovered' });
  });

  // "Geometry and local recovery", arXiv 2309.00508: both neurons condensed, rank 3 and codimension 5 with d = 2.
  it('of a two-layer network agree with the separation of its branch, for sizes around the rank where none are given', async () => {
    const { localRecovery } = await resultsOf({
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 2 },
      target: { kind: 'teacher', neurons: [{ outputWeight: 1.2, inputWeights: [0.6, -0.8] }] },
      points: [{ kind: 'given', name: 'condensed', parameters: [0.5, 0.7, 0.6, -0.8, 0.6, -0.8] }],
      data: { inputs: { kind: 'normal', scale: 1 } },
      analysis: { localRecovery: { draws: 1, perturbation: { epsilons: [1e-2, 1e-3], trials: 15 } } },
    });
    const found = localRecovery![1];
    expect(found.modelRank).toBe(3);
    expect(found.perturbation!.map(({ sampleSize, state }) => [sampleSize, state])).toEqual([
      [1, 'linear'],
      [2, 'linear'],
      [3, 'quadratic'],
      [4, expect.any(String)],
      [5, 'recovered'],
    ]);
  });

  it('stand beside a training, over the samples of its trials', async () => {
    const text = exampleText('local-recovery-trained');
    const { events, exitCode, finished } = await runText(text);
    expect(exitCode).toBe(0);
    const results = finished.summary.results as RecoveryResults;
    // The same experiment without training tells the same of the same inputs.
    const { training, ...rest } = JSON.parse(text.slice(text.indexOf('\n{'))) as Record<string, object>;
    expect(training).toBeDefined();
    expect(results.localRecovery).toEqual((await resultsOf({ ...rest, experiment: 'rank', expect: {} })).localRecovery);
    const ids = events.flatMap((event) => (event.type === 'table' ? [event.table.id] : []));
    expect(ids).toContain('localRecovery');
    expect(ids).toContain('perturbation');
    const wrong = text.replace('"state": "quadratic"', '"state": "recovered"');
    expect((await runText(wrong)).exitCode).toBe(1);
  });

  it('come as a table and a figure, with verdicts of their own', async () => {
    const { events, exitCode, finished } = await runText(exampleText('local-recovery-perturbation'));
    expect(exitCode).toBe(0);
    expect(finished.summary.verdicts).toHaveLength(14);
    const tables = events.flatMap((event) => (event.type === 'table' && event.table.id === 'perturbation' ? [event.table] : []));
    expect(tables.at(-1)!.rows).toHaveLength(12);
    expect(events.some((event) => event.type === 'figure' && event.figure.id === 'perturbation')).toBe(true);
    const wrong = exampleText('local-recovery-perturbation').replace('"state": "quadratic"', '"state": "recovered"');
    expect((await runText(wrong)).exitCode).toBe(1);
  });
});
