import { describe, expect, it } from 'vitest';
import { GradientFlow } from '../../../../src/engine/flow/gradientFlow';
import { normalInputs } from '../../../../src/engine/inputs/points';
import { createModel } from '../../../../src/engine/models/registry';
import {
  alignedStart,
  alignment,
  flowFromSmallStart,
  growthCoefficients,
} from '../../../../src/engine/studies/geometry/imbalance';
import { network } from '../../theory/branches/families';

function finished<T>(steps: Generator<unknown, T>): T {
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

describe('small starts', () => {
  it.each([false, true])('grow as a_k ≈ C_k e^(2‖γ‖t/n) / 2‖γ‖ along γ, hidden bias %s', (hiddenBias) => {
    const model = network({ activation: 'tanh', inputs: 2, width: 3, hiddenBias });
    const n = 7;
    const inputs = normalInputs(2, n, 1, 5, 'growth');
    const targets = Float64Array.from({ length: n }, (_, i) =>
      Math.tanh(inputs.values[2 * i]! - 0.4 * inputs.values[2 * i + 1]! + 0.5),
    );
    const gamma = alignment(model, inputs, targets);
    const size = Math.hypot(...gamma);
    const bound = createModel(model);
    const start = new Float64Array(bound.parameterCount);
    normalInputs(1, start.length, 1e-14, 6, 'start').values.forEach((value, j) => (start[j] = value));
    const coefficients = growthCoefficients(model, gamma, start);
    // e^20: long after what does not grow has fallen behind, long before the neurons are large.
    const time = (10 * n) / size;
    const flow = new GradientFlow(bound.bind(inputs), targets, start, {
      stop: { time },
      relativeTolerance: 1e-10,
      absoluteTolerance: 1e-23,
    });
    while (flow.stopReason === null) flow.advance(100);
    for (let k = 0; k < 3; k++) {
      // The loss is the mean square: its flow is 2/n times that of half the sum.
      const expected = (coefficients[k]! * Math.exp((2 * size * time) / n)) / (2 * size);
      expect(flow.parameters[k]! / expected).toBeCloseTo(1, 3);
      expect(flow.parameters[3 + 2 * k]! / ((expected * gamma[0]!) / size)).toBeCloseTo(1, 3);
      if (hiddenBias) expect(flow.parameters[9 + k]! / ((expected * gamma[2]!) / size)).toBeCloseTo(1, 3);
    }
  });

  it.each([false, true])('that are alike flow as all neurons together do, and end alike, hidden bias %s', (hiddenBias) => {
    const model = network({ activation: 'tanh', inputs: 2, width: 3, hiddenBias });
    const inputs = normalInputs(2, 5, 1, 8, 'alike');
    const targets = Float64Array.from({ length: 5 }, (_, i) => Math.tanh(inputs.values[2 * i]! + 0.3));
    const bound = createModel(model).bind(inputs);
    const start = alignedStart(model, alignment(model, inputs, targets), [1, 1, 1], 0.02);
    // Too short for rounding to part the neurons where nothing ties them.
    const flow = new GradientFlow(bound, targets, start, {
      stop: { time: 3 },
      relativeTolerance: 1e-10,
      absoluteTolerance: 1e-12,
    });
    while (flow.stopReason === null) flow.advance(100);
    const tied = finished(flowFromSmallStart(model, inputs, targets, start, { trainLoss: 0, time: 3 }));
    expect(tied.time).toBeCloseTo(3, 12);
    expect(tied.loss).toBeCloseTo(bound.lossAndGradient(tied.parameters, targets, new Float64Array(bound.parameterCount)), 12);
    expect(Math.abs(tied.parameters[0]! - start[0]!)).toBeGreaterThan(0.1);
    flow.parameters.forEach((value, j) => expect(tied.parameters[j]).toBeCloseTo(value, 5));

    const end = finished(flowFromSmallStart(model, inputs, targets, start, { trainLoss: 1e-18, time: 1e6 })).parameters;
    expect([end[0], end[3], end[4]]).toEqual([end[1], end[5], end[6]]);
  });

  it('have the proportions that they are asked for', () => {
    const model = network({ activation: 'tanh', inputs: 2, width: 2, hiddenBias: true });
    const gamma = Float64Array.of(3, -4, 12);
    const start = alignedStart(model, gamma, [1, -0.25], 1e-8);
    const [first, second] = growthCoefficients(model, gamma, start);
    expect(second! / first!).toBeCloseTo(-0.25, 12);
    expect(first).toBeCloseTo(2 * 1e-8 * 13, 20);
  });
});
