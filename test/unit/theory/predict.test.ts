import { describe, expect, it } from 'vitest';
import type { ResolvedModel, ResolvedRankExperiment, ResolvedTwoLayer } from '../../../src/experiment/resolved';
import type { ActivationConfig, TargetConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { probeInputs } from '../../../src/engine/targets/probes';
import { minimalRepresentation } from '../../../src/engine/targets/representation';
import { createTarget } from '../../../src/engine/targets/target';
import { obstacles, predict } from '../../../src/engine/theory';
import { relativeDifference, values } from '../models/differences';
import { PUBLISHED } from './publishedMatrices';

function experiment(model: ResolvedModel, target: TargetConfig): ResolvedRankExperiment {
  const inputs =
    model.kind === 'matrixFactorization'
      ? ({ kind: 'entries', order: 'nested' } as const)
      : ({ kind: 'normal', scale: 1 } as const);
  return {
    experiment: 'rank',
    title: '',
    description: '',
    model,
    target,
    points: [],
    data: { sampleSizes: [], inputs },
    analysis: { rankTolerance: 1e-9, certify: 'auto' },
    expect: {},
  };
}

const network = (
  activation: ActivationConfig,
  inputs: number,
  width: number,
  hiddenBias: boolean,
  outputBias = false,
): ResolvedTwoLayer => ({
  kind: 'twoLayer',
  activation,
  inputs,
  width,
  hiddenBias,
  outputBias,
});

const formula = (expression: string): TargetConfig => ({ kind: 'formula', expression });

describe('prediction', () => {
  it('of matrix factorizations', () => {
    const sizes = Object.values(PUBLISHED).map(
      ({ values: rows }) =>
        predict(experiment({ kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 }, { kind: 'matrix', values: rows }))
          .optimisticSampleSize,
    );
    expect(sizes).toEqual([7, 7, 12, 12, 15, 16, 16]);
    expect(
      predict(experiment({ kind: 'matrixFactorization', rows: 3, columns: 5, inner: 3 }, { kind: 'lowRank', rank: 2 })),
    ).toMatchObject({
      optimisticSampleSize: 12,
      exact: true,
      formula: 'r(d1 + d2 − r) = 2·(3 + 5 − 2) = 12',
      parameters: 24,
    });
  });

  it('says when the rank of the target matrix is uncertain', () => {
    const values = [
      [1, 0],
      [0, 1e-11],
    ];
    const prediction = predict(
      experiment({ kind: 'matrixFactorization', rows: 2, columns: 2, inner: 2 }, { kind: 'matrix', values }),
    );
    expect(prediction.exact).toBe(false);
    expect(prediction.source).toContain('uncertain');
  });

  it('of teachers', () => {
    const prediction = predict(experiment(network('tanh', 5, 12, true, true), { kind: 'teacher', width: 3 }));
    expect(prediction).toMatchObject({ optimisticSampleSize: 22, exact: true, parameters: 12 * 7 + 1 });
    expect(prediction.formula).toBe('k(d + 2) + 1 = 3·(5 + 2) + 1 = 22, with 1 for the output bias');
    expect(predict(experiment(network('relu', 4, 12, false), { kind: 'teacher', width: 3 }))).toMatchObject({
      optimisticSampleSize: 12,
      exact: false,
      formula: 'k·d = 3·4 = 12',
    });
  });

  it('of published targets written as formulas', () => {
    // "Local linear recovery" (arXiv 2406.18035), dropout experiment: 9.
    expect(
      predict(experiment(network('tanh', 1, 300, true), formula('tanh(x - 7) + tanh(x) + tanh(x + 7)'))).optimisticSampleSize,
    ).toBe(9);
    // Classroom experiment on f* = tanh(x + 1): 3.
    expect(predict(experiment(network('tanh', 1, 20, true), formula('tanh(x+1)'))).optimisticSampleSize).toBe(3);
    // Fully connected net of Fig. 6 of "Linear stability hypothesis": 21 with hidden biases, 18 without.
    const fig6 = formula('tanh(0.6*x1+0.8*x2+x3) + tanh(0.6*x2+0.8*x3+x4) + tanh(0.6*x3+0.8*x4+x5)');
    for (const [hiddenBias, rank] of [
      [true, 21],
      [false, 18],
    ] as const) {
      const model = network('tanh', 5, 12, hiddenBias);
      expect(predict(experiment(model, fig6))).toMatchObject({ optimisticSampleSize: rank, exact: true });
      const { parameters } = minimalRepresentation(model, fig6)!;
      const inputs = probeInputs(model);
      expect(tangentRank(createModel(model), parameters, inputs)).toMatchObject({ rank, conclusive: true });
      const out = new Float64Array(inputs.count);
      createTarget(model, fig6).evaluate(inputs, out);
      expect(relativeDifference(values(createModel(model).bind(inputs), parameters), out)).toBeLessThan(1e-13);
    }
  });

  it('reads formulas of neurons in many spellings', () => {
    const rank = (model: ResolvedTwoLayer, text: string): number | null =>
      predict(experiment(model, formula(text))).optimisticSampleSize;
    expect(rank(network('tanh', 1, 5, true), '-(2*tanh((x - 1)/2) - tanh(-x)/3)')).toBe(6);
    expect(rank(network('tanh', 2, 5, true, true), '0.5 + tanh(x1)*2 - 3*(tanh(x2 + 1) + 1)')).toBe(9);
    expect(rank(network('sigmoid', 1, 5, true, true), 'tanh(x)')).toBe(4);
    expect(rank(network('tanh', 1, 5, true, true), 'sigmoid(x)')).toBe(4);
    expect(rank(network('sin', 1, 5, true), 'cos(x) + sin(2*x)')).toBe(6);
    expect(rank(network('exp', 1, 5, false), 'e^(x + 1) + 3')).toBe(4);
    expect(rank(network('softplus', 2, 5, true), 'softplus(x1) + x2')).not.toBeNull();
    expect(rank(network({ kind: 'tanh', shift: 0.3 }, 1, 5, false), 'tanh(2*x + 0.3) + tanh(x - 0.3)')).toBe(4);
    expect(rank(network('tanh', 1, 5, true), 'x^2')).toBeNull();
    expect(rank(network('tanh', 1, 5, false), 'tanh(x + 1)')).toBeNull();
    expect(rank(network('tanh', 2, 5, true), 'tanh(x1*x2)')).toBeNull();
  });

  it('reads formulas as the networks they are', () => {
    for (const [model, text] of [
      [network('softplus', 2, 5, true), 'softplus(x1 - 2) + 3*x2 - x1 + 4'],
      [network('relu', 2, 9, true), 'abs(x1 - x2 + 1) - relu(x1) + x2'],
      [network('sigmoid', 1, 5, true), 'tanh(x) - 2*tanh(3*x - 1) + 1'],
      [network('exp', 2, 5, true), 'exp(x1 - 1) + 2*e^(x1 + x2) - exp(x1)/3 + 1'],
      [network('sin', 2, 5, true), 'cos(x1) + sin(x1 - 1) + 2*sin(x2) + 0.25'],
      [network({ kind: 'tanh', shift: 0.3 }, 1, 5, true), 'tanh(2*x) + sigmoid(x) - 3'],
    ] as const) {
      const { parameters } = minimalRepresentation(model, formula(text))!;
      const inputs = probeInputs(model);
      const out = new Float64Array(inputs.count);
      createTarget(model, formula(text)).evaluate(inputs, out);
      expect(relativeDifference(values(createModel(model).bind(inputs), parameters), out), text).toBeLessThan(1e-12);
    }
  });

  it('of formula models states its kind', () => {
    const model: ResolvedModel = { kind: 'formula', parameters: ['p', 'q'], inputs: ['x'], expression: 'p*q*x' };
    expect(predict(experiment(model, formula('2*x')))).toMatchObject({ optimisticSampleSize: 1, exact: false, parameters: 2 });
    const prediction = predict(
      experiment({ kind: 'formula', parameters: ['p', 'q'], inputs: ['x'], expression: 'p + q*x' }, formula('2*x')),
    );
    expect(prediction).toMatchObject({ optimisticSampleSize: 2, exact: true });
    expect(prediction.source).toContain('linear in its parameters');
  });
});

describe('targets that the model cannot express', () => {
  const found = (model: ResolvedModel, target: TargetConfig) => obstacles(experiment(model, target));
  it('are named with the place to mend', () => {
    expect(
      found({ kind: 'matrixFactorization', rows: 4, columns: 4, inner: 2 }, { kind: 'matrix', values: PUBLISHED.M6.values }),
    ).toEqual([
      {
        path: ['target', 'values'],
        message: 'The model cannot express this target: the target has rank 3, and the inner dimension of the model is 2.',
      },
    ]);
    expect(found(network('tanh', 1, 1, true), formula('tanh(x) + tanh(2*x)'))[0].path).toEqual(['target', 'expression']);
    expect(found(network('tanh', 1, 4, false), formula('tanh(x) + 1'))[0].message).toContain('constant');
    const linear: ResolvedModel = { kind: 'formula', parameters: ['p'], inputs: ['x'], expression: 'p*x' };
    expect(found(linear, formula('x^2'))[0].path).toEqual(['target', 'expression']);
  });
  it('are none where the model can', () => {
    expect(
      found({ kind: 'matrixFactorization', rows: 4, columns: 4, inner: 3 }, { kind: 'matrix', values: PUBLISHED.M6.values }),
    ).toEqual([]);
    // A neuron and its negative are one.
    expect(found(network('tanh', 1, 1, true), formula('tanh(x) - tanh(-x)'))).toEqual([]);
    expect(found(network('tanh', 1, 1, true), formula('x^2'))).toEqual([]);
  });
});
