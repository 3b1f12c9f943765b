import { deviation, mean } from 'd3-array';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import type { ResolvedRecoveryExperiment } from '../../../src/experiment/resolved';
import { createModel } from '../../../src/engine/models/registry';
import { initialParameters } from '../../../src/engine/training/initialization';
import type { RecoveryResults } from '../../../src/protocol/events';
import { exampleText, runText } from './runFile';

const line = (more: object = {}, learningRate = 0.1) =>
  JSON.stringify({
    experiment: 'recovery',
    model: { kind: 'formula', parameters: ['a', 'b'], inputs: ['x'], expression: 'a + b*x' },
    target: { kind: 'formula', expression: '1 + 3*x' },
    data: { sampleSizes: [1, 2], inputs: { kind: 'points', values: [[2], [-1]] } },
    training: {
      optimizer: { kind: 'gradientDescent', learningRate },
      initialization: { kind: 'normal', scale: 0.7 },
      stop: { trainLoss: 1e-28, steps: 20000 },
      trials: 12,
    },
    analysis: { solutionParameters: true },
    ...more,
  });

const parametersOf = (results: unknown) => (results as RecoveryResults).solutionParameters!;

describe('parameters of solutions', () => {
  it('of a line through one point are the projections of the starts onto its solutions, through two points the target', async () => {
    const { finished, events } = await runText(line());
    const { names, sampleSizes } = parametersOf(finished.summary.results);
    expect(names).toEqual(['a', 'b']);
    // Gradient descent moves θ along (1, x) = (1, 2) alone, until a + 2b = 7.
    const { training, model } = parseExperiment(line()).resolved as ResolvedRecoveryExperiment;
    const ends = Array.from({ length: 12 }, (_, trial) => {
      const [a, b] = initialParameters(training.initialization, createModel(model), training.seed, { sampleSize: 1, trial });
      const move = (7 - a - 2 * b) / 5;
      return [a + move, b + 2 * move];
    });
    const [one, two] = sampleSizes;
    expect(one).toMatchObject({ sampleSize: 1, trials: 12 });
    for (const k of [0, 1]) {
      const column = ends.map((end) => end[k]);
      expect(one.mean![k]).toBeCloseTo(mean(column)!, 10);
      expect(one.standardDeviation![k]).toBeCloseTo(deviation(column)!, 10);
      expect(two.mean![k]).toBeCloseTo([1, 3][k], 10);
      expect(two.standardDeviation![k]).toBeLessThan(1e-10);
    }
    const tables = events.flatMap((event) => (event.type === 'table' ? [event.table] : []));
    const { rows } = tables.filter(({ id }) => id === 'solutionParameters').at(-1)!;
    expect(rows[1]).toEqual([1, 'b', one.mean![1], one.standardDeviation![1], 12]);
  });

  it('of trainings that diverge are none', async () => {
    const expected = { solutionParameters: [{ sampleSize: 2, mean: [1], standardDeviation: [{ below: 1 }] }] };
    const { finished } = await runText(line({ expect: expected }, 100));
    const none = { trials: 0, mean: null, standardDeviation: null };
    expect(parametersOf(finished.summary.results).sampleSizes).toEqual([
      { sampleSize: 1, ...none },
      { sampleSize: 2, ...none },
    ]);
    expect(finished.summary.verdicts.map(({ id, result }) => [id, result])).toEqual([
      ['solutionParameters[0].mean[0]', 'inconclusive'],
      ['solutionParameters[0].standardDeviation[0]', 'inconclusive'],
    ]);
  });

  it('are not in the hash of experiments that do not ask for them', () => {
    const { resolved } = parseExperiment(line({ analysis: {} }));
    expect(resolved).not.toHaveProperty('analysis.solutionParameters');
  });

  it('from two samples of 1 + x1 are those of Table 1: 1, 1, 0, 0 within their deviations', async () => {
    const { finished } = await runText(exampleText('toy-nonlinear-parameters'));
    for (const verdict of finished.summary.verdicts) expect(verdict).toMatchObject({ result: 'met' });
    const [{ mean: found, standardDeviation }] = parametersOf(finished.summary.results).sampleSizes;
    [1, 1, 0, 0].forEach((value, k) => expect(Math.abs(found![k] - value)).toBeLessThan(standardDeviation![k]));
    // θ2² − θ3² is kept from a start of 1e-4.
    expect(standardDeviation![2] / standardDeviation![3]).toBeCloseTo(1, 2);
  });
});
