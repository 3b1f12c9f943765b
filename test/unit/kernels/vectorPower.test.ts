import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import { createModel } from '../../../src/engine/models/registry';
import { pow } from '../../../src/engine/numbers/elementary';
import { Training } from '../../../src/engine/training/train';
import { generator, logUniform } from '../numbers/arguments';
import { decompose, expFixed, logFixed, shift, ulpError } from '../numbers/reference';

const settings = {
  optimizer: { kind: 'gradientDescent', learningRate: 1 } as const,
  stop: { trainLoss: 0, steps: 1, gradientNorm: 0 },
};
const pairModel = createModel({
  kind: 'formula',
  parameters: ['t0', 't1'],
  inputs: ['x1', 'x2', 'x3', 'x4'],
  expression: 't0*x3 + t1*x4 + x1^x2',
});

/**
 * Powers by the kernel, two at once: two samples with target 0, each seen by one parameter, which a step of rate 1 takes from 0 to
 * minus the power.
 */
function kernelPowers(a: [number, number], b: [number, number]): [number, number] {
  const bound = pairModel.bind({ count: 2, dimension: 4, values: Float64Array.of(...a, 1, 0, ...b, 0, 1) });
  const training = new KernelTraining(bound.kernelProblem!(), new Float64Array(2), new Float64Array(2), settings);
  training.advance(1);
  return [0 - training.parameters[0], 0 - training.parameters[1]];
}

describe('powers of two lanes in the kernels', () => {
  it('are the bits of the scalar ones, and at most 1 ulp off the true ones', () => {
    const random = generator(11);
    let worst = 0;
    let checked = 0;
    for (let i = 0; i < 3000; i++) {
      // Squares of the results, which the loss is made of, stay finite.
      const draw = (): [number, number] => {
        const x = random() < 0.5 ? logUniform(random, -1022, 1024, false) : 0.2 + 3 * random();
        const y = random() < 0.5 ? (random() - 0.5) * 4 : (900 * (random() - 0.5)) / (Math.log(x) || 1);
        return Math.abs(y * Math.log(x)) < 350 ? [x, y] : [1 + random() / 8, y / 3];
      };
      const [a, b] = [draw(), draw()];
      // A loss that is not finite ends the training before its step.
      if (![a, b].every(([x, y]) => pow(x, y) < 1e150 && pow(x, y) > 1e-150)) continue;
      checked++;
      const powers = kernelPowers(a, b);
      [a, b].forEach(([x, y], k) => {
        const expected = pow(x, y);
        expect([x, y, powers[k]]).toEqual([x, y, expected]);
        const { significand, exponent } = decompose(x);
        const { significand: ys, exponent: ye } = decompose(y);
        const truth = expFixed(shift(ys * logFixed(significand, exponent), ye));
        worst = Math.max(worst, ulpError(powers[k], truth.value, truth.exponent));
      });
    }
    expect(worst).toBeLessThan(1);
    expect(checked).toBeGreaterThan(2000);
  });

  it('train to the bits of the twin: any bases and exponents, constant or learned', () => {
    const numbers = fc.oneof(
      fc.double({ min: 0.01, max: 4, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.constantFrom(0, -0, 1, -1, 2, 0.5, 3, -2, 64, 65, 1e-310, 1e300, Infinity, 5e-324),
    );
    const expressions = fc.oneof(
      fc.double({ min: -3, max: 3, noNaN: true }).map((p) => `t0*x1^(${p}) + t1`),
      fc.double({ min: -3, max: 3, noNaN: true }).map((p) => `(t0 + x1)^(${p}) + t1*x1`),
      fc.constantFrom(
        '(t0 + x1)^1.5 + t1',
        '(t0*x1)^66 - t1',
        't0^(t1*x1)',
        '(1 + x1*x1)^t1 + t0',
        '(t0*x1)^(-1.5) + t1*x1',
        '(t0 + x1)^t1',
      ),
    );
    fc.assert(
      fc.property(
        expressions,
        fc.array(numbers, { minLength: 1, maxLength: 6 }),
        fc.tuple(numbers, numbers),
        fc.integer({ min: 0, max: 6 }),
        (expression, values, start, steps) => {
          const model = createModel({ kind: 'formula', parameters: ['t0', 't1'], inputs: ['x1'], expression });
          const bound = model.bind({ count: values.length, dimension: 1, values: Float64Array.from(values) });
          const targets = new Float64Array(values.length).fill(0.3);
          const few = { optimizer: { kind: 'gradientDescent', learningRate: 0.01 } as const, stop: { ...settings.stop, steps } };
          const twin = new Training(bound, targets, Float64Array.from(start), few);
          const kernel = new KernelTraining(bound.kernelProblem!(), targets, Float64Array.from(start), few);
          twin.advance(10);
          kernel.advance(10);
          expect(kernel.loss).toBe(twin.loss);
          expect(kernel.step).toBe(twin.step);
          expect(kernel.stopReason).toBe(twin.stopReason);
          expect([...kernel.parameters]).toEqual([...twin.parameters]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
