import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../../src/experiment';
import { obstacles, predict } from '../../../../src/engine/theory';

function resolved(model: object, target: object = { kind: 'teacher', width: 1, seed: 2 }) {
  const text = JSON.stringify({ experiment: 'geometry', model: { kind: 'twoLayer', inputs: 2, width: 3, ...model }, target });
  const { resolved: experiment, problems } = parseExperiment(text);
  if (!experiment) throw new Error(problems.map(({ message }) => message).join());
  return experiment;
}

describe('the prediction of a geometry experiment', () => {
  it('tells branches and thresholds before anything runs', () => {
    const prediction = predict(resolved({ activation: 'exp' }));
    expect(prediction).toMatchObject({ optimisticSampleSize: 3, exact: true, parameters: 9 });
    expect(prediction.headline).toBe(
      '10 branches of 4 types, separated one after another from n = 5 to 7; everything from n = 10',
    );
    expect(prediction.formula).toBe(
      'codim r + (m + m0 − r)d, d = 2: n = 5 separates (1) | (1,1) (Morse–Bott); n = 6 separates (2) | (1), (1) | (2) (Morse–Bott); n = 7 separates (3)',
    );
  });

  it('says where the paper prints something else', () => {
    const { source } = predict(resolved({ activation: 'exp' }));
    expect(source).toContain('Thm 5.3 prints the larger');
    expect(source).toContain('Thm 5.4');
  });

  it('says where the list of branches is not complete', () => {
    expect(predict(resolved({ activation: 'softplus' }))).toMatchObject({ exact: false });
    expect(predict(resolved({ activation: 'softplus' })).source).toContain('further branches');
    expect(obstacles(resolved({ activation: 'softplus' }))).toEqual([]);
  });

  it('is refused where no theorem covers the activation or the target, at its place', () => {
    expect(obstacles(resolved({ activation: 'relu' }))).toMatchObject([{ path: ['model', 'activation'] }]);
    expect(obstacles(resolved({ activation: 'sin', hiddenBias: true }))).toMatchObject([{ path: ['model', 'activation'] }]);
    const constant = { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [0, 0], bias: 1 }] };
    expect(obstacles(resolved({ activation: 'tanh', hiddenBias: true }, constant))).toMatchObject([{ path: ['target', 'kind'] }]);
    expect(obstacles(resolved({ activation: 'tanh', width: 60 }, { kind: 'teacher', width: 9 }))).toMatchObject([
      { path: ['target', 'width'], message: expect.stringContaining('types of branches') },
    ]);
  });

  it('takes the time of a key stroke for ten neurons', () => {
    for (const activation of ['exp', 'tanh']) {
      const experiment = resolved({ activation, width: 10 }, { kind: 'teacher', width: 3 });
      expect(predict(experiment).headline).toMatch(/separated one after another from n = 16 to 23; everything from n = 31$/);
    }
  });
});
