import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../../src/experiment/resolved';
import { GradientFlow } from '../../../../src/engine/flow/gradientFlow';
import { normalInputs } from '../../../../src/engine/inputs/points';
import { formulaModel } from '../../../../src/engine/models/formula';
import type { Inputs, Model } from '../../../../src/engine/models/model';
import { createModel } from '../../../../src/engine/models/registry';
import { alignment, growthCoefficients } from '../../../../src/engine/studies/geometry/imbalance';
import { network } from '../../theory/branches/families';

// "Disentangle sample size and initialization effect" (arXiv 2405.13787): for σ(0) = 0 and σ′(0) ≠ 0 the trajectory from a small start,
// moved in time by log(1/‖C‖), depends on C/‖C‖ alone.

/** Σ a_k σ(w_k x + b_k) with σ(z) = z/(1 + z²), as a formula, in the order of a two-layer network. */
function rationalNetwork(width: number): Model {
  const neurons = Array.from({ length: width }, (_, k) => k);
  const z = (k: number) => `(w${k}*x + b${k})`;
  return formulaModel({
    kind: 'formula',
    parameters: ['a', 'w', 'b'].flatMap((name) => neurons.map((k) => `${name}${k}`)),
    inputs: ['x'],
    expression: neurons.map((k) => `a${k}*${z(k)}/(1 + ${z(k)}^2)`).join(' + '),
  });
}

interface Setting {
  model: Model;
  /** A two-layer network with its parameters in the same places. */
  layout: ResolvedTwoLayer;
  inputs: Inputs;
  targets: Float64Array;
}

const SCALE = 1e-7;

/** A random start of size 1e-7, whose C_k are those wanted where some are: the output weights see to it. */
function smallStart({ model, layout, inputs, targets }: Setting, seed: number, wanted?: readonly number[]): Float64Array {
  const gamma = alignment(layout, inputs, targets);
  const start = Float64Array.from(normalInputs(1, model.parameterCount, SCALE, seed, 'start').values);
  growthCoefficients(layout, gamma, start).forEach((own, k) => {
    if (wanted) start[k] += (wanted[k] - own) / Math.hypot(...gamma);
  });
  return start;
}

/** Where the flow is at the time u, in units of n / 2‖γ‖, after the linear growth would have brought ‖C‖ to 2‖γ‖. */
function flowUntil({ model, layout, inputs, targets }: Setting, start: Float64Array, u: number): Float64Array {
  const gamma = alignment(layout, inputs, targets);
  const size = Math.hypot(...gamma);
  const norm = Math.hypot(...growthCoefficients(layout, gamma, start));
  const flow = new GradientFlow(model.bind(inputs), targets, start, {
    stop: { time: (inputs.count / (2 * size)) * (Math.log((2 * size) / norm) + u) },
    relativeTolerance: 1e-9,
    absoluteTolerance: 1e-15,
  });
  while (flow.stopReason === null) flow.advance(100);
  return Float64Array.from(flow.parameters);
}

/** Relative distance. */
function away(point: Float64Array, from: Float64Array): number {
  return Math.hypot(...point.map((value, j) => value - from[j])) / Math.hypot(...from);
}

function gridSetting(width: number): Setting {
  const values = Float64Array.from({ length: 6 }, (_, i) => -2 + (4 * i) / 5);
  return {
    model: rationalNetwork(width),
    layout: network({ activation: 'tanh', inputs: 1, width, hiddenBias: true }),
    inputs: { count: 6, dimension: 1, values },
    targets: values.map((x) => Math.tanh(x + 1)),
  };
}

function expectSamePath(setting: Setting, times: readonly number[]): void {
  const { layout, inputs, targets } = setting;
  const first = smallStart(setting, 1);
  const coefficients = growthCoefficients(layout, alignment(layout, inputs, targets), first);
  const same = smallStart(setting, 2, coefficients);
  const longer = smallStart(
    setting,
    3,
    coefficients.map((c) => 3 * c),
  );
  expect(away(same, first)).toBeGreaterThan(0.5);
  const other = smallStart(setting, 4);
  for (const u of times) {
    const place = flowUntil(setting, first, u);
    expect(Math.hypot(...place)).toBeGreaterThan(0.1);
    expect(away(flowUntil(setting, same, u), place)).toBeLessThan(3e-5);
    expect(away(flowUntil(setting, longer, u), place)).toBeLessThan(3e-5);
    expect(away(flowUntil(setting, other, u), place)).toBeGreaterThan(0.3);
  }
}

describe('trajectories from small starts', () => {
  it.each([
    [2, [0, 1, 3, 10]],
    [60, [0, 3, 10]],
    [1000, [1]],
  ])('with equal C/‖C‖ coincide for σ = x/(1 + x²), width %i', (width, times) => {
    expectSamePath(gridSetting(width), times);
  });

  it('with equal C/‖C‖ coincide for two neurons with 500 inputs and 500 samples', () => {
    const inputs = normalInputs(500, 500, 1, 5, 'many inputs');
    const layout = network({ activation: 'tanh', inputs: 500, width: 2, hiddenBias: false });
    const targets = Float64Array.from({ length: 500 }, (_, i) =>
      Math.tanh(inputs.values[500 * i] + 0.5 * inputs.values[500 * i + 1]),
    );
    expectSamePath({ model: createModel(layout), layout, inputs, targets }, [0, 3]);
  });

  it('let the neurons of width 1000 with the largest |C_k| grow the most', () => {
    const setting = gridSetting(1000);
    const { layout, inputs, targets } = setting;
    const start = smallStart(setting, 1);
    const coefficients = growthCoefficients(layout, alignment(layout, inputs, targets), start).map(Math.abs);
    const end = flowUntil(setting, start, 2);
    const byCoefficient = coefficients.map((_, k) => k).sort((i, j) => coefficients[j] - coefficients[i]);
    const grown = byCoefficient.map((k) => Math.abs(end[k]));
    grown.slice(1).forEach((value, i) => expect(value).toBeLessThan(grown[i] * (1 + 1e-3)));
    const total = grown.reduce((sum, value) => sum + value * value, 0);
    const share = (count: number) => grown.slice(0, count).reduce((sum, value) => sum + value * value, 0) / total;
    // The 2nd moment of normal C_k beyond their 10 % and 50 % largest: 0.44 and 0.93.
    expect(share(100)).toBeGreaterThan(0.35);
    expect(share(500)).toBeGreaterThan(0.9);
  });
});
