import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import { obstacles, predict } from '../../../src/engine/theory';

function experiment(model: object, target: object) {
  const { resolved, problems } = parseExperiment(JSON.stringify({ experiment: 'rank', model, target }));
  if (!resolved) throw new Error(problems.map(({ message }) => message).join(' '));
  return resolved;
}

const formula = (expression: string) => ({ kind: 'formula', expression });

describe('prediction for deep and convolutional families', () => {
  it('of products of any number of factors', () => {
    const model = { kind: 'matrixFactorization', dimensions: [4, 5, 6, 3] };
    for (const [rank, size] of [
      [1, 6],
      [2, 10],
      [3, 12],
    ]) {
      expect(predict(experiment(model, { kind: 'lowRank', rank }))).toMatchObject({
        optimisticSampleSize: size,
        exact: true,
        formula: `r(d1 + d2 − r) = ${rank}·(3 + 4 − ${rank}) = ${size}`,
        parameters: 4 * 5 + 5 * 6 + 6 * 3,
      });
    }
    const narrow = experiment(
      { kind: 'matrixFactorization', dimensions: [2, 3, 1, 2] },
      {
        kind: 'matrix',
        values: [
          [1, 0],
          [0, 1],
        ],
      },
    );
    expect(obstacles(narrow)[0].message).toMatch(/rank 2, and the smallest inner dimension of the model is 1/);
  });

  it('of diagonal models', () => {
    const model = { kind: 'diagonal', inputs: 5, depth: 4 };
    expect(predict(experiment(model, { kind: 'vector', values: [1, 0, 0, -2, 3] }))).toMatchObject({
      optimisticSampleSize: 3,
      exact: true,
      parameters: 20,
    });
    expect(predict(experiment(model, formula('x1 - 3*x5')))).toMatchObject({ optimisticSampleSize: 2, exact: true });
    expect(obstacles(experiment(model, formula('1 + x1')))).toEqual([
      expect.objectContaining({ path: ['target', 'expression'], message: expect.stringMatching(/linear in the inputs/) }),
    ]);
    expect(predict(experiment(model, formula('x1*x2')))).toMatchObject({ optimisticSampleSize: null });
  });

  it('of deep networks is an upper bound', () => {
    const model = { kind: 'deepNetwork', inputs: 4, widths: [6, 5], bias: true };
    expect(predict(experiment(model, { kind: 'teacher', widths: [2, 2] }))).toMatchObject({
      optimisticSampleSize: 19,
      exact: false,
      parameters: 71,
    });
    // relu: one parameter less for each of the four neurons of the teacher.
    expect(predict(experiment({ ...model, activation: 'relu' }, { kind: 'teacher', widths: [2, 2] }))).toMatchObject({
      optimisticSampleSize: 15,
      exact: false,
    });
    expect(predict(experiment(model, formula('tanh(x1)')))).toMatchObject({ optimisticSampleSize: null, exact: false });
  });

  it('of convolutions with and without sharing', () => {
    const model = { kind: 'convolution', inputs: 5, kernel: 3, kernels: 4, hiddenBias: true };
    const target = { kind: 'teacher', kernels: [{ weights: [0.6, 0.8, 1], outputWeights: [1, 0, 1] }] };
    expect(predict(experiment(model, target))).toMatchObject({ optimisticSampleSize: 7, exact: true });
    expect(predict(experiment({ ...model, sharing: false }, target))).toMatchObject({
      optimisticSampleSize: 10,
      exact: true,
      formula: '(s + 2)(kP − m_null) = (3 + 2)·(1·3 − 1) = 10',
    });
    // Without biases 8, where (s + 1)kP − s·m_null = 9 is printed.
    expect(predict(experiment({ ...model, sharing: false, hiddenBias: false }, target))).toMatchObject({
      optimisticSampleSize: 8,
      source: expect.stringContaining('Tables 4 and 8, has 9') as string,
    });
    expect(predict(experiment({ ...model, activation: 'sigmoid' }, target))).toMatchObject({
      optimisticSampleSize: 7,
      exact: false,
    });
  });
});
