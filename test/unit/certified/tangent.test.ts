import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationConfig } from '../../../src/experiment/schema';
import { BallArithmetic } from '../../../src/engine/certified/ball';
import type { CertifiableModel } from '../../../src/engine/certified/coverage';
import { IntervalArithmetic } from '../../../src/engine/certified/interval';
import type { NeuronList } from '../../../src/engine/certified/neuronList';
import { parameterCount, tangentRows } from '../../../src/engine/certified/tangent';
import type { Inputs } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { formula, inputsFrom, meets, normals, streamFor, twoLayer } from './support';

const P = 448;

/** Largest |float64 − true| over the largest |entry| of its column, in units of 2^-52. */
function disagreement(model: Exclude<CertifiableModel, NeuronList>, parameters: Float64Array, inputs: Inputs): number {
  const M = parameterCount(model);
  const jacobian = new Float64Array(inputs.count * M);
  createModel(model).bind(inputs).jacobian(parameters, jacobian);
  const row = tangentRows(new BallArithmetic(P), model, parameters, inputs);
  let worst = 0;
  for (let i = 0; i < inputs.count; i++) {
    row(i).forEach(({ middle, radius }, j) => {
      expect(radius).toBeLessThan(1n << 40n);
      const float = jacobian[i * M + j];
      const difference = Number(middle - new BallArithmetic(P).fromFloat(float).middle) / 2 ** P;
      worst = Math.max(worst, Math.abs(difference) / Math.max(1, Math.abs(float)));
    });
  }
  return worst * 2 ** 52;
}

const ACTIVATIONS: ActivationConfig[] = ['tanh', 'sigmoid', 'exp', 'softplus', 'relu', 'sin', { kind: 'tanh', shift: 0.3 }];

describe('tangent matrices in balls are those of the model families', () => {
  for (const activation of ACTIVATIONS) {
    it(`two-layer, ${typeof activation === 'string' ? activation : 'shifted tanh'}`, () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
          fc.boolean(),
          fc.boolean(),
          fc.nat(1e6),
          (width, dimension, hiddenBias, outputBias, seed) => {
            const model = twoLayer(width, dimension, { activation, hiddenBias, outputBias });
            const stream = streamFor(seed, 'tangent');
            // Arguments of a few units carry a rounding error of a few units in the last place into every entry.
            expect(disagreement(model, normals(stream, parameterCount(model)), inputsFrom(stream, 5, dimension))).toBeLessThan(
              64,
            );
          },
        ),
        { numRuns: 20 },
      );
    });
  }

  it('matrix factorization, exactly', () => {
    const model: CertifiableModel = { kind: 'matrixFactorization', rows: 3, columns: 4, inner: 2 };
    const inputs: Inputs = {
      count: 12,
      dimension: 2,
      values: Float64Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? Math.floor(i / 8) : ((i - 1) / 2) % 4)),
    };
    expect(disagreement(model, normals(streamFor(1, 'matrix'), 14), inputs)).toBe(0);
  });

  it.each([
    ['a*tanh(w*x1 + b) + c', ['a', 'w', 'b', 'c']],
    ['a^2*x1 - b^3*x2 + (a*b)^-2', ['a', 'b']],
    ['exp(-a*square(x1))*sin(b*x2) + cos(a*b)/(1 + square(x1*b))', ['a', 'b']],
    ['log(1 + exp(a*x1)) + sqrt(square(b) + 1)*abs(x2 - a) + relu(a*x1)', ['a', 'b']],
    ['(1 + square(a))^b + sigmoid(a - x1)*softplus(b*x2) - -a', ['a', 'b']],
    ['a*a*x1 + a*(b + 0*x2)', ['a', 'b']],
  ])('formula %s', (expression, parameters) => {
    const model = formula(parameters, ['x1', 'x2'], expression);
    for (let seed = 0; seed < 10; seed++) {
      const stream = streamFor(seed, 'formula');
      expect(disagreement(model, normals(stream, parameters.length), inputsFrom(stream, 6, 2))).toBeLessThan(256);
    }
  });

  it('forward and reverse derivatives of formulas meet, in balls and in intervals', () => {
    const model = formula(['a', 'b', 'c'], ['x'], 'tanh(a*x + b)*exp(c*x) + a^3/(1 + b^2) - softplus(a*b*c)');
    const stream = streamFor(3, 'modes');
    const [parameters, inputs] = [normals(stream, 3), inputsFrom(stream, 4, 1)];
    const intervals = tangentRows(new IntervalArithmetic(500), model, parameters, inputs, 'forward');
    const balls = tangentRows(new BallArithmetic(P), model, parameters, inputs);
    for (let i = 0; i < 4; i++) balls(i).forEach((entry, j) => expect(meets(entry, P, intervals(i)[j], 500)).toBe(true));
  });
});
