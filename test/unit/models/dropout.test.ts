import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { DropoutTwoLayer } from '../../../src/engine/models/dropoutTwoLayer';
import { createModel } from '../../../src/engine/models/registry';
import { DropoutMasks, masksUntil } from '../../../src/engine/random/dropoutMasks';
import { randomStream } from '../../../src/engine/random/stream';

const networks = fc.record({
  activation: fc.constantFrom('tanh', 'sigmoid', 'exp', 'softplus', 'sin') as fc.Arbitrary<ResolvedTwoLayer['activation']>,
  inputs: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 6 }),
  hiddenBias: fc.boolean(),
  outputBias: fc.boolean(),
  samples: fc.integer({ min: 1, max: 7 }),
  rate: fc.constantFrom(0, 0.1, 0.5),
  seed: fc.nat(10000),
});

describe('dropout in two-layer networks', () => {
  it('has the loss of the network whose neurons are masked, and its gradient', () => {
    fc.assert(
      fc.property(networks, ({ samples: n, rate, seed, ...shape }) => {
        const config: ResolvedTwoLayer = { kind: 'twoLayer', ...shape };
        const model = createModel(config);
        const stream = randomStream(seed, 'test');
        const parameters = Float64Array.from({ length: model.parameterCount }, () => stream.normal());
        const inputs = {
          count: n,
          dimension: shape.inputs,
          values: Float64Array.from({ length: n * shape.inputs }, () => stream.normal()),
        };
        const targets = Float64Array.from({ length: n }, () => stream.normal());
        const mask = new Float64Array(shape.width * n);
        new DropoutMasks(rate, seed).fill(3, mask);
        const dropout = new DropoutTwoLayer(config, inputs, { fill: (_, out) => out.set(mask) });

        // One network a sample, with the output weights that the mask leaves.
        const masked = (at: Float64Array) => {
          let sum = 0;
          for (let s = 0; s < n; s++) {
            const own = at.slice();
            for (let k = 0; k < shape.width; k++) own[k] *= mask[k * n + s];
            const x = inputs.values.slice(s * shape.inputs, (s + 1) * shape.inputs);
            const out = new Float64Array(1);
            model.bind({ count: 1, dimension: shape.inputs, values: x }).evaluate(own, out);
            sum += (out[0] - targets[s]) ** 2;
          }
          return sum / n;
        };
        const gradient = new Float64Array(model.parameterCount);
        const loss = dropout.lossAndGradient(parameters, targets, gradient);
        expect(Math.abs(loss - masked(parameters))).toBeLessThan(1e-12 * (1 + loss));
        const size = 1 + Math.max(...gradient.map(Math.abs));
        for (let i = 0; i < parameters.length; i++) {
          const moved = (h: number) => masked(parameters.map((value, j) => (i === j ? value + h : value)));
          const h = 1e-4;
          // Five points: the error is of fourth order.
          const difference = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
          expect(Math.abs(gradient[i] - difference)).toBeLessThan(1e-6 * size);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('drops as often as it should, each step anew, the same in every run', () => {
    const size = 40_000;
    const at = (step: number, seed = 1) => {
      const mask = new Float64Array(size);
      new DropoutMasks(0.1, seed, 7, 2).fill(step, mask);
      return mask;
    };
    const dropped = at(0).filter((value) => value === 0).length;
    // Five standard deviations of the binomial distribution.
    expect(Math.abs(dropped - 0.1 * size)).toBeLessThan(5 * Math.sqrt(size * 0.09));
    expect(new Set(at(0))).toEqual(new Set([0, 1 / 0.9]));
    expect(at(0)).toEqual(at(0));
    const second = at(1);
    const together = at(0).filter((value, i) => value === 0 && second[i] === 0).length;
    expect(Math.abs(together - 0.01 * size)).toBeLessThan(5 * Math.sqrt(size * 0.0099));
    expect(at(0, 2)).not.toEqual(at(0));
  });

  it('drops nothing after the steps that were asked for', () => {
    const masks = new DropoutMasks(0.5, 1, 7, 2);
    const until = masksUntil(3, masks);
    for (let step = 0; step < 6; step++) {
      const found = new Float64Array(100);
      const expected = new Float64Array(100).fill(1);
      until.fill(step, found);
      if (step < 3) masks.fill(step, expected);
      expect(found).toEqual(expected);
    }
  });
});
