import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { createLinearization } from '../../../src/engine/curvature/createLinearization';
import { hessianSpectrum, lossHessian } from '../../../src/engine/curvature/lossHessian';
import type { BoundModel, Inputs } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { generator } from '../numbers/arguments';

/** f(x; θ) = θᵀx (linear) or (θᵀx)² (quadratic), written out by hand. */
function handModel(x: number[][], kind: 'linear' | 'quadratic'): BoundModel {
  const n = x.length;
  const M = x[0]!.length;
  const dot = (p: Float64Array, i: number) => x[i]!.reduce((sum, xi, j) => sum + xi * p[j]!, 0);
  const slope = (p: Float64Array, i: number) => (kind === 'linear' ? 1 : 2 * dot(p, i));
  const self: BoundModel = {
    sampleCount: n,
    parameterCount: M,
    evaluate: (p, out) => x.forEach((_, i) => (out[i] = kind === 'linear' ? dot(p, i) : dot(p, i) ** 2)),
    jacobian: (p, out) => x.forEach((row, i) => row.forEach((xi, j) => (out[i * M + j] = slope(p, i) * xi))),
    weightedGradient: (p, w, out) => {
      out.fill(0);
      x.forEach((row, i) => row.forEach((xi, j) => (out[j]! += w[i]! * slope(p, i) * xi)));
    },
    directionalDerivative: (p, d, out) => x.forEach((_, i) => (out[i] = slope(p, i) * dot(d, i))),
    weightedHessianProduct: (_, w, d, out) => {
      out.fill(0);
      if (kind === 'quadratic') x.forEach((row, i) => row.forEach((xi, j) => (out[j]! += 2 * w[i]! * xi * dot(d, i))));
    },
    lossAndGradient: (p, y, gradient) => {
      gradient.fill(0);
      let loss = 0;
      x.forEach((row, i) => {
        const r = (kind === 'linear' ? dot(p, i) : dot(p, i) ** 2) - y[i]!;
        loss += (r * r) / n;
        row.forEach((xi, j) => (gradient[j]! += (2 / n) * r * slope(p, i) * xi));
      });
      return loss;
    },
  };
  return self;
}

/** Central differences of the gradient. */
function differenceHessian(bound: BoundModel, parameters: Float64Array, targets: Float64Array): number[] {
  const M = bound.parameterCount;
  const step = 1e-5;
  const result = new Array<number>(M * M);
  for (let j = 0; j < M; j++) {
    const [up, down] = [1, -1].map((sign) => {
      const moved = parameters.slice();
      moved[j]! += sign * step;
      const gradient = new Float64Array(M);
      bound.lossAndGradient(moved, targets, gradient);
      return gradient;
    }) as [Float64Array, Float64Array];
    for (let i = 0; i < M; i++) result[i * M + j] = (up[i]! - down[i]!) / (2 * step);
  }
  return result;
}

const numbers = (random: () => number, length: number, scale = 1) =>
  Float64Array.from({ length }, () => scale * (2 * random() - 1));

function expectHessian(bound: BoundModel, parameters: Float64Array, targets: Float64Array, seed: number): void {
  const M = bound.parameterCount;
  const hessian = lossHessian(bound, parameters, targets).values;
  const scale = Math.max(1, ...hessian.map(Math.abs));
  differenceHessian(bound, parameters, targets).forEach((x, i) => expect(Math.abs(hessian[i]! - x)).toBeLessThan(1e-7 * scale));
  for (let i = 0; i < M; i++) for (let j = 0; j < i; j++) expect(hessian[i * M + j]).toBe(hessian[j * M + i]);
  const direction = numbers(generator(seed), M);
  const product = new Float64Array(M);
  const linearization = createLinearization(bound, targets);
  linearization.moveTo(parameters);
  linearization.product(direction, product);
  product.forEach((x, i) =>
    expect(Math.abs(x - direction.reduce((sum, d, j) => sum + d * hessian[i * M + j]!, 0))).toBeLessThan(1e-12 * scale * M),
  );
}

describe('lossHessian', () => {
  it('is (2/n)XᵀX for a linear model', () => {
    const x = [
      [1, 2, 3],
      [0, -1, 2],
      [4, 0, 1],
      [1, 1, 1],
    ];
    const hessian = lossHessian(handModel(x, 'linear'), Float64Array.of(3, -1, 2), Float64Array.of(1, 2, 3, 4)).values;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) expect(hessian[i * 3 + j]).toBe((2 / 4) * x.reduce((sum, row) => sum + row[i]! * row[j]!, 0));
  });

  it('is (2/n)Σ(6·(θᵀx)² − 2y)·x·xᵀ for (θᵀx)²', () => {
    const x = [
      [1, 2],
      [-1, 0.5],
      [2, 1],
    ];
    const y = [1, 2, -3];
    const hessian = lossHessian(handModel(x, 'quadratic'), Float64Array.of(0.5, -0.25), Float64Array.from(y)).values;
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 2; j++) {
        const exact =
          x.reduce((sum, row, s) => sum + (6 * (0.5 * row[0]! - 0.25 * row[1]!) ** 2 - 2 * y[s]!) * row[i]! * row[j]!, 0) *
          (2 / 3);
        expect(hessian[i * 2 + j]).toBeCloseTo(exact, 13);
      }
    }
  });

  it('agrees with differences of the gradient for the hand-written models', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('linear' as const, 'quadratic' as const),
        (seed, n, M, kind) => {
          const random = generator(seed);
          const bound = handModel(
            Array.from({ length: n }, () => [...numbers(random, M)]),
            kind,
          );
          expectHessian(bound, numbers(random, M), numbers(random, n), seed);
        },
      ),
    );
  });

  const families: [string, ResolvedModel, number][] = [
    ['matrix factorization', { kind: 'matrixFactorization', rows: 3, columns: 4, inner: 2 }, 2],
    ['two-layer network', { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 3, hiddenBias: true, outputBias: true }, 2],
    [
      'formula',
      { kind: 'formula', parameters: ['a', 'b', 'c'], inputs: ['x'], expression: 'a*exp(b*x) + c^2*x' } as ResolvedModel,
      1,
    ],
  ];
  const someInputs = (config: ResolvedModel, dimension: number, count: number, random: () => number): Inputs => ({
    count,
    dimension,
    values: Float64Array.from({ length: count * dimension }, (_, i) =>
      config.kind === 'matrixFactorization' && 'rows' in config
        ? Math.floor(random() * (i % 2 === 0 ? config.rows : config.columns))
        : 3 * random() - 1.5,
    ),
  });

  it.each(families)('agrees with differences of the gradient for a %s', (_, config, dimension) => {
    const model = createModel(config);
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 9 }), (seed, count) => {
        const random = generator(seed);
        const bound = model.bind(someInputs(config, dimension, count, random));
        expectHessian(bound, numbers(random, model.parameterCount), numbers(random, count), seed);
      }),
      { numRuns: 25 },
    );
  });

  it.each(families)(
    'has as many non-zero eigenvalues at zero loss as the tangent matrix has rank: %s',
    (_, config, dimension) => {
      const model = createModel(config);
      fc.assert(
        fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, count) => {
          const random = generator(seed);
          const inputs = someInputs(config, dimension, count, random);
          const bound = model.bind(inputs);
          const parameters = numbers(random, model.parameterCount, 1.5);
          const targets = new Float64Array(count);
          bound.evaluate(parameters, targets);
          const { eigenvalues, residual, converged } = hessianSpectrum(bound, parameters, targets);
          expect(converged).toBe(true);
          expect(residual).toBeLessThan(1e-13);
          const rank = tangentRank(model, parameters, inputs, { normalizeColumns: false });
          const largest = eigenvalues[eigenvalues.length - 1]!;
          expect(eigenvalues[0]!).toBeGreaterThan(-1e-13 * largest);
          // Eigenvalues are (2/n)σ², so that half of the digits of σ are lost in them.
          const last = rank.rank > 0 ? rank.singularValues[rank.rank - 1]! / rank.singularValues[0]! : 1;
          if (last > 1e-6) expect(eigenvalues.filter((x) => x > 1e-13 * largest).length).toBe(rank.rank);
          [...eigenvalues]
            .reverse()
            .slice(0, rank.rank)
            .forEach((x, i) =>
              expect(Math.abs(x - (2 / count) * rank.singularValues[i]! ** 2)).toBeLessThan(1e-13 * largest * 10),
            );
        }),
        { numRuns: 25 },
      );
    },
  );

  it('says where the model overflows', () => {
    expect(() => hessianSpectrum(handModel([[1e200, 1]], 'linear'), Float64Array.of(1, 1), Float64Array.of(0))).toThrow(
      'Entry (1, 1) of the Hessian is Infinity.',
    );
  });
});
