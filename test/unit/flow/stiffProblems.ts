import type { Jacobian } from '../../../src/engine/flow/denseNewton';
import type { StiffSystem } from '../../../src/engine/flow/stiffSystem';

export type StiffProblem = StiffSystem & { jacobian: Jacobian };

/** Robertson's chemical reaction: rates from 0.04 to 3e7 (Hairer and Wanner, "Solving ODEs II", IV.10). */
export const robertson: StiffProblem = {
  dimension: 3,
  derivative(_time, y, out) {
    out[0] = -0.04 * y[0] + 1e4 * y[1] * y[2];
    out[2] = 3e7 * y[1] * y[1];
    out[1] = -out[0] - out[2];
  },
  jacobian(_time, y, out) {
    out.set([-0.04, 1e4 * y[2], 1e4 * y[1], 0.04, -1e4 * y[2] - 6e7 * y[1], -1e4 * y[1], 0, 6e7 * y[1], 0]);
  },
};

/** y″ = μ(1 − y²)y′ − y as a system. */
export function vanDerPol(mu: number): StiffProblem {
  return {
    dimension: 2,
    derivative(_time, y, out) {
      out[0] = y[1];
      out[1] = mu * (1 - y[0] * y[0]) * y[1] - y[0];
    },
    jacobian(_time, y, out) {
      out.set([0, 1, -2 * mu * y[0] * y[1] - 1, mu * (1 - y[0] * y[0])]);
    },
  };
}

/** Prothero and Robinson: y′ = λ(y − g(t)) + g′(t) with g = sin + 2, whose solution from g(0) is g, however stiff. */
export function protheroRobinson(lambda: number): StiffProblem {
  return {
    dimension: 1,
    derivative(time, y, out) {
      out[0] = lambda * (y[0] - Math.sin(time) - 2) + Math.cos(time);
    },
    jacobian(_time, _y, out) {
      out[0] = lambda;
    },
  };
}

/** y′ = A·y for a dense row-major A. */
export function linearSystem(a: Float64Array, dimension: number): StiffProblem {
  return {
    dimension,
    derivative(_time, y, out) {
      for (let i = 0; i < dimension; i++) {
        let sum = 0;
        for (let j = 0; j < dimension; j++) sum += a[i * dimension + j] * y[j];
        out[i] = sum;
      }
    },
    jacobian(_time, _y, out) {
      out.set(a);
    },
  };
}
