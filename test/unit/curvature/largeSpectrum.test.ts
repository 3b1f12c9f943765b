import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/engine/finish';
import { measureSpectrum, operatorSpectrum } from '../../../src/engine/curvature/largeSpectrum';
import { hessianSpectrum, lossHessian } from '../../../src/engine/curvature/lossHessian';
import type { BoundModel } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { diagonalOperator, laplacian } from '../spectra/operators';

interface Problem {
  bound: BoundModel;
  parameters: Float64Array;
  targets: Float64Array;
  /** Eigenvalues of the dense Hessian by another library, ascending. */
  truth: number[];
}

function problem(seed: number, shape: { inputs: number; width: number; samples: number }): Problem {
  const { inputs, width, samples } = shape;
  const model = createModel({ kind: 'twoLayer', activation: 'tanh', inputs, width, hiddenBias: true, outputBias: false });
  const values = new Float64Array(samples * inputs);
  const parameters = new Float64Array(model.parameterCount);
  const targets = new Float64Array(samples);
  randomStream(seed, 'inputs').fillNormal(values);
  randomStream(seed, 'parameters').fillNormal(parameters);
  randomStream(seed, 'targets').fillNormal(targets);
  const bound = model.bind({ count: samples, dimension: inputs, values });
  const hessian = lossHessian(bound, parameters, targets);
  const dense = MlMatrix.from1DArray(hessian.rows, hessian.rows, Array.from(hessian.values));
  const truth = new EigenvalueDecomposition(dense, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b);
  return { bound, parameters, targets, truth };
}

const shapes = fc.record({
  inputs: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 4, max: 14 }),
  samples: fc.integer({ min: 1, max: 20 }),
});

describe('extremal eigenvalues of a Hessian', () => {
  it('are those of the dense matrix by ml-matrix, each within its residual', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), shapes, fc.integer({ min: 1, max: 5 }), (seed, shape, count) => {
        const { bound, parameters, targets, truth } = problem(seed, shape);
        const spectrum = finish(measureSpectrum(bound, parameters, targets, { kind: 'extremal', count }, seed));
        const size = Math.max(Math.abs(truth[0]), Math.abs(truth[truth.length - 1]));
        expect(spectrum).toMatchObject({ kind: 'extremal', size: truth.length, lower: count, converged: true });
        const expected = [...truth.slice(0, count), ...truth.slice(-count)];
        expect(spectrum.eigenvalues).toHaveLength(2 * count);
        spectrum.eigenvalues.forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThan(1e-7 * size);
          const nearest = Math.min(...truth.map((eigenvalue) => Math.abs(eigenvalue - value)));
          expect(nearest).toBeLessThanOrEqual(spectrum.residuals![i] + 1e-12 * size);
        });
        expect(spectrum.residual).toBeCloseTo(Math.max(...spectrum.residuals!) / size, 9);
        expect(spectrum.convergedEach).toEqual(expected.map(() => true));
      }),
      { numRuns: 25 },
    );
  });

  it('that are the whole spectrum come as the whole spectrum', () => {
    const { bound, parameters, targets } = problem(3, { inputs: 1, width: 4, samples: 5 });
    const spectrum = finish(measureSpectrum(bound, parameters, targets, { kind: 'extremal', count: 6 }, 1));
    expect(spectrum).toEqual(hessianSpectrum(bound, parameters, targets));
  });

  it('say that they did not converge, one by one', () => {
    const spectrum = operatorSpectrum(laplacian(2000), { kind: 'extremal', count: 2 }, 1, 120);
    expect(spectrum.converged).toBe(false);
    expect(spectrum.convergedEach).toContain(false);
    expect(spectrum.products).toBeLessThan(400);
  });
});

describe('density of the eigenvalues of a Hessian', () => {
  it('is within its stated error of the dense one, mostly, and has integral 1', () => {
    let near = 0;
    let places = 0;
    for (let seed = 0; seed < 6; seed++) {
      const { bound, parameters, targets, truth } = problem(seed, { inputs: 3, width: 12, samples: 20 });
      const spectrum = finish(
        measureSpectrum(bound, parameters, targets, { kind: 'density', probes: 12, steps: 40, count: 2 }, seed),
      );
      const { eigenvalues, values, standardErrors, quadratureErrors, width } = spectrum.density!;
      const exact = (x: number) =>
        truth.reduce((sum, eigenvalue) => sum + Math.exp(-0.5 * ((x - eigenvalue) / width) ** 2), 0) /
        (truth.length * width * Math.sqrt(2 * Math.PI));
      const highest = Math.max(...values);
      values.forEach((value, i) => {
        places++;
        const error = Math.abs(value - exact(eigenvalues[i]));
        if (error <= 2 * (standardErrors[i] + quadratureErrors[i]) + 1e-6 * highest) near++;
      });
      const spacing = eigenvalues[1] - eigenvalues[0];
      expect(values.reduce((sum, value) => sum + value * spacing, 0)).toBeCloseTo(1, 2);
      expect(eigenvalues[0]).toBeLessThan(truth[0]);
      expect(eigenvalues[eigenvalues.length - 1]).toBeGreaterThan(truth[truth.length - 1]);
    }
    expect(near / places).toBeGreaterThan(0.85);
  });

  it('has a trace within a few standard errors, and exact for a diagonal matrix', () => {
    let squares = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { bound, parameters, targets, truth } = problem(seed, { inputs: 2, width: 6, samples: 9 });
      const { trace } = finish(
        measureSpectrum(bound, parameters, targets, { kind: 'density', probes: 20, steps: 10, count: 1 }, seed),
      );
      const z = (trace!.value - truth.reduce((sum, value) => sum + value, 0)) / trace!.standardError;
      expect(Math.abs(z)).toBeLessThan(6);
      squares += z * z;
    }
    // A standard error that is too small by half, or too large by two, is seen here.
    expect(squares / 20).toBeGreaterThan(0.25);
    expect(squares / 20).toBeLessThan(4);
    const diagonal = Float64Array.from({ length: 50 }, (_, i) => i - 10);
    const { trace } = operatorSpectrum(diagonalOperator(diagonal), { kind: 'density', probes: 3, steps: 20, count: 2 }, 5);
    expect(trace!.value).toBeCloseTo(725, 8);
    expect(trace!.standardError).toBeLessThan(1e-9);
  });

  it('of a multiple of the identity is one peak', () => {
    const spectrum = operatorSpectrum(
      diagonalOperator(new Float64Array(30).fill(2)),
      { kind: 'density', probes: 2, steps: 5, count: 1 },
      1,
    );
    const { eigenvalues, values } = spectrum.density!;
    expect(eigenvalues[values.indexOf(Math.max(...values))]).toBeCloseTo(2, 6);
    for (const value of spectrum.eigenvalues) expect(value).toBeCloseTo(2, 12);
  });
});
