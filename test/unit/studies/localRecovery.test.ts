import { describe, expect, it } from 'vitest';
import type { RankResults } from '../../../src/protocol/events';
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
