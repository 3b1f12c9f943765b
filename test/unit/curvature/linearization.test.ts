import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { createLinearization } from '../../../src/engine/curvature/createLinearization';
import { KernelLinearization } from '../../../src/engine/curvature/kernelLinearization';
import { ProblemLinearization, type PointProblem } from '../../../src/engine/curvature/problemLinearization';
import { ProductLinearization } from '../../../src/engine/curvature/productLinearization';
import type { TapeProblem } from '../../../src/engine/kernels/problem';
import type { Linearization } from '../../../src/engine/models/linearization';
import type { BoundModel, Inputs, Model } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { TestNumbers, activation, size } from '../models/arbitraries';
import { directionalDifference, jacobianOf, relativeDifference, values } from '../models/differences';
import { programTwin } from './programTwin';
import { TapeTwin } from './tapeTwin';

const networks: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('twoLayer' as const),
  activation,
  inputs: size,
  width: fc.constantFrom(1, 2, 3, 5, 8, 9, 17),
  hiddenBias: fc.boolean(),
  outputBias: fc.boolean(),
});
const deepNetworks: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('deepNetwork' as const),
  activation,
  inputs: size,
  widths: fc.array(size, { minLength: 1, maxLength: 3 }),
  outputs: fc.constantFrom(1, 1, 2, 3),
  bias: fc.boolean(),
});
const convolutions: fc.Arbitrary<ResolvedModel> = fc
  .record({
    activation,
    inputs: fc.oneof(size, fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))),
    kernel: fc.integer({ min: 1, max: 3 }),
    kernels: fc.constantFrom(1, 2, 3),
    sharing: fc.boolean(),
    hiddenBias: fc.boolean(),
  })
  .map((shape) => ({
    ...shape,
    kind: 'convolution',
    kernel: Math.min(shape.kernel, ...(typeof shape.inputs === 'number' ? [shape.inputs] : shape.inputs)),
  }));
const deepFactorizations: fc.Arbitrary<ResolvedModel> = fc
  .array(size, { minLength: 4, maxLength: 6 })
  .map((dimensions) => ({ kind: 'matrixFactorization', dimensions }));
const formulas: fc.Arbitrary<ResolvedModel> = fc
  .constantFrom(
    't0 + t1*x1 + t2*t3*x2',
    'tanh(t0*x1 + t1)/(1 + exp(-t2*x2)) - sin(t3*x1)',
    'sqrt(1 + square(t0 - x1)) * abs(t1) + t2*relu(x2) - t3^3',
    'log(2 + cos(t0*x1)) + softplus(t1*x2) * sigmoid(t2) + (1.5 + t3*t3)^(0.3*x1)',
    '(1.5 + sin(t0*x1))^tanh(t1 + t2*x2) + x2/(2 + tanh(t3)) - 3^t0',
    '2*t0 - x1',
    'x1*x2 + 0*t0',
  )
  .map((expression) => ({ kind: 'formula', parameters: ['t0', 't1', 't2', 't3'], inputs: ['x1', 'x2'], expression }));
const factorizations: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('matrixFactorization' as const),
  rows: size,
  columns: size,
  inner: size,
});
const diagonals: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('diagonal' as const),
  inputs: size,
  depth: fc.integer({ min: 1, max: 4 }),
});
const listed = {
  'deep networks': deepNetworks,
  convolutions,
  'deep factorizations': deepFactorizations,
  factorizations,
  'diagonal models': diagonals,
};
const families = { 'two-layer networks': networks, ...listed, formulas };

interface Case {
  model: Model;
  bound: BoundModel;
  targets: Float64Array;
  point: Float64Array;
  direction: Float64Array;
}

function caseOf(config: ResolvedModel, count: number, seed: number): Case {
  const numbers = new TestNumbers(seed);
  const model = createModel(config);
  // Exponentials of exponentials overflow soon.
  const small = config.kind === 'deepNetwork' && config.activation === 'exp' ? 0.3 : 1;
  const inputs: Inputs =
    config.kind === 'matrixFactorization'
      ? 'dimensions' in config
        ? numbers.entries(count, config.dimensions[config.dimensions.length - 1], config.dimensions[0])
        : numbers.entries(count, config.rows, config.columns)
      : numbers.inputs(count, model.inputDimension, 0.8);
  return {
    model,
    bound: model.bind(inputs),
    targets: numbers.normals(count * (model.outputCount ?? 1)),
    point: numbers.normals(model.parameterCount, small * 0.8),
    direction: numbers.normals(model.parameterCount, small),
  };
}

/** Everything that a linearization says, in one array. */
function answers(linearization: Linearization, example: Case): Float64Array[] {
  const { point, direction } = example;
  const P = linearization.parameterCount;
  const loss = Float64Array.of(linearization.moveTo(point));
  const [gradient, product, gaussNewton] = [0, 1, 2].map(() => new Float64Array(P).fill(NaN));
  linearization.gradient(gradient);
  linearization.product(direction, product);
  linearization.product(direction, gaussNewton, false);
  const hessian = new Float64Array(P * P).fill(NaN);
  linearization.hessian(hessian);
  const trained = new Float64Array(P).fill(NaN);
  const trainedLoss = Float64Array.of(linearization.lossAndGradient(direction, trained), linearization.loss(direction));
  return [loss, gradient, product, gaussNewton, hessian, trainedLoss, trained, ...iterates(linearization, example)];
}

/** What an iteration sees that starts near the point taken last, with steps that become larger; losses at the end. */
function iterates(linearization: Linearization, { point, direction }: Case): Float64Array[] {
  const out: Float64Array[] = [];
  let at = point.map((value, i) => value + 1e-3 * direction[i]);
  const losses = [linearization.loss(at)];
  for (const step of [1e-9, 1e-3, 0.2, 3]) {
    const increment = direction.map((value, i) => step * value * (i % 2 ? 1 : -0.5));
    at = at.map((value, i) => value + increment[i]);
    const gradient = new Float64Array(at.length).fill(NaN);
    linearization.iterationGradient(at, increment, gradient);
    losses.push(linearization.loss(at));
    linearization.settle?.(at);
    out.push(gradient);
  }
  const moved = new Float64Array(at.length);
  linearization.moveTo(point, true);
  linearization.product(direction, moved);
  return [...out, moved, Float64Array.from(losses)];
}

const counts = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 11);

it('has the same bits in the kernels as in TypeScript: two-layer networks', () => {
  fc.assert(
    fc.property(networks, counts, fc.nat(1e6), (config, count, seed) => {
      const example = caseOf(config, count, seed);
      const kernels = createLinearization(example.bound, example.targets);
      expect(kernels).toBeInstanceOf(KernelLinearization);
      expect(answers(kernels, example)).toEqual(answers(example.bound.linearization!(example.targets), example));
    }),
    // The padding of one sample once decided how far from the anchor a point is.
    {
      numRuns: 120,
      examples: [[{ kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 2, hiddenBias: true, outputBias: true }, 1, 383965]],
    },
  );
});

it.each(Object.entries(listed))('has the same bits in the kernels as in TypeScript: %s', (_, models) => {
  fc.assert(
    fc.property(models, counts, fc.nat(1e6), (config, count, seed) => {
      const example = caseOf(config, count, seed);
      const { bound, targets } = example;
      const kernels = createLinearization(bound, targets);
      expect(kernels).toBeInstanceOf(ProblemLinearization);
      const problem = bound.kernelProblem!() as PointProblem;
      const twin = new ProblemLinearization(problem, targets, bound.parameterCount, programTwin());
      expect(answers(kernels, example)).toEqual(answers(twin, example));
    }),
    { numRuns: 30 },
  );
});

it('has the same bits in the kernels as in TypeScript: formulas', () => {
  fc.assert(
    fc.property(formulas, counts, fc.nat(1e6), (config, count, seed) => {
      const example = caseOf(config, count, seed);
      const { bound, targets } = example;
      const kernels = createLinearization(bound, targets);
      expect(kernels).toBeInstanceOf(ProblemLinearization);
      const twin = new TapeTwin(bound.kernelProblem!() as TapeProblem, bound, targets);
      expect(answers(kernels, example)).toEqual(answers(twin, example));
    }),
    { numRuns: 80 },
  );
});

describe.each(Object.entries(families))('the loss around a point: %s', (_, models) => {
  it('has the gradient and the products that differences of values and gradients give', () => {
    fc.assert(
      fc.property(models, counts, fc.nat(1e6), (config, count, seed) => {
        // Differences across the kink of relu are no derivatives.
        fc.pre(!('activation' in config) || config.activation !== 'relu');
        const example = caseOf(config, count, seed);
        const { bound, targets, point, direction } = example;
        const linearization = createLinearization(bound, targets);
        const [[loss], gradient, product, gaussNewton, hessian, [otherLoss, again], other] = answers(linearization, example);
        const P = bound.parameterCount;
        const n = bound.sampleCount;

        const outputs = values(bound, point);
        const residuals = outputs.map((f, i) => f - targets[i]);
        const said = new Float64Array(n);
        linearization.residuals(said);
        // One residual may be small beside what it is the sum of.
        expect(relativeDifference(said, residuals)).toBeLessThan(1e-12);
        expect(Math.abs(loss - residuals.reduce((sum, r) => sum + r * r, 0) / n)).toBeLessThan(1e-13 * (1 + loss));

        const trained = (at: Float64Array): Float64Array => {
          const out = new Float64Array(P);
          bound.lossAndGradient(at, targets, out);
          return out;
        };
        expect(relativeDifference(gradient, trained(point))).toBeLessThan(1e-12);
        expect(relativeDifference([again], [otherLoss])).toBeLessThan(1e-14);
        expect(relativeDifference([otherLoss], [bound.lossAndGradient(direction, targets, new Float64Array(P))])).toBeLessThan(
          1e-13,
        );
        expect(relativeDifference(other, trained(direction))).toBeLessThan(1e-12);
        // Nested exponentials ask for small steps, others have least rounding errors with large ones.
        const differences = [4e-3, 1e-3, 2e-4].map((h) => directionalDifference(trained, point, direction, h));
        expect(Math.min(...differences.map((each) => relativeDifference(product, each)))).toBeLessThan(1e-7);

        const jacobian = jacobianOf(bound, point);
        const tangent = residuals.map((_r, i) => direction.reduce((sum, v, p) => sum + jacobian[i * P + p] * v, 0));
        const expected = direction.map((_v, p) => (2 / n) * tangent.reduce((sum, t, i) => sum + jacobian[i * P + p] * t, 0));
        expect(relativeDifference(gaussNewton, expected)).toBeLessThan(1e-12);

        const second = point.map((value, p) => value - direction[P - 1 - p]);
        const secondImage = new Float64Array(P);
        linearization.moveTo(point);
        linearization.product(second, secondImage);
        const dot = (u: Float64Array, v: Float64Array): number => u.reduce((sum, value, p) => sum + value * v[p], 0);
        expect(relativeDifference([dot(second, product)], [dot(direction, secondImage)])).toBeLessThan(1e-10);

        expect(hessian.every((value, k) => Object.is(value, hessian[(k % P) * P + Math.floor(k / P)]))).toBe(true);
        const image = direction.map((_v, i) => direction.reduce((sum, v, j) => sum + hessian[i * P + j] * v, 0));
        expect(relativeDifference(image, product)).toBeLessThan(1e-12);
        const columns = new ProductLinearization(bound, targets);
        columns.moveTo(point);
        const unit = new Float64Array(P);
        const column = new Float64Array(P);
        let worst = 0;
        for (let j = 0; j < P; j++) {
          unit.fill(0)[j] = 1;
          columns.product(unit, column);
          worst = Math.max(worst, relativeDifference(hessian.subarray(j * P, (j + 1) * P), column));
        }
        expect(worst).toBeLessThan(1e-12);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the gradient of an iteration', () => {
  const config: ResolvedModel = { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 4, hiddenBias: true, outputBias: true };

  it('is (2/n)(Jᵀr̂ + J₀ᵀ(r − r̂)) with r̂ = r_last + J₀·increment, in the kernels and by products', () => {
    fc.assert(
      fc.property(counts, fc.nat(1e6), fc.constantFrom(1e-6, 0.01, 0.5), (count, seed, size) => {
        const example = caseOf(config, count, seed);
        const { bound, targets, point, direction } = example;
        const P = bound.parameterCount;
        const increment = direction.map((value) => size * value);
        const from = point.map((value, i) => value - 0.01 * direction[P - 1 - i]);
        const to = from.map((value, i) => value + increment[i]);
        const [first, J] = [jacobianOf(bound, point), jacobianOf(bound, to)];
        const last = values(bound, from);
        const now = values(bound, to);
        const expected = new Float64Array(P);
        for (let i = 0; i < count; i++) {
          const predicted = last[i] - targets[i] + increment.reduce((sum, v, p) => sum + v * first[i * P + p], 0);
          const mismatch = now[i] - targets[i] - predicted;
          for (let p = 0; p < P; p++) expected[p] += (2 / count) * (J[i * P + p] * predicted + first[i * P + p] * mismatch);
        }
        for (const linearization of [createLinearization(bound, targets), new ProductLinearization(bound, targets)]) {
          linearization.moveTo(point);
          linearization.loss(from);
          const gradient = new Float64Array(P);
          linearization.iterationGradient(to, increment, gradient);
          expect(relativeDifference(gradient, expected)).toBeLessThan(1e-11);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('settling', () => {
  it.each(['tanh', 'sigmoid', { kind: 'tanh', shift: 0.3 }] as const)(
    'leaves rounding errors in proportion to what has changed: %j',
    (name) => {
      const model = createModel({ kind: 'twoLayer', activation: name, inputs: 2, width: 12, hiddenBias: true, outputBias: true });
      const numbers = new TestNumbers(5);
      const bound = model.bind(numbers.inputs(15, 2));
      const point = numbers.normals(model.parameterCount).map((value) => Math.round(value * 2 ** 15) / 2 ** 15);
      const direction = numbers.normals(model.parameterCount).map((value) => Math.round(value * 4) / 4);
      const targets = values(bound, point);
      // Near a zero of the loss it is a quadratic along a line, but for relative t: third differences show rounding errors alone. All
      // points are exact, so that these are the evaluation's own.
      const roughness = (settled: boolean): number => {
        const linearization = createLinearization(bound, targets);
        linearization.loss(point);
        if (settled) linearization.settle!(point);
        const [a, b, c, d] = [1, 2, 3, 4].map((k) => linearization.loss(point.map((x, i) => x + k * 2 ** -34 * direction[i])));
        return Math.abs(d - 3 * c + 3 * b - a) / d;
      };
      expect(roughness(true)).toBeLessThan(1e-8);
      expect(roughness(false)).toBeGreaterThan(1e-7);
      expect(Math.abs(Math.sqrt(createLinearization(bound, targets).loss(point)))).toBeLessThan(1e-14);
    },
  );

  it('weighs the curvature with the residuals of the point settled, where that is asked for', () => {
    const example = caseOf(
      { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 3, hiddenBias: true, outputBias: true },
      6,
      9,
    );
    const { bound, targets, point, direction } = example;
    const P = bound.parameterCount;
    const near = point.map((value, i) => value + 0.1 * direction[P - 1 - i]);
    const residuals = values(bound, near).map((f, i) => f - targets[i]);
    const bent = new Float64Array(P);
    bound.weightedHessianProduct(point, residuals, direction, bent);
    const linearization = createLinearization(bound, targets);
    linearization.loss(near);
    linearization.settle!(near);
    linearization.moveTo(point, true);
    const [product, gaussNewton] = [new Float64Array(P), new Float64Array(P)];
    linearization.product(direction, product);
    linearization.product(direction, gaussNewton, false);
    const hessian = new Float64Array(P * P);
    linearization.hessian(hessian);
    const expected = gaussNewton.map((value, i) => value + (2 / 6) * bent[i]);
    expect(relativeDifference(product, expected)).toBeLessThan(1e-12);
    const image = direction.map((_v, i) => direction.reduce((sum, v, j) => sum + hessian[i * P + j] * v, 0));
    expect(relativeDifference(image, expected)).toBeLessThan(1e-12);
  });

  it('changes values by no more than rounding, far away too', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.double({ min: -8, max: 2, noNaN: true }), (seed, decade) => {
        const example = caseOf(
          { kind: 'twoLayer', activation: 'tanh', inputs: 3, width: 5, hiddenBias: true, outputBias: false },
          6,
          seed,
        );
        const { bound, targets, point, direction } = example;
        const away = point.map((value, i) => value + 10 ** decade * direction[i]);
        const plain = createLinearization(bound, targets).loss(away);
        const linearization = createLinearization(bound, targets);
        linearization.loss(point);
        linearization.settle!(point);
        expect(Math.abs(linearization.loss(away) / plain - 1)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('the kernels of a thread', () => {
  it('serve several linearizations in turn, each at its own point', () => {
    const config: ResolvedModel = {
      kind: 'twoLayer',
      activation: 'tanh',
      inputs: 3,
      width: 6,
      hiddenBias: true,
      outputBias: true,
    };
    const cases = [caseOf(config, 9, 1), caseOf(config, 4, 2), caseOf({ ...config, width: 2, activation: 'sin' }, 7, 3)];
    const kernels = cases.map(({ bound, targets }) => createLinearization(bound, targets));
    const expected = cases.map((example) => answers(example.bound.linearization!(example.targets), example));
    kernels.forEach((linearization, k) => linearization.moveTo(cases[k].point));
    for (let round = 0; round < 2; round++) {
      kernels.forEach((linearization, k) => {
        const product = new Float64Array(linearization.parameterCount);
        linearization.product(cases[k].direction, product);
        expect(product).toEqual(expected[k][2]);
      });
    }
    // The anchors that `answers` has left stand as before, although the others have been in between.
    const again = cases.map((example) => {
      const twin = example.bound.linearization!(example.targets);
      answers(twin, example);
      return answers(twin, example);
    });
    kernels.forEach((linearization, k) => expect(answers(linearization, cases[k])).toEqual(expected[k]));
    kernels.forEach((linearization, k) => expect(answers(linearization, cases[k])).toEqual(again[k]));
  });

  it('keep slopes where tanh is saturated', () => {
    const model = createModel({ kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 1, hiddenBias: true, outputBias: false });
    const bound = model.bind({ count: 1, dimension: 1, values: Float64Array.of(1) });
    const linearization = createLinearization(bound, Float64Array.of(0));
    linearization.moveTo(Float64Array.of(1, 20, 5));
    const gradient = new Float64Array(3);
    linearization.gradient(gradient);
    // 2·f·a·sech²(25), with sech²(25) = 4e^−50 to first order.
    expect(gradient[1] / (8 * Math.exp(-50))).toBeCloseTo(1, 10);
  });
});
