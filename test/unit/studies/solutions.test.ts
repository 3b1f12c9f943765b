import { describe, expect, it } from 'vitest';
import type { RecoveryResults } from '../../../src/protocol/events';
import { parseExperiment } from '../../../src/experiment';
import { M1, matrixExperiment } from '../experiments';
import { exampleText, runText } from './runFile';

const withSolutions = (sampleSizes: number[], trials: number, more: object = {}) => {
  const experiment = matrixExperiment({ sampleSizes, training: { trials } });
  return JSON.stringify({ ...experiment, analysis: { ...experiment.analysis, solutionSingularValues: true }, ...more });
};

// Training from tiny factors keeps AᵀA = BBᵀ up to their size. At a rank 1 product of singular value s, JJᵀ = AAᵀ ⊗ I + I ⊗ BᵀB then has
// the eigenvalues 2s once, s 2(d − 1) times, and 0.
describe('singular values of solutions', () => {
  it('are those of the target where it is recovered, and the tangent matrix has its closed form there', async () => {
    const { finished, events } = await runText(withSolutions([7, 16], 5));
    const { solutions } = finished.summary.results as RecoveryResults;
    const norm = Math.sqrt(M1.flat().reduce((sum, value) => sum + value * value, 0));
    expect(solutions!.target[0]).toBeCloseTo(norm, 12);
    for (const value of solutions!.target.slice(1)) expect(value).toBeLessThan(1e-14);
    for (const { trials, mean, quantiles } of solutions!.sampleSizes) {
      expect(trials).toBe(5);
      expect(mean!.matrix[0]).toBeCloseTo(norm, 3);
      for (const value of mean!.matrix.slice(1)) expect(value).toBeLessThan(1e-3);
      expect(quantiles![0][0]).toBeLessThanOrEqual(mean!.matrix[0]);
      expect(quantiles![1][0]).toBeGreaterThanOrEqual(mean!.matrix[0]);
      const closedForm = [Math.sqrt(2 * norm), ...Array.from({ length: 6 }, () => Math.sqrt(norm))];
      expect(mean!.tangent).toHaveLength(16);
      closedForm.forEach((value, k) => expect(mean!.tangent![k]).toBeCloseTo(value, 2));
      expect(mean!.tangent![7]).toBeLessThan(0.05);
    }
    const [few, all] = solutions!.sampleSizes;
    expect(few.mean!.sampleTangent).toHaveLength(7);
    expect(few.mean!.sampleTangent![6]).toBeGreaterThan(0.1);
    all.mean!.sampleTangent!.forEach((value, k) => expect(value).toBeCloseTo(all.mean!.tangent![k], 12));

    const figures = events.flatMap((event) => (event.type === 'figure' ? [event.figure] : []));
    const last = figures.filter(({ id }) => id === 'solutions').at(-1)!;
    expect(last.layers.map((layer) => 'label' in layer && layer.label)).toEqual(['n = 7', 'n = 16', 'target']);
    expect(last.layers[0]).toMatchObject({ x: [1, 2, 3, 4], y: few.mean!.matrix });
    expect(figures.some(({ id }) => id === 'solutionTangents')).toBe(true);
    const tables = events.flatMap((event) => (event.type === 'table' ? [event.table] : []));
    expect(tables.filter(({ id }) => id === 'solutions').at(-1)!.rows[1]).toEqual(['16', 5, ...all.mean!.matrix]);
  });

  it('of trainings that diverge are none', async () => {
    const { finished } = await runText(
      withSolutions([16], 2, {
        training: {
          optimizer: { kind: 'gradientDescent', learningRate: 1000 },
          initialization: { kind: 'normal', scale: 1 },
          trials: 2,
        },
        expect: { solutions: [{ sampleSize: 16, singularValues: [{ below: 1 }] }] },
      }),
    );
    const { solutions } = finished.summary.results as RecoveryResults;
    expect(solutions!.sampleSizes).toEqual([{ sampleSize: 16, trials: 0, mean: null, quantiles: null }]);
    expect(finished.summary.verdicts.map(({ id, result }) => [id, result])).toEqual([
      ['solutions[0].singularValues[0]', 'inconclusive'],
    ]);
  });

  it('are not there, and change no hash, where nothing asks for them', async () => {
    const { finished } = await runText(JSON.stringify(matrixExperiment({ sampleSizes: [7], training: { trials: 1 } })));
    expect(finished.summary.results).not.toHaveProperty('solutions');
    const { resolved } = parseExperiment(JSON.stringify(matrixExperiment({})));
    expect(resolved).not.toHaveProperty('analysis.solutionSingularValues');
  });
});

// arXiv 2211.11623, Fig. 5, with the target of full rank; the numbers are those of an independent NumPy implementation.
it('a matrix of full rank is recovered with rank 1, 2 and 3 from 7, 12 and 15 entries', async () => {
  const { finished } = await runText(exampleText('underdetermined-matrix'));
  expect(finished.summary.verdicts.map(({ result }) => result)).toEqual(Array(13).fill('met'));
});
