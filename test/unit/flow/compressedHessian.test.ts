import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { lossHessian } from '../../../src/engine/curvature/lossHessian';
import { CompressedHessian } from '../../../src/engine/flow/compressedHessian';
import { colorColumns, findHessianPattern } from '../../../src/engine/flow/hessianPattern';
import type { BoundModel } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';

function normals(seed: number, name: string, count: number): Float64Array {
  const out = new Float64Array(count);
  randomStream(seed, name).fillNormal(out);
  return out;
}

function bind(
  config: ResolvedModel,
  n: number,
  seed: number,
): { bound: BoundModel; parameters: Float64Array; targets: Float64Array } {
  const model = createModel(config);
  const d = model.inputDimension;
  const values =
    config.kind === 'matrixFactorization' && 'rows' in config
      ? Float64Array.from({ length: 2 * n }, (_, k) => randomStream(seed, k).integer(k % 2 === 0 ? config.rows : config.columns))
      : normals(seed, 'inputs', n * d);
  return {
    bound: model.bind({ count: n, dimension: d, values }),
    parameters: normals(seed, 'parameters', model.parameterCount),
    targets: normals(seed, 'targets', n),
  };
}

const models = fc.oneof(
  fc.record({
    kind: fc.constant('twoLayer' as const),
    activation: fc.constantFrom('tanh' as const, 'sigmoid' as const, 'exp' as const, 'softplus' as const, 'sin' as const),
    inputs: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 6 }),
    hiddenBias: fc.boolean(),
    outputBias: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('matrixFactorization' as const),
    rows: fc.integer({ min: 1, max: 5 }),
    columns: fc.integer({ min: 1, max: 5 }),
    inner: fc.integer({ min: 1, max: 3 }),
  }),
  fc.constant<ResolvedModel>({
    kind: 'formula',
    parameters: ['a', 'b', 'c', 'd'],
    inputs: ['x', 'y'],
    expression: 'a*tanh(b*x + c*y) + d*x*c',
  }),
);

/** Largest difference of a column to the central difference of the gradient, relative to the largest entry. */
function differenceToGradients(
  bound: BoundModel,
  parameters: Float64Array,
  targets: Float64Array,
  hessian: Float64Array,
): number {
  const P = parameters.length;
  const size = hessian.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
  const gradients = [new Float64Array(P), new Float64Array(P)];
  let largest = 0;
  for (let j = 0; j < P; j++) {
    const step = 1e-5;
    [1, -1].forEach((sign, k) => {
      const moved = Float64Array.from(parameters);
      moved[j] += sign * step;
      bound.lossAndGradient(moved, targets, gradients[k]);
    });
    for (let i = 0; i < P; i++) {
      largest = Math.max(largest, Math.abs((gradients[0][i] - gradients[1][i]) / (2 * step) - hessian[i * P + j]) / size);
    }
  }
  return largest;
}

describe('compressed Hessian', () => {
  it('is the Hessian of the loss: against differences of gradients, and column by column', () => {
    fc.assert(
      fc.property(models, fc.integer({ min: 1, max: 13 }), fc.integer({ min: 0, max: 1e6 }), (config, n, seed) => {
        const { bound, parameters, targets } = bind(config, n, seed);
        const P = bound.parameterCount;
        const out = new Float64Array(P * P);
        new CompressedHessian(bound, targets).fill(parameters, out);
        expect(differenceToGradients(bound, parameters, targets, out)).toBeLessThan(1e-5);
        const full = lossHessian(bound, parameters, targets).values;
        const size = full.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
        out.forEach((value, k) => expect(Math.abs(value - full[k])).toBeLessThanOrEqual(1e-12 * size));
      }),
      { numRuns: 60 },
    );
  });

  it('needs d + 2 products for a network, d1 + d2 at most for a factorization, and one to check', () => {
    const network = bind(
      { kind: 'twoLayer', activation: 'tanh', inputs: 3, width: 9, hiddenBias: true, outputBias: true },
      20,
      1,
    );
    expect(new CompressedHessian(network.bound, network.targets).productsPerHessian).toBe(5 + 1);
    const matrix = bind({ kind: 'matrixFactorization', rows: 5, columns: 4, inner: 3 }, 60, 2);
    expect(new CompressedHessian(matrix.bound, matrix.targets).productsPerHessian).toBeLessThanOrEqual(9 + 1);
  });

  it('stays right for a model that branches after the pattern was found', () => {
    // A term x·y that is only there where the first parameter is above 5.
    const branching = (parameters: Float64Array): boolean => parameters[0] > 5;
    const bound: BoundModel = {
      sampleCount: 1,
      parameterCount: 3,
      evaluate: (p, out) => void (out[0] = p[0] * p[0] + p[1] + p[2] + (branching(p) ? p[1] * p[2] : 0)),
      jacobian: (p, out) => out.set([2 * p[0], 1 + (branching(p) ? p[2] : 0), 1 + (branching(p) ? p[1] : 0)]),
      weightedGradient: () => undefined,
      directionalDerivative: () => undefined,
      weightedHessianProduct: (p, w, v, out) =>
        out.set([2 * w[0] * v[0], branching(p) ? w[0] * v[2] : 0, branching(p) ? w[0] * v[1] : 0]),
      lossAndGradient: () => 0,
    };
    const hessian = new CompressedHessian(bound, Float64Array.of(0));
    expect(hessian.productsPerHessian).toBe(2);
    const out = new Float64Array(9);
    for (const p of [Float64Array.of(1, 2, 3), Float64Array.of(6, 2, 3)]) {
      hessian.fill(p, out);
      const far = branching(p);
      const r = p[0] * p[0] + 5 + (far ? 6 : 0);
      const g = [2 * p[0], far ? 4 : 1, far ? 3 : 1];
      const second = [2 * r, 0, 0, 0, 0, far ? r : 0, 0, far ? r : 0, 0];
      out.forEach((value, k) => expect(value).toBeCloseTo(2 * (g[Math.floor(k / 3)] * g[k % 3] + second[k]), 10));
    }
    expect(hessian.productsPerHessian).toBe(3);
  });

  it('colours so that columns of one colour share no row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }), { minLength: 10, maxLength: 10 }),
        (lists) => {
          const rows = lists.map((list) => Int32Array.from(list).sort());
          const colors = colorColumns(rows, 10);
          const colored = colors.flatMap((columns) => Array.from(columns));
          expect(colored.sort((a, b) => a - b)).toEqual(lists.flatMap((list, j) => (list.length > 0 ? [j] : [])));
          for (const columns of colors) {
            const used = Array.from(columns).flatMap((column) => lists[column]);
            expect(new Set(used).size).toBe(used.length);
          }
        },
      ),
    );
  });

  it('finds the blocks of neurons', () => {
    const { bound } = bind(
      { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 3, hiddenBias: false, outputBias: true },
      5,
      1,
    );
    const { rows } = findHessianPattern(bound);
    expect(rows.map((list) => Array.from(list))).toEqual([[3], [4], [5], [0, 3], [1, 4], [2, 5], []]);
  });
});
