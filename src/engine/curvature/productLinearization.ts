import type { Linearization } from '../models/linearization';
import type { BoundModel } from '../models/model';
import { finish } from '../finish';
import { hessianByProducts } from './hessianByProducts';

/** The loss of any model around a point, by the model's own products: nothing but the residuals is kept. */
export class ProductLinearization implements Linearization {
  readonly parameterCount: number;
  private readonly point: Float64Array;
  private readonly rest: Float64Array;
  private readonly samples: Float64Array;
  private readonly bent: Float64Array;
  private readonly evaluated: Float64Array;
  private readonly expected: Float64Array;

  constructor(
    private readonly bound: BoundModel,
    private readonly targets: Float64Array,
  ) {
    const { parameterCount: P, sampleCount: n } = bound;
    this.parameterCount = P;
    this.point = new Float64Array(P);
    this.rest = new Float64Array(n);
    this.samples = new Float64Array(n);
    this.evaluated = new Float64Array(P);
    this.expected = new Float64Array(n);
    this.bent = new Float64Array(P);
  }

  lossAndGradient(parameters: Float64Array, gradient: Float64Array): number {
    this.evaluated.set(parameters);
    return this.bound.lossAndGradient(parameters, this.targets, gradient);
  }

  loss(parameters: Float64Array): number {
    this.evaluated.set(parameters);
    return this.residualsAt(parameters, this.samples);
  }

  iterationGradient(parameters: Float64Array, increment: Float64Array, gradient: Float64Array): void {
    const { bound, point, samples, bent, evaluated, expected } = this;
    const n = samples.length;
    this.residualsAt(evaluated, expected);
    bound.directionalDerivative(point, increment, samples);
    for (let i = 0; i < n; i++) expected[i] += samples[i];
    this.residualsAt(parameters, samples);
    for (let i = 0; i < n; i++) samples[i] -= expected[i];
    bound.weightedGradient(point, samples, bent);
    bound.weightedGradient(parameters, expected, gradient);
    for (let j = 0; j < bent.length; j++) gradient[j] = (2 / n) * (gradient[j] + bent[j]);
    evaluated.set(parameters);
  }

  moveTo(parameters: Float64Array): number {
    this.point.set(parameters);
    return this.residualsAt(parameters, this.rest);
  }

  gradient(out: Float64Array): void {
    const { bound, point, rest } = this;
    bound.weightedGradient(point, rest, out);
    const scale = 2 / rest.length;
    for (let j = 0; j < out.length; j++) out[j] *= scale;
  }

  residuals(out: Float64Array): void {
    out.set(this.rest);
  }

  product(direction: Float64Array, out: Float64Array, curved = true): void {
    const { bound, point, rest, samples, bent } = this;
    bound.directionalDerivative(point, direction, samples);
    bound.weightedGradient(point, samples, out);
    if (curved) bound.weightedHessianProduct(point, rest, direction, bent);
    const scale = 2 / rest.length;
    for (let j = 0; j < out.length; j++) out[j] = scale * (curved ? out[j] + bent[j] : out[j]);
  }

  hessian(out: Float64Array): void {
    finish(this.hessianInSteps(out));
  }

  hessianInSteps(out: Float64Array): Generator<void, void> {
    return hessianByProducts(this, out);
  }

  /** Residuals, and their mean square. */
  private residualsAt(parameters: Float64Array, out: Float64Array): number {
    this.bound.evaluate(parameters, out);
    let sum = 0;
    for (let i = 0; i < out.length; i++) {
      out[i] -= this.targets[i];
      sum += out[i] * out[i];
    }
    return sum / out.length;
  }
}
