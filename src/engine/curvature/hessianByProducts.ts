import type { Linearization } from '../models/linearization';

/** The Hessian where a linearization stands, column by column; pauses after each. `out` is P × P and exactly symmetric at the end. */
export function* hessianByProducts(
  linearization: Pick<Linearization, 'parameterCount' | 'product'>,
  out: Float64Array,
): Generator<void, void> {
  const P = linearization.parameterCount;
  const direction = new Float64Array(P);
  for (let j = 0; j < P; j++) {
    direction[j] = 1;
    linearization.product(direction, out.subarray(j * P, (j + 1) * P));
    direction[j] = 0;
    yield;
  }
  // The mean of (i, j) and (j, i) is symmetric and has half the rounding error.
  for (let i = 0; i < P; i++) {
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * (out[i * P + j] + out[j * P + i]);
      out[i * P + j] = mean;
      out[j * P + i] = mean;
    }
  }
}
