import { expect } from 'vitest';
import type { Inputs, Model } from '../../../src/engine/models/model';
import {
  differenceJacobian,
  directionalDifference,
  jacobianOf,
  relativeDifference,
  values,
  weightedGradientOf,
} from './differences';

export interface Case {
  model: Model;
  inputs: Inputs;
  parameters: Float64Array;
  /** M numbers. */
  direction: Float64Array;
  /** One number each for every input, or for every pair of an input and an output. */
  weights: Float64Array;
  targets: Float64Array;
}

/** Everything that a bound model promises, checked from its values up: each derivative against differences of the one before. */
export function checkDerivatives({ model, inputs, parameters, direction, weights, targets }: Case, tolerance = 1e-8): void {
  const bound = model.bind(inputs);
  const n = inputs.count * (model.outputCount ?? 1);
  const M = model.parameterCount;
  expect(bound.sampleCount).toBe(n);
  expect(bound.parameterCount).toBe(M);

  const jacobian = jacobianOf(bound, parameters);
  expect(relativeDifference(jacobian, differenceJacobian(bound, parameters))).toBeLessThan(tolerance);

  const product = new Float64Array(n).fill(NaN);
  bound.directionalDerivative(parameters, direction, product);
  const expectedProduct = product.map((_, i) => direction.reduce((sum, v, p) => sum + jacobian[i * M + p] * v, 0));
  expect(relativeDifference(product, expectedProduct)).toBeLessThan(1e-12);

  const gradient = weightedGradientOf(bound, parameters, weights);
  const expectedGradient = gradient.map((_, p) => weights.reduce((sum, w, i) => sum + w * jacobian[i * M + p], 0));
  expect(relativeDifference(gradient, expectedGradient)).toBeLessThan(1e-12);

  const hessian = new Float64Array(M).fill(NaN);
  bound.weightedHessianProduct(parameters, weights, direction, hessian);
  const expectedHessian = directionalDifference((theta) => weightedGradientOf(bound, theta, weights), parameters, direction);
  expect(relativeDifference(hessian, expectedHessian)).toBeLessThan(tolerance);

  const lossGradient = new Float64Array(M).fill(NaN);
  const loss = bound.lossAndGradient(parameters, targets, lossGradient);
  const residuals = values(bound, parameters).map((f, i) => f - targets[i]);
  const expectedLoss = residuals.reduce((sum, r) => sum + r * r, 0) / n;
  expect(Math.abs(loss - expectedLoss)).toBeLessThan(1e-13 * (1 + expectedLoss) * 10);
  const seeds = residuals.map((r) => (2 / n) * r);
  expect(relativeDifference(lossGradient, weightedGradientOf(bound, parameters, seeds))).toBeLessThan(1e-12);
}
