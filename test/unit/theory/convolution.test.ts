import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedConvolution, ResolvedTwoLayer } from '../../../src/experiment/resolved';
import type { ActivationConfig, TargetConfig } from '../../../src/experiment/schema';
import { convolutionShapeOf, parameterCountOf } from '../../../src/experiment/sizes';
import { windowIndices } from '../../../src/engine/models/convolution';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { placed, teacherKernels, type SharedKernel } from '../../../src/engine/targets/convolutionTeacher';
import { probeInputs } from '../../../src/engine/targets/probes';
import {
  compatibleEmbedding,
  minimalRepresentation,
  nullEmbedding,
  splittingEmbedding,
} from '../../../src/engine/targets/representation';
import { createTarget } from '../../../src/engine/targets/target';
import { connectionSizes, convolutionRank } from '../../../src/engine/theory/convolution/closedForm';
import { convolutionPointRank } from '../../../src/engine/theory/convolution/pointRank';
import { networkRank } from '../../../src/engine/theory/twoLayer/closedForm';
import { TestNumbers } from '../models/arbitraries';
import { relativeDifference, values } from '../models/differences';

const family = (changes: Partial<ResolvedConvolution>): ResolvedConvolution => ({
  kind: 'convolution',
  activation: 'tanh',
  inputs: 5,
  kernel: 3,
  kernels: 1,
  sharing: true,
  hiddenBias: false,
  ...changes,
});

/** The fully connected network of the same neurons, and what it is as a target. */
function fullyConnected(model: ResolvedConvolution, kernels: readonly SharedKernel[]): number {
  const { inputs, positions, weights: s } = convolutionShapeOf(model);
  const indices = windowIndices(model);
  const neurons = placed(kernels).map(({ position, outputWeight, weights, bias }) => {
    const inputWeights = new Array<number>(inputs).fill(0);
    weights.forEach((value, t) => (inputWeights[indices[position * s + t]] = value));
    return { outputWeight, inputWeights, bias };
  });
  const wide: ResolvedTwoLayer = {
    kind: 'twoLayer',
    activation: model.activation,
    inputs,
    width: kernels.length * positions,
    hiddenBias: model.hiddenBias,
    outputBias: false,
  };
  return networkRank(wide, { neurons, outputBias: 0 }).rank;
}

const ranksOf = (model: ResolvedConvolution, kernels: readonly SharedKernel[]): number[] => [
  convolutionRank({ ...model, sharing: true }, kernels).rank,
  convolutionRank({ ...model, sharing: false }, kernels).rank,
  fullyConnected(model, kernels),
];

const kernel = (weights: number[], outputWeights: number[], bias = 0): SharedKernel => ({ weights, outputWeights, bias });
const measured = (model: ResolvedConvolution, parameters: Float64Array) =>
  tangentRank(createModel(model), parameters, probeInputs(model));

describe('published numbers of convolutional targets', () => {
  it('d = 5, s = 3: with sharing, without, fully connected', () => {
    const one = [kernel([0.6, 0.8, 1], [1, 1, 1], 0.3)];
    const two = [...one, kernel([-0.4, 1.1, 0.5], [0.7, -0.9, 1.2], -0.5)];
    expect(ranksOf(family({ kernels: 3 }), one)).toEqual([6, 12, 18]);
    expect(ranksOf(family({ kernels: 3, hiddenBias: true }), one)).toEqual([7, 15, 21]);
    expect(ranksOf(family({ kernels: 3 }), two)).toEqual([12, 24, 36]);
    expect(ranksOf(family({ kernels: 3, hiddenBias: true }), two)).toEqual([14, 30, 42]);
  });

  it('an output weight of 0 frees s + 1 parameters without sharing, not s as printed', () => {
    const target = [kernel([0.6, 0.8, 1], [1, 0, 0.7])];
    expect(ranksOf(family({}), target)).toEqual([6, 8, 12]);
    const model = family({ sharing: false });
    const { parameters } = convolutionRank(model, target);
    expect(measured(model, parameters)).toMatchObject({ rank: 8, conclusive: true });
    // The printed value is the rank where the null neuron keeps its kernel.
    parameters.set([0.6, 0.8, 1], 3 + 3);
    expect(measured(model, parameters)).toMatchObject({ rank: 9, conclusive: true });
    expect(connectionSizes(model, 1, 1)).toEqual({ sharing: 6, noSharing: 8, fullyConnected: 12 });
  });

  it('kernels that are shifts of each other: 10, not 12', () => {
    const target = [kernel([0, 0.7, -1.1], [0.9, 1.3, 0.6]), kernel([0.7, -1.1, 0], [1.4, 0.8, 1.1])];
    const model = family({ kernels: 2 });
    const found = convolutionRank(model, target);
    expect(found).toMatchObject({ rank: 10, exact: false });
    expect(measured(model, found.parameters)).toMatchObject({ rank: 10, conclusive: true });
  });

  it('equal kernels at a point: 9 with independent output maps, 6 with proportional ones', () => {
    const model = family({ kernels: 2 });
    const equal = [0.5, 0.7, -1.1, 0.5, 0.7, -1.1];
    const independent = Float64Array.from([0.9, 1.3, 0.6, 1.4, 0.8, 1.1, ...equal]);
    const proportional = Float64Array.from([0.9, 1.3, 0.6, 1.8, 2.6, 1.2, ...equal]);
    expect([convolutionPointRank(model, independent), measured(model, independent).rank]).toEqual([9, 9]);
    expect([convolutionPointRank(model, proportional), measured(model, proportional).rank]).toEqual([6, 6]);
  });

  it('two dimensions, 4 × 4 inputs and 2 × 2 kernels', () => {
    for (const [k, sharing, connected] of [
      [1, 13, 153],
      [2, 26, 306],
    ]) {
      const model = family({ inputs: [4, 4], kernel: 2, kernels: k });
      const target = teacherKernels(model, { kind: 'teacher', width: k, seed: 3 });
      expect(ranksOf(model, target)).toEqual([sharing, k * 5 * 9, connected]);
      expect(measured(model, convolutionRank(model, target).parameters).rank).toBe(sharing);
    }
  });

  it('MNIST with 3 × 3 kernels: 685k, 6760k, 530660k', () => {
    const model = family({ inputs: [28, 28], kernel: 3 });
    for (const k of [1, 10]) {
      expect(connectionSizes(model, k)).toEqual({ sharing: 685 * k, noSharing: 6760 * k, fullyConnected: 530660 * k });
    }
    const target = teacherKernels(model, { kind: 'teacher', width: 2, seed: 1 });
    expect(convolutionRank({ ...model, kernels: 4 }, target).rank).toBe(2 * 685);
    expect(convolutionRank({ ...model, kernels: 4, sharing: false }, target).rank).toBe(2 * 6760);
  });
});

const shapes = fc
  .record({
    inputs: fc.oneof(fc.integer({ min: 2, max: 6 }), fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }))),
    kernel: fc.integer({ min: 1, max: 3 }),
    sharing: fc.boolean(),
    hiddenBias: fc.boolean(),
  })
  .map((shape) => ({
    ...shape,
    kernel: Math.min(shape.kernel, ...(typeof shape.inputs === 'number' ? [shape.inputs] : shape.inputs)),
  }));

describe('rank of convolutions over random shapes', () => {
  const activations: ActivationConfig[] = ['tanh', { kind: 'tanh', shift: 0.3 }, 'exp', 'sin', 'sigmoid', 'softplus'];
  it('at minimal, null, splitting and compatible points is the formula, or within the bound', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom(...activations),
        fc.integer({ min: 1, max: 2 }),
        fc.nat(1),
        fc.nat(9999),
        (shape, activation, k, extra, seed) => {
          const model = family({ ...shape, activation, kernels: k + extra });
          // A kernel of one weight is the same at every position of the input but for its size.
          fc.pre(parameterCountOf(model) < 150);
          const target: TargetConfig = { kind: 'teacher', width: k, seed: seed + 1 };
          const { rank, exact } = convolutionRank(model, teacherKernels(model, target));
          const inputs = probeInputs(model);
          const wanted = new Float64Array(inputs.count);
          createTarget(model, target).evaluate(inputs, wanted);
          const minimal = minimalRepresentation(model, target)!.parameters;
          const embedded = [splittingEmbedding(model, target, seed)!, compatibleEmbedding(model, target, seed)!];
          for (const parameters of [minimal, nullEmbedding(model, target)!, ...embedded]) {
            expect(relativeDifference(values(createModel(model).bind(inputs), parameters), wanted)).toBeLessThan(1e-11);
          }
          for (const parameters of [minimal, ...embedded]) {
            const found = measured(model, parameters);
            if (!found.conclusive) continue;
            compared += 1;
            if (exact) expect(found.rank).toBe(rank);
            else if (parameters === minimal) expect(found.rank).toBeLessThanOrEqual(rank);
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('at degenerate points of odd activations is the count of padded kernels and output maps', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom<ActivationConfig>('tanh', 'sin'),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (shape, activation, kernels, seed) => {
          const model = family({ ...shape, activation, hiddenBias: shape.hiddenBias && activation === 'tanh', kernels });
          fc.pre(parameterCountOf(model) < 120);
          const parameters = degeneratePoint(model, new TestNumbers(seed));
          const found = measured(model, parameters);
          if (!found.conclusive) return;
          compared += 1;
          expect(found.rank).toBe(convolutionPointRank(model, parameters));
        },
      ),
      // Three sines of one input: the last singular value is lost in rounding, the one before it is 1.8e-7.
      { numRuns: 300, examples: [[{ inputs: 6, kernel: 1, sharing: false, hiddenBias: false }, 'sin', 3, 1831755514]] },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('of shifted and repeated kernels in the target is that of the point it gives', () => {
    let shifted = 0;
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 7 }), fc.boolean(), fc.boolean(), fc.nat(), (inputs, sharing, hiddenBias, seed) => {
        const numbers = new TestNumbers(seed);
        const pick = (): number[] => {
          const [u, v] = [numbers.normal(), numbers.normal()];
          const options = [
            [u, v, 0],
            [0, u, v],
            [u, 0, 0],
            [0, u, 0],
            [0, 0, u],
            [u, v, numbers.normal()],
          ];
          return options[numbers.integer(options.length)];
        };
        const model = family({ inputs, kernels: 3, sharing, hiddenBias });
        const { positions } = convolutionShapeOf(model);
        const base = pick();
        const moved = base[2] === 0 ? [0, base[0], base[1]] : base.map((value) => -value);
        const output = (): number[] =>
          Array.from({ length: positions }, () => (numbers.uniform() < 0.4 ? 0 : 0.5 + numbers.uniform()));
        const bias = hiddenBias ? numbers.normal() : 0;
        const target = [kernel(base, output(), bias), kernel(moved, output(), bias), kernel(pick(), output(), bias)];
        fc.pre(target.every(({ outputWeights, weights }) => outputWeights.some((a) => a !== 0) && weights.some((w) => w !== 0)));
        const { rank, parameters, exact } = convolutionRank(model, target);
        const probes = probeInputs(model);
        const wanted = new Float64Array(probes.count);
        createTarget(model, {
          kind: 'teacher',
          kernels: target.map((each) => ({ ...each, weights: [...each.weights], outputWeights: [...each.outputWeights] })),
        }).evaluate(probes, wanted);
        expect(relativeDifference(values(createModel(model).bind(probes), parameters), wanted)).toBeLessThan(1e-12);
        expect(convolutionPointRank(model, parameters)).toBe(rank);
        const found = measured(model, parameters);
        if (found.conclusive) expect(found.rank).toBe(rank);
        if (!exact) shifted += 1;
      }),
      { numRuns: 200 },
    );
    expect(shifted).toBeGreaterThan(5);
  });
});

/** Kernels of zeros, equal, opposite and shifted kernels, and output weights of 0, by chance. */
function degeneratePoint(model: ResolvedConvolution, numbers: TestNumbers): Float64Array {
  const { positions, weights: s } = convolutionShapeOf(model);
  const parameters = numbers.normals(parameterCountOf(model)).map((value) => value + Math.sign(value));
  const neurons = model.kernels * (model.sharing ? 1 : positions);
  const at = model.kernels * positions;
  for (let i = 0; i < at; i++) if (numbers.uniform() < 0.2) parameters[i] = 0;
  for (let k = 0; k < neurons; k++) {
    const chance = numbers.uniform();
    const from = at + numbers.integer(neurons) * s;
    const biasOf = (index: number): number => at + neurons * s + index;
    const source = (from - at) / s;
    if (chance < 0.1) parameters.fill(0, at + k * s, at + (k + 1) * s);
    else if (chance < 0.35) {
      const sign = numbers.uniform() < 0.5 ? -1 : 1;
      for (let t = 0; t < s; t++) parameters[at + k * s + t] = sign * parameters[from + t];
      if (model.hiddenBias) parameters[biasOf(k)] = sign * parameters[biasOf(source)];
    } else if (chance < 0.5 && typeof model.inputs === 'number') {
      for (let t = s - 1; t >= 0; t--) parameters[at + k * s + t] = t === 0 ? 0 : parameters[at + k * s + t - 1];
    }
  }
  return parameters;
}
