import type { Linearization } from '../models/linearization';

/** Dense Hessians of a loss, as often as an integrator asks. */
export interface HessianSource {
  /** Hessian-vector products that they have taken so far. */
  readonly products: number;
  /** Fills all of the P × P row-major `out`; who has a linearization has moved it to `parameters`. */
  fill(parameters: Float64Array, out: Float64Array): void;
}

/** Of a model that has its Hessian in closed form. */
export class ExplicitHessian implements HessianSource {
  readonly products = 0;

  constructor(private readonly linearization: Linearization) {}

  fill(_parameters: Float64Array, out: Float64Array): void {
    this.linearization.hessian!(out);
  }
}
