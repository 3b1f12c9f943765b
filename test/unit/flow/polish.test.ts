import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/engine/finish';
import { polishInSteps, readPolishState } from '../../../src/engine/flow/polish';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { SavedFields } from '../../../src/engine/training/savedState';
import { linearModel } from './linearModel';

const polish = (...given: Parameters<typeof polishInSteps>) => finish(polishInSteps(...given));

function normals(seed: number, name: string, count: number, scale = 1): Float64Array {
  const out = new Float64Array(count);
  randomStream(seed, name).fillNormal(out, scale);
  return out;
}

describe('polish', () => {
  // More samples than parameters, and fewer: the two systems that it may solve.
  it.each([40, 11])(
    'takes a nearly trained network to the last digits with %i samples, and says that this is not the flow',
    (n) => {
      const model = createModel({
        kind: 'twoLayer',
        activation: 'tanh',
        inputs: 2,
        width: 4,
        hiddenBias: true,
        outputBias: false,
      });
      const bound = model.bind({ count: n, dimension: 2, values: normals(1, 'inputs', 2 * n) });
      const truth = normals(2, 'truth', 16);
      const targets = new Float64Array(n);
      bound.evaluate(truth, targets);
      const noise = normals(3, 'noise', 16, 0.01);
      const start = truth.map((value, i) => value + noise[i]);
      const result = polish(bound, targets, start);
      expect(result.isGradientFlow).toBe(false);
      expect(result.stopReason).toBe('trainLoss');
      expect(result.loss).toBeLessThan(1e-28);
      expect(result.gradientNorm).toBeLessThan(1e-13);
      expect(result.distance).toBeGreaterThan(0);
      expect(result.distance).toBeLessThan(0.2);
      expect(result.iterations).toBeLessThan(60);
    },
  );

  it('goes on from any pause to the same bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 2, max: 14 }), fc.boolean(), (seed, n, solvable) => {
        const model = createModel({
          kind: 'twoLayer',
          activation: 'tanh',
          inputs: 2,
          width: 2,
          hiddenBias: true,
          outputBias: false,
        });
        const bound = model.bind({ count: n, dimension: 2, values: normals(seed, 'inputs', 2 * n) });
        const start = normals(seed, 'start', 8);
        const targets = normals(seed, 'targets', n);
        if (solvable) bound.evaluate(normals(seed, 'truth', 8), targets);
        const options = { iterations: 25 };
        const uncut = polish(bound, targets, start, options);
        const states: string[] = [];
        const work = polishInSteps(bound, targets, start, options);
        for (let next = work.next(); !next.done; next = work.next()) states.push(encodeExact(next.value));
        for (let at = seed % 5; at < states.length; at += 5) {
          const begun = readPolishState(new SavedFields(decodeExact(states[at])), 8, 25);
          expect(
            polish(
              model.bind({ count: n, dimension: 2, values: normals(seed, 'inputs', 2 * n) }),
              targets,
              start,
              options,
              begun,
            ),
          ).toEqual(uncut);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('ends at the least-squares solution where no zero exists, and stalls there', () => {
    const bound = linearModel(Float64Array.of(1, 0, 1, 1, 1, 2, 1, 3), 4, 2);
    const result = polish(bound, Float64Array.of(1, 2, 2, 4), Float64Array.of(5, -3));
    // Regression line by hand: slope 0.9, intercept 0.9.
    expect(result.parameters[0]).toBeCloseTo(0.9, 7);
    expect(result.parameters[1]).toBeCloseTo(0.9, 7);
    expect(result.stopReason).toBe('stalled');
    expect(polish(bound, Float64Array.of(1, 2, 2, 4), Float64Array.of(5, -3), { iterations: 1 }).stopReason).toBe('steps');
  });
});
