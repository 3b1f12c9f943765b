import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import { TestNumbers, activation, size } from './arbitraries';
import { checkDerivatives } from './boundModelChecks';
import { jacobianOf, relativeDifference, values } from './differences';

const REFERENCE: Record<string, (z: number) => number> = {
  tanh: Math.tanh,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  exp: Math.exp,
  softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  relu: (z) => Math.max(0, z),
  sin: Math.sin,
};

describe('two-layer network', () => {
  it('has the derivatives of its values for any activation, shape and biases', () => {
    fc.assert(
      fc.property(
        activation,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (name, inputs, width, hiddenBias, outputBias, n, seed) => {
          // Differences across the kink of relu are no derivatives.
          fc.pre(name !== 'relu');
          const numbers = new TestNumbers(seed);
          const model = createModel({ kind: 'twoLayer', activation: name, inputs, width, hiddenBias, outputBias });
          checkDerivatives({
            model,
            inputs: numbers.inputs(n, inputs, 0.7),
            parameters: numbers.normals(model.parameterCount, 0.7),
            direction: numbers.normals(model.parameterCount, 0.7),
            weights: numbers.normals(n),
            targets: numbers.normals(n),
          });
        },
      ),
      { numRuns: 250 },
    );
  });

  it('has the derivatives of relu where it is away from its kink', () => {
    for (const hiddenBias of [false, true]) {
      const numbers = new TestNumbers(7);
      const model = createModel({ kind: 'twoLayer', activation: 'relu', inputs: 3, width: 5, hiddenBias, outputBias: true });
      for (let trial = 0; trial < 30; trial++) {
        const n = 4;
        const inputs = numbers.inputs(n, 3);
        const parameters = numbers.normals(model.parameterCount);
        const bound = model.bind(inputs);
        const reach = 0.1;
        const kinked = arguments_(parameters, inputs.values, 3, 5, hiddenBias).some((z) => Math.abs(z) < reach);
        if (kinked) continue;
        checkDerivatives({
          model,
          inputs,
          parameters,
          direction: numbers.normals(model.parameterCount, 0.3),
          weights: numbers.normals(n),
          targets: numbers.normals(n),
        });
        expect(jacobianOf(bound, parameters).every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('is Σ a σ(w·x + b) + c in the stated order of parameters', () => {
    fc.assert(
      fc.property(activation, size, size, fc.boolean(), fc.boolean(), fc.nat(), (name, d, m, hiddenBias, outputBias, seed) => {
        const numbers = new TestNumbers(seed);
        const model = createModel({ kind: 'twoLayer', activation: name, inputs: d, width: m, hiddenBias, outputBias });
        expect(model.parameterCount).toBe(m * (d + 1) + (hiddenBias ? m : 0) + (outputBias ? 1 : 0));
        const parameters = numbers.normals(model.parameterCount);
        const inputs = numbers.inputs(3, d);
        const reference = activationOf(name);
        const z = arguments_(parameters, inputs.values, d, m, hiddenBias);
        const expected = [0, 1, 2].map((s) => {
          let sum = outputBias ? parameters[model.parameterCount - 1] : 0;
          for (let k = 0; k < m; k++) sum += parameters[k] * reference(z[s * m + k]);
          return sum;
        });
        expect(relativeDifference(values(model.bind(inputs), parameters), expected)).toBeLessThan(1e-13);
      }),
    );
  });

  it('keeps slopes that 1 − h² would lose where tanh is saturated', () => {
    const model = createModel({ kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 1, hiddenBias: true, outputBias: false });
    const jacobian = jacobianOf(model.bind({ count: 1, dimension: 1, values: Float64Array.of(1) }), Float64Array.of(1, 20, 5));
    // sech²(25) = 4e^−50 to first order.
    expect(jacobian[2] / (4 * Math.exp(-50))).toBeCloseTo(1, 10);
  });

  it('has a layout that covers its parameters', () => {
    const model = createModel({ kind: 'twoLayer', activation: 'tanh', inputs: 3, width: 2, hiddenBias: true, outputBias: true });
    expect(model.layout).toEqual([
      { name: 'outputWeights', offset: 0, shape: [2] },
      { name: 'inputWeights', offset: 2, shape: [2, 3] },
      { name: 'hiddenBiases', offset: 8, shape: [2] },
      { name: 'outputBias', offset: 10, shape: [] },
    ]);
  });
});

function activationOf(name: ActivationConfig): (z: number) => number {
  return typeof name === 'string' ? REFERENCE[name] : (z) => Math.tanh(z + name.shift);
}

/** w_k·x_s + b_k at s·m + k. */
function arguments_(parameters: Float64Array, x: Float64Array, d: number, m: number, hiddenBias: boolean): number[] {
  const result: number[] = [];
  for (let s = 0; s < x.length / d; s++) {
    for (let k = 0; k < m; k++) {
      let z = hiddenBias ? parameters[m + m * d + k] : 0;
      for (let j = 0; j < d; j++) z += parameters[m + k * d + j] * x[s * d + j];
      result.push(z);
    }
  }
  return result;
}
