import type { BoundModel } from '../../../src/engine/models/model';

/** f(x_i; θ) = x_i·θ for the n × P rows of X: its loss is quadratic, its flow a matrix exponential. */
export function linearModel(x: Float64Array, n: number, P: number): BoundModel {
  const row = (i: number): Float64Array => x.subarray(i * P, (i + 1) * P);
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, j) => sum + value * b[j], 0);
  const bound: BoundModel = {
    sampleCount: n,
    parameterCount: P,
    evaluate: (parameters, out) => {
      for (let i = 0; i < n; i++) out[i] = dot(row(i), parameters);
    },
    jacobian: (_parameters, out) => out.set(x),
    weightedGradient: (_parameters, weights, out) => {
      out.fill(0);
      for (let i = 0; i < n; i++) row(i).forEach((value, j) => (out[j] += weights[i] * value));
    },
    directionalDerivative: (_parameters, direction, out) => bound.evaluate(direction, out),
    weightedHessianProduct: (_parameters, _weights, _direction, out) => void out.fill(0),
    lossAndGradient: (parameters, targets, gradient) => {
      const residuals = new Float64Array(n);
      bound.evaluate(parameters, residuals);
      let loss = 0;
      residuals.forEach((value, i) => {
        const residual = value - targets[i];
        loss += residual * residual;
        residuals[i] = (2 / n) * residual;
      });
      bound.weightedGradient(parameters, residuals, gradient);
      return loss / n;
    },
  };
  return bound;
}
