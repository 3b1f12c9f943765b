import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unitValues } from '../../../src/engine/meanField/forward';
import { discretizationVariance } from '../../../src/engine/meanField/discretization';
import { optimalDensities } from '../../../src/engine/meanField/optimalDensities';
import {
  densityGradient,
  marginalVariation,
  outgoingSizes,
  regularizerTerms,
  uniformDensities,
  weightedSum,
} from '../../../src/engine/meanField/regularizer';
import { outgoingOverDensities, resampleLayer, type Drawing } from '../../../src/engine/meanField/resample';
import type { NetShape } from '../../../src/engine/meanField/shape';
import { weightedVariation } from '../../../src/engine/meanField/training';
import { activationFunction } from '../../../src/engine/models/activation';
import { randomStream } from '../../../src/engine/random/stream';
import {
  closedFormDensity,
  coefficientOfVariation,
  repopulatedOutgoingTerm,
} from '../../../src/engine/theory/repopulation/closedForm';
import { anyNet, randomDensities, randomInputs, randomNet } from './nets';

const tanh = activationFunction('tanh');
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

const layer = fc.array(fc.tuple(fc.double({ min: 1e-3, max: 10, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true })), {
  minLength: 1,
  maxLength: 40,
});

describe('the closed form of one layer', () => {
  test('mean 1, and the optimality conditions: −u²/p² + r the same for all', () => {
    fc.assert(
      fc.property(layer, (pairs) => {
        const u = Float64Array.from(pairs, ([weight]) => weight);
        const r = Float64Array.from(pairs, ([, cost]) => cost);
        const p = closedFormDensity(u, r);
        expect(mean(p)).toBeCloseTo(1, 12);
        const slopes = u.map((weight, j) => r[j] - (weight * weight) / (p[j] * p[j]));
        const size = Math.max(...u.map((weight, j) => (weight * weight) / (p[j] * p[j]) + r[j]));
        for (const slope of slopes) expect(Math.abs(slope - slopes[0])).toBeLessThan(1e-9 * size);
      }),
      { numRuns: 300 },
    );
  });

  test('no density near by is better', () => {
    fc.assert(
      fc.property(layer, fc.integer({ min: 0, max: 1e6 }), (pairs, seed) => {
        const u = Float64Array.from(pairs, ([weight]) => weight);
        const r = Float64Array.from(pairs, ([, cost]) => cost);
        const value = (q: Float64Array) => q.reduce((sum, density, j) => sum + (u[j] * u[j]) / density + r[j] * density, 0);
        const p = closedFormDensity(u, r);
        const stream = randomStream(seed, 'other densities');
        for (const part of [1e-3, 0.1, 0.9]) {
          const other = Float64Array.from(u, () => 0.01 + stream.uniform());
          const scale = 1 / mean(other);
          const mixed = p.map((density, j) => (1 - part) * density + part * scale * other[j]);
          expect(value(mixed)).toBeGreaterThanOrEqual(value(p) * (1 - 1e-12));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('without costs p ∝ u, the value is (mean u)², and what a neuron then sends out is the same for all', () => {
    const u = Float64Array.of(0.5, 2, 3.5, 0.1);
    const p = closedFormDensity(u, new Float64Array(4));
    u.forEach((weight, j) => expect(p[j]).toBeCloseTo(weight / mean(u), 12));
    expect(mean(u.map((weight, j) => (weight * weight) / p[j]))).toBeCloseTo(repopulatedOutgoingTerm(u), 12);
    expect(weightedVariation(u, p)).toBeLessThan(1e-12);
  });

  test('with costs the importance weights become √(r + ν), which may differ more than before', () => {
    const u = Float64Array.of(1, 1.1);
    const r = Float64Array.of(0, 8);
    const p = closedFormDensity(u, r);
    expect(coefficientOfVariation(u)).toBeLessThan(0.05);
    expect(weightedVariation(u, p)).toBeGreaterThan(0.5);
    expect((u[0] / p[0]) ** 2 - r[0]).toBeCloseTo((u[1] / p[1]) ** 2 - r[1], 10);
  });

  test('mass that no sending neuron wants stays with the cheapest silent one', () => {
    // u = 1, r = 9 would like p = 1/3; the silent neuron costs nothing, so it takes the rest.
    const p = closedFormDensity(Float64Array.of(1, 0), Float64Array.of(9, 0));
    expect(p[0]).toBeCloseTo(1 / 3, 12);
    expect(p[1]).toBeCloseTo(5 / 3, 12);
    expect(closedFormDensity(Float64Array.of(1, 0), Float64Array.of(0.01, 1))[1]).toBe(0);
    expect(() => closedFormDensity(Float64Array.of(0, 0), Float64Array.of(1, 1))).toThrow('sends nothing');
  });

  test('is what a search over the one free mass of two neurons finds', () => {
    const u = Float64Array.of(1.3, 0.4);
    const r = Float64Array.of(0.8, 0.2);
    const value = (q: number) => (u[0] * u[0]) / q + (u[1] * u[1]) / (2 - q) + r[0] * q + r[1] * (2 - q);
    let low = 0.01;
    let high = 1.99;
    for (let i = 0; i < 200; i++) {
      const a = low + 0.382 * (high - low);
      const b = low + 0.618 * (high - low);
      if (value(a) < value(b)) high = b;
      else low = a;
    }
    expect(closedFormDensity(u, r)[0]).toBeCloseTo(low, 6);
  });
});

/** Outputs of the continuous net with densities: every unit sends W̃·f = (W̃/p)·f·p. */
function outputsWithDensities(
  shape: NetShape,
  parameters: Float64Array,
  p: Float64Array[],
  input: ArrayLike<number>,
): Float64Array {
  let values = Float64Array.from(input);
  shape.layers.forEach(({ rows, columns, kernel, biases }, l) => {
    const next = new Float64Array(rows);
    for (let j = 0; j < rows; j++) {
      let sum = parameters[biases + j];
      for (let k = 0; k < columns; k++) sum += parameters[kernel + j * columns + k] * values[k] * (l === 0 ? 1 : p[l - 1][k]);
      next[j] = l < shape.depth ? Math.tanh(sum) : sum;
    }
    values = next;
  });
  return values;
}

test('the change of variables leaves the function as it is: below 1e-12', () => {
  fc.assert(
    fc.property(anyNet, fc.integer({ min: 0, max: 1e6 }), ({ shape, parameters }, seed) => {
      const densities = randomDensities(shape, seed);
      const changed = outgoingOverDensities(shape, parameters, densities);
      const inputs = randomInputs(shape, 5, seed);
      for (let s = 0; s < 5; s++) {
        const input = inputs.subarray(s * shape.inputs, (s + 1) * shape.inputs);
        const before = unitValues(shape, tanh, parameters, input)[shape.depth + 1];
        const after = outputsWithDensities(shape, changed, densities, input);
        for (let o = 0; o < shape.outputs; o++) expect(Math.abs(before[o] - after[o])).toBeLessThan(1e-12);
      }
    }),
    { numRuns: 200 },
  );
});

describe('the regulariser', () => {
  test('by its definition ∫(∫|w̃|p)²/p, from the weights w = w̃/p of a net with densities', () => {
    const { shape, parameters } = randomNet(3, [6, 5], 2, 11);
    const densities = randomDensities(shape, 11);
    const weights = outgoingOverDensities(shape, parameters, densities);
    const terms = regularizerTerms(shape, parameters, densities);
    shape.layers.forEach(({ rows, columns, kernel }, l) => {
      let sum = 0;
      for (let k = 0; k < columns; k++) {
        let inner = 0;
        for (let j = 0; j < rows; j++) inner += Math.abs(weights[kernel + j * columns + k]) * (densities[l]?.[j] ?? 1);
        sum += (inner / rows) * (inner / rows) * (l === 0 ? 1 : densities[l - 1][k]);
      }
      expect(terms[l]).toBeCloseTo(sum, 10);
    });
  });

  test('its gradient by the densities against central differences', () => {
    fc.assert(
      fc.property(anyNet, fc.integer({ min: 0, max: 1e6 }), ({ shape, parameters }, seed) => {
        const decays = shape.layers.map((_, l) => 0.5 + 0.7 * l);
        const densities = randomDensities(shape, seed, 0.5);
        const value = () => weightedSum(regularizerTerms(shape, parameters, densities), decays);
        for (let h = 0; h < shape.depth; h++) {
          const { received, sent } = densityGradient(shape, parameters, decays, densities, h);
          for (let k = 0; k < shape.widths[h]; k++) {
            const kept = densities[h][k];
            densities[h][k] = kept * (1 + 1e-6);
            const right = value();
            densities[h][k] = kept * (1 - 1e-6);
            const left = value();
            densities[h][k] = kept;
            const slope = received[k] + sent[k];
            expect(Math.abs((right - left) / (2e-6 * kept) - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)) * (1 + value()));
          }
        }
      }),
    );
  });

  test('is convex in output weights and densities together: no violation on 2000 segments', () => {
    const { shape, parameters } = randomNet(3, [20, 25], 1, 5);
    const decays = [0.3, 1, 1];
    const { kernel, columns } = shape.outputLayer;
    const stream = randomStream(5, 'segments');
    let violations = 0;
    for (let i = 0; i < 2000; i++) {
      const ends = [0, 1].map((side) => {
        const at = Float64Array.from(parameters);
        for (let k = 0; k < columns; k++) at[kernel + k] = stream.normal();
        return { at, p: randomDensities(shape, 2 * i + side) };
      });
      const t = stream.uniform();
      const mix = (u: Float64Array, v: Float64Array) => u.map((value, k) => (1 - t) * value + t * v[k]);
      const value = (at: Float64Array, p: Float64Array[]) => weightedSum(regularizerTerms(shape, at, p), decays);
      const between = value(
        mix(ends[0].at, ends[1].at),
        ends[0].p.map((p, h) => mix(p, ends[1].p[h])),
      );
      const chord = (1 - t) * value(ends[0].at, ends[0].p) + t * value(ends[1].at, ends[1].p);
      if (between > chord * (1 + 1e-12)) violations++;
    }
    expect(violations).toBe(0);
  });
});

describe('optimal densities', () => {
  test('never raise the regulariser, and reach the stated gap, in one layer or all', () => {
    fc.assert(
      fc.property(anyNet, fc.boolean(), ({ shape, parameters }, all) => {
        const decays = shape.layers.map((_, l) => [0.3, 0.05, 1, 0.5][l]);
        const layers = all ? shape.widths.map((_, h) => h) : [shape.depth - 1];
        const { densities, before, after, gap } = optimalDensities(shape, parameters, decays, layers);
        expect(after).toBeLessThanOrEqual(before);
        expect(gap).toBeLessThan(1e-6 * after);
        expect(after).toBeCloseTo(weightedSum(regularizerTerms(shape, parameters, densities), decays), 12);
        for (const p of densities) {
          expect(mean(p)).toBeCloseTo(1, 10);
          expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('also of a net for which that takes hundreds of rounds', () => {
    const { shape } = randomNet(4, [7], 1, 1);
    const parameters = Float64Array.of(
      ...[
        0.018785744616006954, 0.4206993678145038, 0.05834526381899686, 0.16180538534556002, 0.2041139923961965,
        -0.2316132417507029,
      ],
      ...[
        0.5300334883309155, 1.161446061235971, -0.030199430728693376, 0.5130192917658111, -0.2718634518650848, 1.02746747871637,
      ],
      ...[
        0.9723183511288915, 0.9465180898062147, -0.508827126277379, -0.38034616752323336, 0.2623252254012536,
        -0.006293588830736229,
      ],
      ...[
        0.07668658784538242, 0.2852090549016067, -0.8045674795317452, -0.17017010982152522, 0.8480875324873992,
        0.9884742772499002,
      ],
      ...[-0.808549354620654, -0.23955241664444069, -0.2869810031243416, 0.7203474019515452, 0, 0, 0, 0, 0, 0, 0],
      ...[0.02084394443997859, 0.022463607792293002, -0.24955043923105016, -0.6104534707736554, 0.006726752208818745],
      ...[0.4759423709849929, 0.4997047001381954, 0],
    );
    const { after, gap, rounds } = optimalDensities(shape, parameters, [0.3, 0.05], [0]);
    expect(rounds).toBeGreaterThan(500);
    expect(gap).toBeLessThan(1e-7 * after);
  });

  test('no random densities are better than what the gap allows', () => {
    const { shape, parameters } = randomNet(2, [12, 15, 10], 1, 21);
    const decays = [0.2, 0.1, 0.3, 1];
    const { after, gap } = optimalDensities(shape, parameters, decays, [0, 1, 2]);
    for (let seed = 0; seed < 500; seed++) {
      const value = weightedSum(regularizerTerms(shape, parameters, randomDensities(shape, seed, seed / 500)), decays);
      expect(value).toBeGreaterThanOrEqual(after - gap - 1e-12);
    }
  });

  test('as the gradient descent with the mean removed has it, which the authors ran for 1e5 steps', () => {
    const { shape, parameters } = randomNet(3, [8, 10], 1, 33);
    const decays = [0, 0.05, 1];
    const p = uniformDensities(shape);
    for (let step = 0; step < 100_000; step++) {
      const { received, sent } = densityGradient(shape, parameters, decays, p, 1);
      const slope = received.map((value, k) => value + sent[k]);
      const middle = mean(slope);
      for (let k = 0; k < 10; k++) p[1][k] = Math.max(1e-7, p[1][k] - 0.05 * (slope[k] - middle));
      const total = mean(p[1]);
      for (let k = 0; k < 10; k++) p[1][k] /= total;
    }
    const { densities } = optimalDensities(shape, parameters, decays, [1]);
    for (let k = 0; k < 10; k++) expect(densities[1][k]).toBeCloseTo(p[1][k], 5);
  });

  test('make what the neurons of the last hidden layer send out equal, where receiving costs nothing', () => {
    fc.assert(
      fc.property(anyNet, ({ shape, parameters }) => {
        const last = shape.depth - 1;
        const decays = shape.layers.map((_, l) => (l === shape.depth ? 1 : 0));
        const { densities, after, gap } = optimalDensities(shape, parameters, decays, [last]);
        const u = outgoingSizes(shape, parameters, shape.depth);
        expect(weightedVariation(u, densities[last])).toBeLessThan(1e-9);
        expect(gap).toBeLessThan(1e-10 * after);
      }),
      { numRuns: 200 },
    );
  });

  test('make the margins of the neurons equal, whatever receiving costs', () => {
    const costs = fc.constantFrom(0, 0.01, 1, 10);
    fc.assert(
      fc.property(anyNet, costs, ({ shape, parameters }, cost) => {
        const last = shape.depth - 1;
        const decays = shape.layers.map((_, l) => (l === shape.depth ? 1 : cost));
        const { densities } = optimalDensities(shape, parameters, decays, [last]);
        const before = marginalVariation(shape, parameters, decays, uniformDensities(shape), last);
        const after = marginalVariation(shape, parameters, decays, densities, last);
        expect(after).toBeLessThan(1e-3);
        expect(after).toBeLessThanOrEqual(Math.max(before, 1e-9));
      }),
      { numRuns: 200 },
    );
  });
});

describe('resampling', () => {
  const { shape, parameters } = randomNet(2, [15, 30], 1, 77);
  const input = [0.4, -0.9];
  const output = (at: Float64Array) => unitValues(shape, tanh, at, input)[shape.depth + 1][0];
  const exact = output(parameters);
  const u = outgoingSizes(shape, parameters, 2);
  const importance = closedFormDensity(u, new Float64Array(30));

  const scatter = (p: Float64Array, draws: number, drawing: Drawing = 'independent') => {
    let sum = 0;
    let square = 0;
    for (let draw = 0; draw < draws; draw++) {
      const difference = output(resampleLayer(shape, parameters, 1, p, drawing, randomStream(draw, 'draw'))) - exact;
      sum += difference;
      square += difference * difference;
    }
    return { bias: sum / draws, variance: square / draws };
  };

  test('is unbiased, and drawing by importance scatters less than drawing uniformly', () => {
    const byImportance = scatter(importance, 4000);
    const uniform = scatter(new Float64Array(30).fill(1), 4000);
    expect(Math.abs(byImportance.bias)).toBeLessThan(4.5 * Math.sqrt(byImportance.variance / 4000));
    expect(Math.abs(uniform.bias)).toBeLessThan(4.5 * Math.sqrt(uniform.variance / 4000));
    expect(byImportance.variance).toBeLessThan(uniform.variance);
    const comb = scatter(importance, 4000, 'systematic');
    expect(Math.abs(comb.bias)).toBeLessThan(4.5 * Math.sqrt(comb.variance / 4000));
    expect(comb.variance).toBeLessThan(byImportance.variance);
  });

  test('the discretisation variance of the last hidden layer is what uniform drawing scatters', () => {
    // A net of this one layer alone, for which it is exact.
    const top = randomNet(2, [30], 1, 78);
    const measured = discretizationVariance(top.shape, tanh, top.parameters, Float64Array.from(input));
    let square = 0;
    const truth = unitValues(top.shape, tanh, top.parameters, input)[2][0];
    for (let draw = 0; draw < 20_000; draw++) {
      const drawn = resampleLayer(
        top.shape,
        top.parameters,
        0,
        new Float64Array(30).fill(1),
        'independent',
        randomStream(draw, 'draw'),
      );
      const difference = unitValues(top.shape, tanh, drawn, input)[2][0] - truth;
      square += difference * difference;
    }
    expect(square / 20_000 / measured).toBeGreaterThan(0.95);
    expect(square / 20_000 / measured).toBeLessThan(1.05);
  });
});
