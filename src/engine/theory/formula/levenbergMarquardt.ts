import type { BoundModel } from '../../models/model';

/** What a fit ended with. */
export interface Fit {
  readonly parameters: Float64Array;
  /** Root mean square residual. */
  readonly residual: number;
  /** Model evaluations that were spent. */
  readonly evaluations: number;
}

/** Iterations of one fit; fits that will succeed take fewer. */
const ITERATIONS = 60;

/**
 * Levenberg–Marquardt for f(x_i; θ) = y_i over the parameters named in `free`; the others stay as they are. Small problems:
 * normal equations with Marquardt's scaling and Cholesky. Its steps refine themselves, so squaring the condition costs only speed.
 */
export function fit(bound: BoundModel, targets: Float64Array, start: Float64Array, free: readonly number[], goal: number): Fit {
  const { sampleCount: n, parameterCount: M } = bound;
  const size = free.length;
  let parameters = Float64Array.from(start);
  let trial = new Float64Array(M);
  const residuals = new Float64Array(n);
  const jacobian = new Float64Array(n * M);
  const normal = new Float64Array(size * size);
  const damped = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const step = new Float64Array(size);

  const residualAt = (point: Float64Array): number => {
    bound.evaluate(point, residuals);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      residuals[i] -= targets[i];
      sum += residuals[i] * residuals[i];
    }
    return Math.sqrt(sum / n);
  };

  let residual = residualAt(parameters);
  let evaluations = 1;
  let damping = 1e-3;
  let slow = 0;
  for (let iteration = 0; iteration < ITERATIONS && residual > goal && size > 0 && Number.isFinite(residual); iteration++) {
    bound.jacobian(parameters, jacobian);
    evaluations += 2;
    residualAt(parameters);
    normalEquations(jacobian, residuals, n, M, free, normal, gradient);
    let improved = false;
    for (let attempt = 0; attempt < 8 && !improved; attempt++) {
      for (let i = 0; i < size * size; i++) damped[i] = normal[i];
      for (let i = 0; i < size; i++) damped[i * size + i] += damping * (normal[i * size + i] + 1e-12);
      if (solveCholesky(damped, gradient, step, size)) {
        trial.set(parameters);
        for (let i = 0; i < size; i++) trial[free[i]] -= step[i];
        const next = residualAt(trial);
        evaluations += 1;
        if (next < residual) {
          improved = true;
          slow = next > 0.99 * residual ? slow + 1 : 0;
          residual = next;
          [parameters, trial] = [trial, parameters];
        }
      }
      damping = improved ? Math.max(damping / 10, 1e-15) : damping * 10;
    }
    if (!improved || slow >= 4) break;
  }
  return { parameters, residual: Number.isFinite(residual) ? residual : Infinity, evaluations };
}

function normalEquations(
  jacobian: Float64Array,
  residuals: Float64Array,
  n: number,
  M: number,
  free: readonly number[],
  normal: Float64Array,
  gradient: Float64Array,
): void {
  const size = free.length;
  normal.fill(0);
  gradient.fill(0);
  for (let s = 0; s < n; s++) {
    const row = s * M;
    for (let i = 0; i < size; i++) {
      const derivative = jacobian[row + free[i]];
      gradient[i] += derivative * residuals[s];
      for (let j = 0; j <= i; j++) normal[i * size + j] += derivative * jacobian[row + free[j]];
    }
  }
}

/** Solves A·x = b for the lower triangle of a symmetric A, which is overwritten; false when A is not positive definite. */
function solveCholesky(a: Float64Array, b: Float64Array, x: Float64Array, size: number): boolean {
  for (let j = 0; j < size; j++) {
    let diagonal = a[j * size + j];
    for (let k = 0; k < j; k++) diagonal -= a[j * size + k] * a[j * size + k];
    if (!(diagonal > 0) || diagonal === Infinity) return false;
    const root = Math.sqrt(diagonal);
    a[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let sum = a[i * size + j];
      for (let k = 0; k < j; k++) sum -= a[i * size + k] * a[j * size + k];
      a[i * size + j] = sum / root;
    }
  }
  for (let i = 0; i < size; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= a[i * size + k] * x[k];
    x[i] = sum / a[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < size; k++) sum -= a[k * size + i] * x[k];
    x[i] = sum / a[i * size + i];
  }
  return true;
}
