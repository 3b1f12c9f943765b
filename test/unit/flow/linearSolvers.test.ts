import fc from 'fast-check';
import { Matrix as MlMatrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { choleskyFactorize, choleskySolve } from '../../../src/engine/flow/cholesky';
import { conjugateGradients, minimalResidual } from '../../../src/engine/flow/krylov';
import { SymmetricNewton } from '../../../src/engine/flow/symmetricNewton';
import { luFactorize, luSolve } from '../../../src/engine/linalg/lu';
import { randomStream } from '../../../src/engine/random/stream';

const sizes = fc.integer({ min: 1, max: 23 });
const seeds = fc.integer({ min: 0, max: 1e6 });

function normals(seed: number, name: string, count: number): Float64Array {
  const out = new Float64Array(count);
  randomStream(seed, name).fillNormal(out);
  return out;
}

/** ‖A·x − b‖ / (‖A‖‖x‖ + ‖b‖), with ml-matrix. */
function backwardError(a: MlMatrix, x: Float64Array, b: Float64Array): number {
  const residual = a.mmul(MlMatrix.columnVector(Array.from(x))).sub(MlMatrix.columnVector(Array.from(b)));
  return residual.norm() / (a.norm() * Math.hypot(...x) + Math.hypot(...b));
}

function matrix(values: Float64Array, n: number): MlMatrix {
  return MlMatrix.from1DArray(n, n, Array.from(values));
}

function symmetric(seed: number, n: number, shift: number): MlMatrix {
  const b = matrix(normals(seed, 'matrix', n * n), n);
  return b.add(b.transpose()).mul(0.5).add(MlMatrix.eye(n).mul(shift));
}

const flat = (a: MlMatrix): Float64Array => Float64Array.from(a.to1DArray());

describe('LU', () => {
  it('solves what ml-matrix solves, with a backward error of rounding', () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, n) => {
        const a = matrix(normals(seed, 'matrix', n * n), n);
        const b = normals(seed, 'right', n);
        const factors = flat(a);
        const pivots = new Int32Array(n);
        expect(luFactorize(factors, n, pivots)).toBe(true);
        const x = Float64Array.from(b);
        luSolve(factors, n, pivots, x);
        expect(backwardError(a, x, b)).toBeLessThan(1e-14);
        const other = solve(a, MlMatrix.columnVector(Array.from(b))).to1DArray();
        const size = Math.hypot(...other);
        x.forEach((value, i) => expect(Math.abs(value - other[i]) / size).toBeLessThan(1e-6));
      }),
    );
  });

  it('exchanges rows where the first pivot is zero, and refuses singular and broken matrices', () => {
    const pivots = new Int32Array(2);
    const swap = Float64Array.of(0, 1, 1, 0);
    expect(luFactorize(swap, 2, pivots)).toBe(true);
    const x = Float64Array.of(3, 5);
    luSolve(swap, 2, pivots, x);
    expect(Array.from(x)).toEqual([5, 3]);
    expect(luFactorize(Float64Array.of(1, 2, 2, 4), 2, pivots)).toBe(false);
    expect(luFactorize(Float64Array.of(1, NaN, NaN, 4), 2, pivots)).toBe(false);
  });
});

describe('Cholesky', () => {
  it('solves positive definite systems and refuses others', () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, n) => {
        const c = matrix(normals(seed, 'matrix', n * n), n);
        const a = c.mmul(c.transpose()).add(MlMatrix.eye(n).mul(0.1));
        const b = normals(seed, 'right', n);
        const factors = flat(a);
        expect(choleskyFactorize(factors, n)).toBe(true);
        const x = Float64Array.from(b);
        choleskySolve(factors, n, x);
        expect(backwardError(a, x, b)).toBeLessThan(1e-14);
        // One negative direction is enough.
        const v = MlMatrix.columnVector(Array.from(normals(seed, 'direction', n)));
        const indefinite = a.sub(v.mmul(v.transpose()).mul((2 * a.norm()) / v.norm() ** 2));
        expect(choleskyFactorize(flat(indefinite), n)).toBe(false);
      }),
    );
  });
});

describe('Newton matrices of a flow', () => {
  it('solve (I + γH)x = b, definite or not', () => {
    fc.assert(
      fc.property(seeds, sizes, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (seed, n, gamma) => {
        const h = symmetric(seed, n, 0.5);
        const newton = new SymmetricNewton({
          parameterCount: n,
          moveTo: () => 0,
          hessian: (out) => out.set(flat(h)),
          iterationGradient: () => undefined,
        });
        expect(newton.prepare(0, new Float64Array(n), gamma, true)).toBe(true);
        const b = normals(seed, 'right', n);
        const x = Float64Array.from(b);
        newton.solve(x);
        expect(backwardError(h.mul(gamma).add(MlMatrix.eye(n)), x, b)).toBeLessThan(1e-13);
        expect(newton.curvatureBound()).toBeCloseTo(symmetric(seed, n, 0.5).norm(), 8);
      }),
    );
  });
});

describe('Krylov solvers', () => {
  const stop = { norm: (residual: Float64Array) => Math.hypot(...residual), tolerance: 1e-9, maximumIterations: 400 };
  const product = (a: MlMatrix) => (x: Float64Array, out: Float64Array) =>
    out.set(flat(a.mmul(MlMatrix.columnVector(Array.from(x)))));

  it('conjugate gradients solve definite systems, in as many steps as there are eigenvalues', () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, n) => {
        const b = normals(seed, 'right', n);
        const x = new Float64Array(n);
        // Two eigenvalues: 1, and 1 + ‖v‖².
        const v = MlMatrix.columnVector(Array.from(normals(seed, 'v', n)));
        const a = MlMatrix.eye(n).add(v.mmul(v.transpose()));
        const result = conjugateGradients(product(a), b, x, stop);
        expect(result.converged).toBe(true);
        expect(result.iterations).toBeLessThanOrEqual(2);
        expect(Math.hypot(...flat(a.mmul(MlMatrix.columnVector(Array.from(x)))).map((value, i) => value - b[i]))).toBeLessThan(
          2e-9,
        );
      }),
    );
  });

  it('conjugate gradients say when a matrix is indefinite, and MINRES solves it', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 12 }), (seed, n) => {
        const b = normals(seed, 'right', n);
        const x = new Float64Array(n);
        const diagonal = Array.from({ length: n }, (_, i) => (i === 0 ? -1.5 : 1 + i / n));
        const basis = matrix(normals(seed, 'basis', n * n), n);
        // A reflection of the diagonal matrix: same eigenvalues.
        const v = basis.getColumnVector(0);
        const reflection = MlMatrix.eye(n).sub(v.mmul(v.transpose()).mul(2 / v.norm() ** 2));
        const a = reflection.mmul(MlMatrix.diag(diagonal)).mmul(reflection);
        const result = minimalResidual(product(a), b, x, stop);
        expect(result.converged).toBe(true);
        expect(Math.hypot(...flat(a.mmul(MlMatrix.columnVector(Array.from(x)))).map((value, i) => value - b[i]))).toBeLessThan(
          1e-8,
        );
        // Along the negative direction the first curvature is negative.
        const negative = flat(reflection.getColumnVector(0));
        expect(conjugateGradients(product(a), negative, x, stop).indefinite).toBe(true);
      }),
    );
  });

  it('stop at their limit of iterations and say so', () => {
    const a = MlMatrix.diag(Array.from({ length: 50 }, (_, i) => 10 ** (i / 5)));
    const few = { ...stop, maximumIterations: 5 };
    const b = new Float64Array(50).fill(1);
    expect(conjugateGradients(product(a), b, new Float64Array(50), few)).toMatchObject({ converged: false, iterations: 5 });
    expect(minimalResidual(product(a), b, new Float64Array(50), few)).toMatchObject({ converged: false, iterations: 5 });
  });
});
