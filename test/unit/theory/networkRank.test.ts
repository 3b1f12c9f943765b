import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import type { ActivationConfig, TargetConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { probeInputs } from '../../../src/engine/targets/probes';
import {
  compatibleEmbedding,
  minimalRepresentation,
  nullEmbedding,
  splittingEmbedding,
} from '../../../src/engine/targets/representation';
import { createTarget } from '../../../src/engine/targets/target';
import { minimalPoint, networkRank } from '../../../src/engine/theory/twoLayer/closedForm';
import { networkOf, parametersOf, type Network } from '../../../src/engine/theory/twoLayer/neurons';
import { pointRank } from '../../../src/engine/theory/twoLayer/pointRank';
import { TestNumbers, activation } from '../models/arbitraries';
import { relativeDifference, values } from '../models/differences';
import { degeneratePoint } from './degeneratePoint';

const SHIFTED: ActivationConfig = { kind: 'tanh', shift: 0.3 };
const ACTIVATIONS: ActivationConfig[] = ['tanh', 'sigmoid', 'exp', 'softplus', 'sin', SHIFTED];

const network = (
  activation: ActivationConfig,
  inputs: number,
  width: number,
  hiddenBias: boolean,
  outputBias: boolean,
): ResolvedTwoLayer => ({
  kind: 'twoLayer',
  activation,
  inputs,
  width,
  hiddenBias,
  outputBias,
});

/** Value of a network at probes, by the model itself. */
function outputs(model: ResolvedTwoLayer, of: Network): Float64Array {
  const wide = { ...model, width: Math.max(1, of.neurons.length), outputBias: true };
  return values(createModel(wide).bind(probeInputs({ ...model, width: 4 })), parametersOf(wide, of));
}

describe('optimistic sample size of random teachers', () => {
  // theory: k(d+1), with hidden bias k(d+2) (for exp k(d+1), since a bias only scales it), one more with output bias.
  for (const name of ACTIVATIONS) {
    for (const hiddenBias of [false, true]) {
      for (const outputBias of [false, true]) {
        it(`${JSON.stringify(name)}, ${hiddenBias ? 'with' : 'without'} hidden bias, ${outputBias ? 'with' : 'without'} output bias`, () => {
          let measuredPoints = 0;
          for (const d of [1, 2, 3, 5]) {
            for (const k of d === 1 ? [1, 2] : [1, 2, 3]) {
              for (const width of [k, k + 1, 3 * k]) {
                const model = network(name, d, width, hiddenBias, outputBias);
                const target: TargetConfig = { kind: 'teacher', width: k, seed: 10 * d + k };
                const each = hiddenBias && name !== 'exp' ? d + 2 : d + 1;
                const expected = k * each + (outputBias ? 1 : 0);
                const representation = minimalRepresentation(model, target);
                expect(representation).toMatchObject({ intrinsicSize: k, exact: true });
                const points = [
                  representation!.parameters,
                  splittingEmbedding(model, target, 3)!,
                  compatibleEmbedding(model, target, width)!,
                ];
                // A neuron of zeros adds the constant σ(0) to the tangent space, where that is not 0 or there already.
                const nullAdds =
                  width > k &&
                  !outputBias &&
                  (name === 'sigmoid' || name === 'exp' || name === 'softplus' || typeof name !== 'string');
                const inputs = probeInputs(model);
                const targets = new Float64Array(inputs.count);
                createTarget(model, target).evaluate(inputs, targets);
                for (const parameters of [...points, nullEmbedding(model, target)!]) {
                  const isNull = !points.includes(parameters);
                  expect(pointRank(model, parameters)).toBe(isNull && nullAdds ? expected + 1 : expected);
                  expect(relativeDifference(values(createModel(model).bind(inputs), parameters), targets)).toBeLessThan(1e-12);
                  const measured = tangentRank(createModel(model), parameters, inputs);
                  if (!measured.conclusive) continue;
                  measuredPoints += 1;
                  expect(measured.rank).toBe(isNull && nullAdds ? expected + 1 : expected);
                }
              }
            }
          }
          expect(measuredPoints).toBeGreaterThan(70);
        });
      }
    }
  }

  it('relu: kd and k(d + 1), local counts', () => {
    for (const hiddenBias of [false, true]) {
      for (const d of [2, 3, 5]) {
        for (const k of [1, 2, 3]) {
          const model = network('relu', d, 2 * k, hiddenBias, false);
          const target: TargetConfig = { kind: 'teacher', width: k, seed: 4 };
          const found = minimalRepresentation(model, target)!;
          expect(found.exact).toBe(false);
          const inputs = new TestNumbers(1).inputs(800, d, 3);
          const measured = tangentRank(createModel(model), found.parameters, inputs);
          expect(measured.rank).toBe(hiddenBias ? k * (d + 1) : k * d);
        }
      }
    }
  });
});

describe('reduction of a network', () => {
  it('keeps the function, never raises the rank, and is lowest where it says so', () => {
    let exact = 0;
    let total = 0;
    fc.assert(
      fc.property(
        activation,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(),
        (name, inputs, width, hiddenBias, outputBias, seed) => {
          const model = network(name, inputs, width, hiddenBias, outputBias);
          const point = degeneratePoint(model, new TestNumbers(seed));
          const given = networkOf(model, point);
          const { rank, reduced } = networkRank(model, given);
          expect(reduced.obstacle).toBe('');
          const before = outputs(model, given);
          expect(relativeDifference(outputs(model, reduced.network), before)).toBeLessThan(1e-10);
          total += 1;
          if (reduced.exact) {
            exact += 1;
            expect(rank).toBeLessThanOrEqual(pointRank(model, point));
          }
          if (reduced.network.neurons.length <= width) expect(pointRank(model, minimalPoint(model, reduced))).toBe(rank);
        },
      ),
      { numRuns: 3000 },
    );
    expect(exact / total).toBeGreaterThan(0.6);
  });

  it('knows the symmetries', () => {
    const k = (model: ResolvedTwoLayer, neurons: [number, number[], number][], outputBias = 0) =>
      networkRank(model, {
        neurons: neurons.map(([outputWeight, inputWeights, bias]) => ({ outputWeight, inputWeights, bias })),
        outputBias,
      });
    const u = [0.7, -1.1];
    const minus = [-0.7, 1.1];
    // tanh: a neuron and its negative are one.
    expect(
      k(network('tanh', 2, 9, true, false), [
        [1, u, 0.4],
        [2, minus, -0.4],
      ]),
    ).toMatchObject({ rank: 4, exact: true });
    // … and cancel.
    expect(
      k(network('tanh', 2, 9, true, false), [
        [1, u, 0.4],
        [1, minus, -0.4],
      ]),
    ).toMatchObject({ rank: 0, exact: true });
    // A constant costs d + 1 where there is no output bias, 0 beyond it where there is.
    expect(
      k(network('tanh', 2, 9, true, false), [
        [1, u, 0.4],
        [1, [0, 0], 1],
      ]),
    ).toMatchObject({ rank: 4 + 3, exact: true });
    expect(
      k(network('tanh', 2, 9, true, true), [
        [1, u, 0.4],
        [1, [0, 0], 1],
      ]),
    ).toMatchObject({ rank: 4 + 1, exact: true });
    // exp: biases only scale.
    expect(
      k(network('exp', 2, 9, true, false), [
        [1, u, 0.4],
        [2, u, -3],
      ]),
    ).toMatchObject({ rank: 3, exact: true });
    // sin with biases: one frequency is one neuron, whatever the phases.
    expect(
      k(network('sin', 2, 9, true, false), [
        [1, u, 0.4],
        [2, u, -1],
        [0.3, minus, 2],
      ]),
    ).toMatchObject({ rank: 4, exact: true });
    expect(
      k(network('sin', 2, 9, true, false), [
        [1, u, 0.4],
        [1, u, 0.4 + Math.PI / 2],
      ]),
    ).toMatchObject({ rank: 4, exact: true });
    // sigmoid: the negative adds a constant, which costs one.
    expect(
      k(network('sigmoid', 2, 9, false, false), [
        [1, u, 0],
        [3, minus, 0],
      ]),
    ).toMatchObject({ rank: 3 + 1, exact: true });
    expect(
      k(network('sigmoid', 2, 9, false, true), [
        [1, u, 0],
        [3, minus, 0],
      ]),
    ).toMatchObject({ rank: 3 + 1, exact: true });
    // softplus: the negative adds a linear function, which costs d.
    expect(
      k(network('softplus', 2, 9, false, false), [
        [1, u, 0],
        [3, minus, 0],
      ]),
    ).toMatchObject({ rank: 3 + 2, exact: true });
    // shifted tanh: with biases as tanh, without them constants are neurons.
    expect(
      k(network(SHIFTED, 2, 9, true, false), [
        [1, u, 0.4],
        [2, minus, -1],
      ]),
    ).toMatchObject({ rank: 4, exact: true });
    expect(
      k(network(SHIFTED, 2, 9, false, false), [
        [1, u, 0],
        [2, minus, 0],
      ]),
    ).toMatchObject({ rank: 6, exact: true });
    // relu: scales.
    expect(
      k(network('relu', 2, 9, false, false), [
        [1, u, 0],
        [2, u.map((w) => 3 * w), 0],
      ]),
    ).toMatchObject({ rank: 2, exact: false });
  });
});
