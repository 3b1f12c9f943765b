import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import { cellText } from '../../../src/extension/experiments/cellText';
import type { CellResult, EngineEvent } from '../../../src/protocol/events';
import { runText } from './runFile';

const cellsOf = (events: readonly EngineEvent[]) => events.flatMap((event) => (event.type === 'cell' ? [event.cell] : []));
const curveOf = (events: readonly EngineEvent[], { sampleSize, trial }: CellResult) =>
  events.flatMap((event) =>
    event.type === 'curve' && event.sampleSize === sampleSize && event.trial === trial
      ? event.steps.map((step, i) => [step, event.losses[i]])
      : [],
  );

const MATRIX = {
  experiment: 'recovery',
  model: { kind: 'matrixFactorization', rows: 3, columns: 3 },
  target: { kind: 'lowRank', rank: 1, seed: 7 },
  data: { sampleSizes: [4, 5, 7], inputs: { kind: 'entries', order: 'random' } },
  training: { trials: 5, seed: 21, stop: { trainLoss: 1e-9, steps: 5000 } },
  analysis: { rank: true, hessian: 'full' },
};
const NETWORK = {
  experiment: 'recovery',
  model: { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 3 },
  target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [0.6, 0.8] }] },
  data: { sampleSizes: [3, 6], inputs: { kind: 'normal' }, testSamples: 100 },
  training: {
    trials: 4,
    seed: 5,
    dropout: 0.2,
    optimizer: { kind: 'adam', learningRate: 0.01 },
    initialization: { kind: 'normal', scale: 0.5 },
    stop: { trainLoss: 1e-9, steps: 400 },
  },
};

describe('one trial alone', () => {
  it.each([
    ['a factorization with its measurements', MATRIX, 5, 3],
    ['a network with dropout', NETWORK, 6, 2],
  ])('has the numbers that it has in its grid, to the bit: %s', async (_, experiment, sampleSize, trial) => {
    const text = JSON.stringify(experiment);
    const { events: whole } = await runText(text);
    const { events: alone, finished } = await runText(cellText(text, { sampleSize, trials: 1, firstTrial: trial }));
    const [cell, ...others] = cellsOf(alone);
    expect(others).toEqual([]);
    const same = cellsOf(whole).find((each) => each.sampleSize === sampleSize && each.trial === trial)!;
    // Numbers are compared by Object.is.
    expect(cell).toEqual(same);
    expect(curveOf(alone, cell)).toEqual(curveOf(whole, cell));
    expect(curveOf(alone, cell).length).toBeGreaterThan(10);
    expect(finished.summary.results).toMatchObject({ sampleSizes: [{ sampleSize, trials: 1, medianTestError: same.testError }] });
    const figure = alone.find((event) => event.type === 'figure' && event.figure.id === 'parameterTrajectories');
    expect(figure?.type === 'figure' && figure.figure.frames?.frames.map(({ name }) => name)).toEqual([
      `n = ${sampleSize}, trial ${trial}`,
    ]);
  });

  it('of a value of a phase diagram, too', async () => {
    const text = JSON.stringify({ ...NETWORK, vary: { kind: 'width', values: [2, 4] } });
    const { finished } = await runText(text);
    const alone = await runText(cellText(text, { sampleSize: 6, trials: 1, variant: 1, firstTrial: 3 }));
    const several = await runText(cellText(text, { sampleSize: 6, trials: 4, variant: 1 }));
    const [cell] = cellsOf(alone.events);
    expect(cell).toEqual(cellsOf(several.events).find(({ trial }) => trial === 3));
    const { results } = finished.summary;
    const median = 'variants' in results && results.variants?.[1].sampleSizes.find(({ sampleSize }) => sampleSize === 6);
    expect(median && median.medianTestError).toBe(
      cellsOf(several.events)
        .map(({ testError }) => testError!)
        .sort((a, b) => a - b)
        .slice(1, 3)
        .reduce((sum, each) => sum + each / 2, 0),
    );
  });

  it('of a range of trials, each as in the grid, also where values vary', async () => {
    const vary = { kind: 'scale', values: [0.5, 0.1] };
    const from = (firstTrial: number, trials: number) =>
      runText(JSON.stringify({ ...NETWORK, vary, training: { ...NETWORK.training, trials, firstTrial } }));
    const [later, one] = [await from(2, 2), await from(3, 1)];
    for (const { finished } of [later, one]) {
      const { results } = finished.summary;
      expect('variants' in results && results.variants?.map(({ sampleSizes }) => sampleSizes.length)).toEqual([2, 2]);
    }
  });

  it('changes no hash where it is 0', () => {
    const resolved = (training: object) =>
      parseExperiment(JSON.stringify({ ...MATRIX, training: { ...MATRIX.training, ...training } })).resolved;
    expect(resolved({ firstTrial: 0 })).toEqual(resolved({}));
    expect(resolved({ firstTrial: 4 })).not.toEqual(resolved({}));
    const { problems } = parseExperiment(JSON.stringify({ ...MATRIX, training: { firstTrial: -1 } }));
    expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
  });
});
