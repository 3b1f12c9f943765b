import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCoefficients, lowerOrder, raiseOrder, setCoefficients } from '../../../src/engine/flow/bdfCoefficients';
import { BdfIntegrator, type BdfOptions } from '../../../src/engine/flow/bdfIntegrator';
import { DenseNewton } from '../../../src/engine/flow/denseNewton';
import { linearSystem, protheroRobinson, robertson, vanDerPol, type StiffProblem } from './stiffProblems';

function integrator(problem: StiffProblem, start: number[], options: BdfOptions): BdfIntegrator {
  return new BdfIntegrator(problem, new DenseNewton(problem.dimension, problem.jacobian), 0, Float64Array.from(start), options);
}

function integrate(problem: StiffProblem, start: number[], end: number, options: BdfOptions = {}): BdfIntegrator {
  const bdf = integrator(problem, start, { ...options, stopTime: end });
  while (bdf.time < end) {
    expect(bdf.step()).toBeNull();
    expect(bdf.statistics.steps).toBeLessThan(100_000);
  }
  expect(bdf.time).toBe(end);
  return bdf;
}

describe('BDF coefficients', () => {
  it('at constant steps have the leading coefficient 1 + 1/2 + … + 1/q and the classical error constant', () => {
    const coefficients = createCoefficients();
    const steps = new Float64Array(7).fill(0.1);
    let harmonic = 0;
    for (let q = 1; q <= 5; q++) {
      harmonic += 1 / q;
      setCoefficients(coefficients, q, 0.1, steps);
      expect(coefficients.l[0]).toBe(1);
      expect(coefficients.l[1]).toBeCloseTo(harmonic, 13);
      // Λ has its zeros at −1, …, −(q − 1) and, at constant steps, −q: it changes no value of the past.
      for (let i = 1; i <= q; i++) {
        let value = 0;
        for (let j = q; j >= 0; j--) value = value * -i + coefficients.l[j];
        expect(value).toBeCloseTo(0, 11);
      }
      // Classical: the local error is h^(q+1) y^(q+1) / ((q + 1)·l₁), and e is h^(q+1) y^(q+1) then.
      expect(coefficients.error).toBeCloseTo(1 / ((q + 1) * harmonic), 13);
    }
  });

  it('change the order of a Nordsieck array without moving what it interpolates', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.double({ min: 0.2, max: 3, noNaN: true }), { minLength: 7, maxLength: 7 }),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (q, sizes, row) => {
          const steps = Float64Array.from([0, ...sizes]);
          const h = steps[1];
          const z = Array.from({ length: 6 }, (_, j) => Float64Array.of(j <= q ? row[j] : 0));
          const value = (time: number, order: number): number => {
            let sum = 0;
            for (let j = order; j >= 0; j--) sum = sum * (time / h) + z[j][0];
            return sum;
          };
          // Raising adds a multiple of x²Π(x + ξ_i): value and slope now, and the values of q − 1 past points, stay.
          const times = [0];
          for (let i = 1; i < q; i++) times.push(times[i - 1] - steps[i]);
          const before = times.map((time) => value(time, q));
          const slope = z[1][0];
          raiseOrder(z, q, h, steps, Float64Array.of(0.7));
          times.forEach((time, i) => expect(value(time, q + 1)).toBeCloseTo(before[i], 9));
          expect(z[1][0]).toBe(slope);
          // Lowering by one keeps value and slope now, and the values of q − 1 past points, of the array of order q + 1.
          lowerOrder(z, q + 1, h, steps);
          times.forEach((time, i) => expect(value(time, q)).toBeCloseTo(before[i], 9));
          expect(z[1][0]).toBe(slope);
        },
      ),
    );
  });
});

describe('BDF integrator', () => {
  it('solves the Robertson problem over eleven decades, keeps its mass and uses few steps', () => {
    const bdf = integrate(robertson, [1, 0, 0], 1e11, { relativeTolerance: 1e-9, absoluteTolerance: 1e-16 });
    const [a, b, c] = bdf.state;
    // Reference values of the test set for IVP solvers (Mazzia and Magherini 2008).
    expect(Math.abs(a / 0.2083340149701255e-7 - 1)).toBeLessThan(1e-5);
    expect(Math.abs(b / 0.8333360770334713e-13 - 1)).toBeLessThan(1e-5);
    expect(Math.abs(c / 0.999999979166505 - 1)).toBeLessThan(1e-11);
    expect(Math.abs(a + b + c - 1)).toBeLessThan(1e-12);
    expect(bdf.statistics.steps).toBeLessThan(4000);
    expect(bdf.statistics.jacobians).toBeLessThan(100);
  });

  it('solves the van der Pol equation with μ = 1000 through its jumps', () => {
    const bdf = integrate(vanDerPol(1000), [2, 0], 2000, { relativeTolerance: 1e-9, absoluteTolerance: 1e-11 });
    // Test set for IVP solvers.
    expect(Math.abs(bdf.state[0] / 1.706167732170483 - 1)).toBeLessThan(1e-6);
    expect(Math.abs(bdf.state[1] / -0.8928097010247975e-3 - 1)).toBeLessThan(1e-6);
    expect(bdf.statistics.rejections).toBeGreaterThan(0);
  });

  it('is not slowed down by stiffness: Prothero and Robinson', () => {
    const mild = integrate(protheroRobinson(-10), [2], 10);
    const stiff = integrate(protheroRobinson(-1e8), [2], 10);
    for (const bdf of [mild, stiff]) expect(Math.abs(bdf.state[0] - Math.sin(10) - 2)).toBeLessThan(2e-7);
    expect(stiff.statistics.steps).toBeLessThan(2 * mild.statistics.steps);
  });

  it('agrees with the closed form of stiff linear systems with coupled modes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 8, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (decades, coupling) => {
          // Eigenvalues −1, −10^decades; eigenvectors (1, c) and (0, 1).
          const fast = -(10 ** decades);
          const a = Float64Array.of(-1, 0, (-1 - fast) * coupling, fast);
          const bdf = integrate(linearSystem(a, 2), [1, 1], 3);
          const slow = Math.exp(-3);
          const y = [slow, coupling * slow + (1 - coupling) * Math.exp(3 * fast)];
          expect(Math.abs(bdf.state[0] - y[0])).toBeLessThan(1e-6);
          expect(Math.abs(bdf.state[1] - y[1])).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('has the order that it is limited to', () => {
    for (const maximumOrder of [1, 2, 3, 4, 5]) {
      // The error of a method of order q goes with the q-th power of its number of steps.
      const [coarse, fine] = [1e-5, 1e-5 / 4 ** (maximumOrder + 1)].map((tolerance) => {
        const bdf = integrate(protheroRobinson(-2), [2], 20, {
          maximumOrder,
          relativeTolerance: 0,
          absoluteTolerance: tolerance,
        });
        return { steps: bdf.statistics.steps, error: Math.abs(bdf.state[0] - Math.sin(20) - 2) };
      });
      const order = Math.log(coarse.error / fine.error) / Math.log(fine.steps / coarse.steps);
      expect(order, `order ${maximumOrder}`).toBeGreaterThan(maximumOrder - 0.5);
      expect(order, `order ${maximumOrder}`).toBeLessThan(maximumOrder + 1);
    }
  });

  it('meets tighter tolerances with smaller errors, in proportion', () => {
    const truth = Math.sin(10) + 2;
    const errors = [1e-4, 1e-6, 1e-8, 1e-10].map((tolerance) => {
      const bdf = integrate(protheroRobinson(-100), [2], 10, { relativeTolerance: tolerance, absoluteTolerance: tolerance });
      return Math.abs(bdf.state[0] - truth) / tolerance;
    });
    for (const error of errors) expect(error).toBeLessThan(100);
  });

  it('interpolates inside of every step', () => {
    const bdf = integrator(linearSystem(Float64Array.of(-1), 1), [1], {});
    const out = new Float64Array(1);
    while (bdf.time < 5) {
      bdf.step();
      for (const part of [0, 0.25, 0.5, 0.9, 1]) {
        const time = bdf.time - part * bdf.stepSize;
        bdf.interpolate(time, out);
        expect(Math.abs(out[0] - Math.exp(-time))).toBeLessThan(3e-7);
      }
    }
  });

  it('says why it cannot go on', () => {
    const blowUp: StiffProblem = {
      dimension: 1,
      derivative: (_time, y, out) => void (out[0] = y[0] * y[0]),
      jacobian: (_time, y, out) => void (out[0] = 2 * y[0]),
    };
    const bdf = integrator(blowUp, [1], {});
    let failure = null;
    while (failure === null && bdf.statistics.steps < 100_000) failure = bdf.step();
    expect(failure).not.toBeNull();
    expect(Math.abs(bdf.time - 1)).toBeLessThan(1e-5);
    const broken = integrator(
      { dimension: 1, derivative: (_t, _y, out) => out.fill(NaN), jacobian: (_t, _y, out) => out.fill(0) },
      [1],
      {},
    );
    expect(broken.step()).toBe('stepTooSmall');
  });

  it('cuts a step that leaves the domain of f', () => {
    // y′ = −√y reaches 0 at t = 2; beyond, √ gives NaN.
    const bdf = integrator(
      {
        dimension: 1,
        derivative: (_t, y, out) => void (out[0] = -Math.sqrt(y[0])),
        jacobian: (_t, y, out) => void (out[0] = -0.5 / Math.sqrt(y[0])),
      },
      [1],
      { stopTime: 1.9 },
    );
    while (bdf.time < 1.9) expect(bdf.step()).toBeNull();
    expect(Math.abs(bdf.state[0] - 0.0025)).toBeLessThan(1e-7);
  });
});
