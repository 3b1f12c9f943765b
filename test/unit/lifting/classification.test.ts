import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { classify } from '../../../src/engine/lifting/classification';
import {
  CRITICAL,
  polishCriticalPoint,
  trainToCriticalPoint,
  type CriticalPoint,
} from '../../../src/engine/lifting/criticalPoint';
import { splittingEmbedding } from '../../../src/engine/lifting/embeddings';
import { saddleCertificate } from '../../../src/engine/lifting/saddleCertificate';
import { norm, SquaredLoss } from '../../../src/engine/lifting/squaredLoss';
import { formulaModel } from '../../../src/engine/models/formula';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { noisyData } from './support';

const narrow: ResolvedTwoLayer = {
  kind: 'twoLayer',
  activation: 'tanh',
  inputs: 2,
  width: 1,
  hiddenBias: true,
  outputBias: false,
};

function trained(loss: SquaredLoss, seed: number): CriticalPoint {
  const training = trainToCriticalPoint(loss, seed, 1, 300);
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

/** R(a, b) of a formula in two parameters, as the square of a model with one sample and target 0. */
function surface(expression: string): SquaredLoss {
  const model = formulaModel({ kind: 'formula', parameters: ['a', 'b'], inputs: ['x'], expression });
  return new SquaredLoss(model, { inputs: { count: 1, dimension: 1, values: Float64Array.of(1) }, targets: Float64Array.of(0) });
}

describe('kinds of critical points, on surfaces that are known', () => {
  // (1 + q)² = 1 + 2q + q²: the critical points of q at q = 0.
  it.each([
    ['1 + a^2 + b^2', 'minimum'],
    ['1 + a^2 - b^2', 'strictSaddle'],
    ['1 + a^2 + 0*b', 'minimum'],
    ['1 + a^2 - b^4', 'degenerateSaddle'],
    ['1 + a^2 + a*b^2', 'degenerateSaddle'],
    ['1 + a^2 - b^3', 'degenerateSaddle'],
    ['1 + a^2 + b^4', 'undecided'],
    ['a + b', 'minimum'],
  ])('%s at 0: %s', (expression, expected) => {
    expect(classify(surface(expression), new Float64Array(2)).classification).toBe(expected);
  });

  it('no critical point', () => {
    expect(classify(surface('1 + a + b^2'), new Float64Array(2)).classification).toBe('notCritical');
  });

  it('a curved valley of minima is told from a saddle', () => {
    // Minima along a = b², which leaves the kernel of the Hessian.
    expect(classify(surface('1 + (a - b^2)^2'), new Float64Array(2)).classification).toBe('minimum');
  });
});

describe('trained critical points', () => {
  it('have a relative gradient below 1e-12', () => {
    let nonzero = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const loss = new SquaredLoss(createModel(narrow), noisyData(seed));
      const point = trained(loss, seed);
      if (point.relativeGradient >= CRITICAL) continue;
      if (point.loss > 1e-3) nonzero++;
    }
    expect(nonzero).toBeGreaterThanOrEqual(9);
  });

  it('are reached by Newton from rounded digits', () => {
    const loss = new SquaredLoss(createModel(narrow), noisyData(3));
    const exact = trained(loss, 3);
    expect(exact.relativeGradient).toBeLessThan(CRITICAL);
    const rounded = exact.parameters.map((value) => Number(value.toFixed(4)));
    const polished = polishCriticalPoint(loss, rounded);
    expect(polished.relativeGradient).toBeLessThan(CRITICAL);
    expect(polished.distance).toBeLessThan(1e-3);
    expect(polished.loss).toBeCloseTo(exact.loss, 12);
  });
});

describe('saddles among lifted points', () => {
  it('a neuron without output weight is one: its certificate lowers the loss by (∂R/∂a)² / (4Σσ²)', () => {
    let certified = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (seed) => {
        const loss = new SquaredLoss(createModel(narrow), noisyData(seed));
        const point = trained(loss, seed);
        // Where neurons are saturated at the data, nothing is seen of them in float64.
        if (point.relativeGradient >= CRITICAL || point.loss < 1e-3 || norm(point.parameters) > 10) return;
        const wide = { ...narrow, width: 2 };
        const wideLoss = new SquaredLoss(createModel(wide), noisyData(seed));
        // A copy without output weight: (a, 0), (w, w), (b, b).
        const [a, w1, w2, b] = point.parameters;
        const parameters = Float64Array.of(a, 0, w1, w2, w1, w2, b, b);
        const { classification } = classify(wideLoss, parameters);
        const certificate = saddleCertificate(wide, wideLoss, parameters);
        if (!certificate) return expect(['strictSaddle', 'degenerateSaddle']).toContain(classification);
        expect(classification).not.toBe('minimum');
        certified++;
        for (const { predicted, down, up } of certificate.steps) {
          expect(Math.abs(down - predicted)).toBeLessThan(1e-12 * point.loss + 1e-6 * Math.abs(predicted));
          expect(up).toBeGreaterThan(0);
        }
      }),
      { numRuns: 20 },
    );
    expect(certified).toBeGreaterThan(8);
  });

  it('a splitting of a minimum with parts between 0 and 1 has the zero eigenvalues of its family', () => {
    const data = noisyData(7);
    const loss = new SquaredLoss(createModel(narrow), data);
    const point = trained(loss, 7);
    expect(classify(loss, point.parameters).classification).toBe('minimum');
    const wide = { ...narrow, width: 3 };
    const lifting = { narrow, wide, parameters: point.parameters };
    const { parameters: lifted } = splittingEmbedding(lifting, randomStream(1, 'split'));
    const { curvature } = classify(new SquaredLoss(createModel(wide), data), lifted);
    // "Embedding principle" (arXiv 2105.14573): each further neuron adds a zero eigenvalue.
    expect(curvature!.zero).toBe(2);
  });
});
