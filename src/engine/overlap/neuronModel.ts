import type { ActivationFunction } from '../models/activation';
import type { BoundModel } from '../models/model';

/**
 * f = a σ(w·x) at one input, with parameters (w, a): any activation, also one that a recipe has made. The family `twoLayer` has
 * the named ones alone.
 */
export class NeuronAtInput implements BoundModel {
  readonly sampleCount = 1;
  readonly parameterCount: number;

  constructor(
    private readonly activation: ActivationFunction,
    private readonly x: readonly number[],
  ) {
    this.parameterCount = x.length + 1;
  }

  evaluate(parameters: Float64Array, out: Float64Array): void {
    out[0] = parameters[this.x.length] * this.activation.value(this.preactivation(parameters));
  }

  jacobian(parameters: Float64Array, out: Float64Array): void {
    const { x, activation } = this;
    const z = this.preactivation(parameters);
    const slope = parameters[x.length] * activation.first(z);
    for (let j = 0; j < x.length; j++) out[j] = slope * x[j];
    out[x.length] = activation.value(z);
  }

  weightedGradient(parameters: Float64Array, weights: Float64Array, out: Float64Array): void {
    this.jacobian(parameters, out);
    for (let j = 0; j < out.length; j++) out[j] *= weights[0];
  }

  directionalDerivative(parameters: Float64Array, direction: Float64Array, out: Float64Array): void {
    const { x, activation } = this;
    const z = this.preactivation(parameters);
    const along = this.preactivation(direction);
    out[0] = parameters[x.length] * activation.first(z) * along + activation.value(z) * direction[x.length];
  }

  weightedHessianProduct(parameters: Float64Array, weights: Float64Array, direction: Float64Array, out: Float64Array): void {
    const { x, activation } = this;
    const z = this.preactivation(parameters);
    const along = this.preactivation(direction);
    const first = weights[0] * activation.first(z);
    const common = weights[0] * parameters[x.length] * activation.second(z) * along + first * direction[x.length];
    for (let j = 0; j < x.length; j++) out[j] = common * x[j];
    out[x.length] = first * along;
  }

  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number {
    const { x } = this;
    this.jacobian(parameters, gradient);
    const residual = parameters[x.length] * gradient[x.length] - targets[0];
    for (let j = 0; j < gradient.length; j++) gradient[j] *= 2 * residual;
    return residual * residual;
  }

  private preactivation(parameters: Float64Array): number {
    let z = 0;
    for (let j = 0; j < this.x.length; j++) z += this.x[j] * parameters[j];
    return z;
  }
}
