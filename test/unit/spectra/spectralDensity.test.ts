import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../src/engine/linalg/symmetricEigen';
import { randomStream } from '../../../src/engine/random/stream';
import { meanOfProbes, traceEstimate } from '../../../src/engine/spectra/hutchinson';
import { spectralDensity } from '../../../src/engine/spectra/spectralDensity';
import { denseOperator, diagonalOperator, laplacian, laplacianEigenvalue } from './operators';

function randomSymmetric(seed: number, n: number) {
  const stream = randomStream(seed, 'matrix');
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) values[i * n + j] = values[j * n + i] = stream.normal();
  return { rows: n, columns: n, values };
}

describe('trace estimate', () => {
  it('is exact for diagonal operators', () => {
    const estimate = traceEstimate(diagonalOperator(Float64Array.of(1, -2, 4.5, 8)), { probes: 5 });
    expect(estimate).toEqual({ value: 11.5, standardError: 0, probes: 5 });
  });

  it('has the standard error that theory gives, and lies within five of them', () => {
    // For ±1 probes the variance is 2 Σ_{i≠j} A_ij²: 4(n − 1) for the Laplacian.
    const n = 20_000;
    const estimate = traceEstimate(laplacian(n), { probes: 200, seed: 1 });
    const theory = Math.sqrt((4 * (n - 1)) / 200);
    expect(Math.abs(estimate.standardError / theory - 1)).toBeLessThan(0.2);
    expect(Math.abs(estimate.value - 2 * n)).toBeLessThan(5 * theory);
  });

  it('is unbiased: over random matrices the deviations, in standard errors, have mean 0 and size 1', () => {
    const deviations = Array.from({ length: 150 }, (_, seed) => {
      const a = randomSymmetric(seed, 12);
      let trace = 0;
      for (let i = 0; i < 12; i++) trace += a.values[i * 13];
      const { value, standardError } = traceEstimate(denseOperator(a), { probes: 40, seed });
      return (value - trace) / standardError;
    });
    const mean = deviations.reduce((sum, z) => sum + z, 0) / 150;
    const square = deviations.reduce((sum, z) => sum + z * z, 0) / 150;
    expect(Math.abs(mean)).toBeLessThan(0.35);
    expect(square).toBeGreaterThan(0.7);
    expect(square).toBeLessThan(1.5);
  });

  it('takes two probes at least', () => expect(() => meanOfProbes(Float64Array.of(1))).toThrow(RangeError));
});

describe('spectral density', () => {
  it('integrates polynomials up to degree 2·steps − 1 exactly for its probes: the weights sum to 1, first moments match the trace', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 3, max: 40 }), (seed, n) => {
        const operator = denseOperator(randomSymmetric(seed, n));
        const density = spectralDensity(operator, { probes: 3, steps: 6, seed });
        for (const { weights, nodes } of density.rules) {
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
          expect(weights.every((weight) => weight >= 0)).toBe(true);
          expect(Array.from(nodes)).toEqual(Array.from(nodes).sort((a, b) => a - b));
        }
        // The same moments from vᵀAᵏv for the same probes: 11 is the degree of six nodes.
        const stream = Array.from({ length: 3 }, (_, p) => randomStream(seed, 'density', p));
        const v = stream.map((each) => Float64Array.from({ length: n }, () => (each.uniform() < 0.5 ? -1 : 1)));
        const scale = Math.max(...density.range.map(Math.abs));
        for (const k of [1, 2, 5, 11]) {
          const exact =
            v.reduce((sum, probe) => {
              let power = Float64Array.from(probe);
              for (let i = 0; i < k; i++) {
                const next = new Float64Array(n);
                operator.apply(power, next);
                power = next.map((x) => x / scale);
              }
              return sum + probe.reduce((dot, x, i) => dot + x * power[i], 0) / n;
            }, 0) / 3;
          expect(density.mean((x) => (x / scale) ** k).value).toBeCloseTo(exact, 9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('with as many steps as there are dimensions is the probes’ own measure, of which it finds the support', () => {
    const a = randomSymmetric(3, 15);
    const truth = symmetricEigen(a).values;
    const density = spectralDensity(denseOperator(a), { probes: 2, steps: 15 });
    density.rules[0].nodes.forEach((node, i) => expect(Math.abs(node - truth[i])).toBeLessThan(1e-10));
    expect(density.mean((x) => x * x * x).quadratureError).toBe(0);
  });

  it('of the Laplacian agrees with the closed form within the errors it states', () => {
    const n = 4000;
    const density = spectralDensity(laplacian(n), { probes: 12, steps: 60, seed: 2 });
    const exact = Array.from({ length: n }, (_, k) => laplacianEigenvalue(n, k + 1));
    const mean = (f: (x: number) => number): number => exact.reduce((sum, x) => sum + f(x), 0) / n;
    for (const f of [(x: number) => x, (x: number) => x * x, (x: number) => Math.sqrt(x), (x: number) => 1 / (1 + x)]) {
      const estimate = density.mean(f);
      expect(Math.abs(estimate.value - mean(f))).toBeLessThan(5 * estimate.standardError + 2 * estimate.quadratureError + 1e-12);
      expect(estimate.standardError).toBeLessThan(0.08);
    }
    for (const x of [0.3, 1, 2, 3.7]) {
      const width = 0.2;
      const estimate = density.density(x, width);
      const smoothed = mean((value) => Math.exp(-0.5 * ((x - value) / width) ** 2) / (width * Math.sqrt(2 * Math.PI)));
      expect(Math.abs(estimate.value - smoothed)).toBeLessThan(5 * estimate.standardError + 2 * estimate.quadratureError + 1e-9);
      const below = density.cumulative(x);
      const fraction = exact.filter((value) => value <= x).length / n;
      expect(below.low - 5 * below.standardError).toBeLessThan(fraction);
      expect(below.high + 5 * below.standardError).toBeGreaterThan(fraction);
      expect(below.high - below.low).toBeLessThan(0.1);
    }
    expect(density.cumulative(-1)).toMatchObject({ value: 0, low: 0 });
    expect(density.cumulative(5)).toMatchObject({ high: 1 });
    expect(density.cumulative(5).value).toBeGreaterThan(0.99);
  });

  it('bounds the probes’ own cumulative measure with certainty', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 5, max: 60 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (seed, n, part) => {
          const stream = randomStream(seed, 'diagonal');
          const diagonal = Float64Array.from({ length: n }, () => stream.normal());
          // All entries of a ±1 probe weigh the same, so the measure of a diagonal operator is the plain distribution.
          const density = spectralDensity(diagonalOperator(diagonal), { probes: 2, steps: 5, seed });
          const x = 2 * part;
          const fraction = diagonal.filter((value) => value <= x).length / n;
          const { low, high } = density.cumulative(x);
          expect(fraction).toBeGreaterThanOrEqual(low - 1e-10);
          expect(fraction).toBeLessThanOrEqual(high + 1e-10);
        },
      ),
    );
  });

  it('sees clusters and multiplicities as weights', () => {
    const diagonal = Float64Array.from({ length: 1000 }, (_, i) => (i < 900 ? 0 : i < 980 ? 1 : 5));
    const density = spectralDensity(diagonalOperator(diagonal), { probes: 4, steps: 30 });
    for (const { nodes, weights } of density.rules) {
      expect(nodes).toHaveLength(3);
      [0, 1, 5].forEach((value, k) => expect(nodes[k]).toBeCloseTo(value, 12));
      [0.9, 0.08, 0.02].forEach((value, k) => expect(weights[k]).toBeCloseTo(value, 12));
    }
  });

  it('gives the same averages without reorthogonalisation when memory is short', () => {
    const n = 5000;
    const full = spectralDensity(laplacian(n), { probes: 3, steps: 50 });
    const short = spectralDensity(laplacian(n), { probes: 3, steps: 50, maximumBytes: 10 * 8 * n });
    expect([full.reorthogonalized, short.reorthogonalized]).toEqual([true, false]);
    for (const f of [(x: number) => x, (x: number) => 1 / (0.5 + x)])
      expect(short.mean(f).value).toBeCloseTo(full.mean(f).value, 10);
  });

  it('is estimated for a million rows', { timeout: 300_000 }, () => {
    const n = 1_000_000;
    const density = spectralDensity(laplacian(n), { probes: 2, steps: 20, maximumBytes: 100e6 });
    expect(density.products).toBe(40);
    const estimate = density.mean((x) => x);
    expect(Math.abs(estimate.value - 2)).toBeLessThan(0.02);
    const { low, high } = density.cumulative(2);
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });
});
