import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../src/engine/linalg/symmetricEigen';
import { randomStream } from '../../../src/engine/random/stream';
import { extremalEigenvalues, type LanczosOptions } from '../../../src/engine/spectra/lanczos';
import type { SymmetricOperator } from '../../../src/engine/spectra/symmetricOperator';
import { denseOperator, diagonalOperator, laplacian, laplacianEigenvalue } from './operators';

function values(operator: SymmetricOperator, options: LanczosOptions): number[] {
  const result = extremalEigenvalues(operator, options);
  expect(result.converged).toBe(true);
  return result.pairs.map(({ value }) => value);
}

function expectClose(actual: number[], expected: number[], error = 1e-9): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(error));
}

function randomSymmetric(seed: number, n: number): MlMatrix {
  const entries = new Float64Array(n * n);
  randomStream(seed, 'matrix').fillNormal(entries);
  const b = MlMatrix.from1DArray(n, n, Array.from(entries));
  return b.add(b.transpose()).mul(0.5);
}

const toMatrix = (a: MlMatrix) => ({ rows: a.rows, columns: a.columns, values: Float64Array.from(a.to1DArray()) });

describe('extremal eigenvalues', () => {
  it.each([1, 2, 3, 7, 40, 300])('of the Laplacian of size %i agree with the closed form at both ends', (n) => {
    const count = Math.min(5, n);
    expectClose(
      values(laplacian(n), { count: 5, end: 'largest' }),
      Array.from({ length: count }, (_, i) => laplacianEigenvalue(n, n - i)),
    );
    expectClose(
      values(laplacian(n), { count: 5, end: 'smallest' }),
      Array.from({ length: count }, (_, i) => laplacianEigenvalue(n, i + 1)),
    );
  });

  it('find every copy of a multiple eigenvalue and tell clusters apart', () => {
    const diagonal = Float64Array.from({ length: 400 }, (_, i) => (i < 4 ? 7 : i < 6 ? 7 - 1e-6 : i < 9 ? -2 : Math.sin(i)));
    expectClose(
      values(diagonalOperator(diagonal), { count: 8, end: 'largest' }).slice(0, 6),
      [7, 7, 7, 7, 7 - 1e-6, 7 - 1e-6],
      1e-9,
    );
    expectClose(values(diagonalOperator(diagonal), { count: 3, end: 'smallest' }), [-2, -2, -2]);
    expectClose(values(diagonalOperator(new Float64Array(60).fill(3)), { count: 5, end: 'largest' }), [3, 3, 3, 3, 3]);
    expectClose(values(diagonalOperator(new Float64Array(60)), { count: 2, end: 'smallest' }), [0, 0]);
  });

  it('agree with dense decompositions, ours and ml-matrix, for random matrices', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 6 }),
        (seed, n, count) => {
          const a = randomSymmetric(seed, n);
          const size = a.norm();
          const dense = Array.from(symmetricEigen(toMatrix(a)).values);
          const other = new EigenvalueDecomposition(a, { assumeSymmetric: true }).realEigenvalues.sort((x, y) => x - y);
          const smallest = values(denseOperator(toMatrix(a)), { count, end: 'smallest', seed });
          const largest = values(denseOperator(toMatrix(a)), { count, end: 'largest', seed });
          for (const truth of [dense, other]) {
            expectClose(smallest, truth.slice(0, count), 1e-9 * size);
            expectClose(largest, truth.slice(-count).reverse(), 1e-9 * size);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('come with orthonormal vectors, and a residual that bounds the distance to an eigenvalue', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 10, max: 80 }),
        fc.integer({ min: 3, max: 60 }),
        (seed, n, maximumProducts) => {
          const a = randomSymmetric(seed, n);
          const truth = symmetricEigen(toMatrix(a)).values;
          // Cut short in most cases: the bound must hold all the same.
          const { pairs } = extremalEigenvalues(denseOperator(toMatrix(a)), {
            count: 3,
            end: 'largest',
            seed,
            subspace: 8,
            maximumProducts,
          });
          pairs.forEach(({ value, residual, vector }, i) => {
            const nearest = truth.reduce((least, eigenvalue) => Math.min(least, Math.abs(eigenvalue - value)), Infinity);
            expect(nearest).toBeLessThanOrEqual(residual + 1e-12 * a.norm());
            pairs.forEach((other, j) => {
              const product = vector.reduce((sum, x, k) => sum + x * other.vector[k], 0);
              expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-10);
            });
            // Ritz values never leave the spectrum.
            expect(value).toBeLessThanOrEqual(truth[n - 1] + 1e-12 * a.norm());
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of a principal part interlace with those of the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 8, max: 40 }), (seed, n) => {
        const a = randomSymmetric(seed, n);
        const part = a.subMatrix(0, n - 2, 0, n - 2);
        const whole = values(denseOperator(toMatrix(a)), { count: 4, end: 'largest' });
        const inner = values(denseOperator(toMatrix(part)), { count: 3, end: 'largest' });
        const slack = 1e-9 * a.norm();
        inner.forEach((value, i) => {
          expect(value).toBeLessThanOrEqual(whole[i] + slack);
          expect(value).toBeGreaterThanOrEqual(whole[i + 1] - slack);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('do not claim convergence when they are stopped', () => {
    const result = extremalEigenvalues(laplacian(2000), { count: 5, end: 'smallest', maximumProducts: 100 });
    expect(result.converged).toBe(false);
    expect(result.pairs.some(({ converged }) => !converged)).toBe(true);
    expect(result.products).toBeLessThan(140);
    for (const { value, residual } of result.pairs) {
      const k = Math.min(2000, Math.max(1, Math.round((Math.acos(1 - value / 2) * 2001) / Math.PI)));
      expect(Math.abs(laplacianEigenvalue(2000, k) - value)).toBeLessThanOrEqual(residual + 1e-12);
    }
  });

  it('are the same bits every time, and depend on the seed only by rounding', () => {
    const run = (seed: number) => extremalEigenvalues(laplacian(90), { count: 3, end: 'largest', seed });
    expect(run(4).pairs).toEqual(run(4).pairs);
    expect(run(4).pairs[0].vector).not.toEqual(run(5).pairs[0].vector);
    expectClose(
      run(4).pairs.map(({ value }) => value),
      run(5).pairs.map(({ value }) => value),
    );
  });

  it('of an operator of a million rows stay within the memory that is allowed', { timeout: 300_000 }, () => {
    const n = 1_000_000;
    const diagonal = Float64Array.from({ length: n }, (_, i) => (i * 0.6180339887498949) % 1);
    diagonal[123] = diagonal[999_999] = 5;
    diagonal[77] = 8;
    const maximumBytes = 160e6;
    const before = process.memoryUsage().arrayBuffers;
    const result = extremalEigenvalues(diagonalOperator(diagonal), { count: 2, end: 'largest', maximumBytes, tolerance: 1e-8 });
    // Some bytes are of others: a message to the test runner, for instance.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(maximumBytes + 1e5);
    expectClose(
      result.pairs.map(({ value }) => value),
      [8, 5],
      1e-8,
    );
    expect(result.converged).toBe(true);
    expect(() => extremalEigenvalues(diagonalOperator(diagonal), { count: 5, end: 'largest', maximumBytes: 80e6 })).toThrow(
      /bytes/,
    );
  });

  it('say where an operator gives NaN', () => {
    const broken: SymmetricOperator = { size: 6, apply: (x, out) => (out.set(x), (out[4] = NaN), undefined) };
    expect(() => extremalEigenvalues(broken, { count: 1, end: 'largest' })).toThrow(
      'Entry 5 of a product with an operator of size 6 is NaN.',
    );
  });
});
