/**
 * The loss of one problem that stands in the memory of the curvature kernels. Vectors are byte offsets; what depends on the point alone is
 * kept from `linearize` on, the last evaluation apart from it.
 */
export interface PointKernels {
  /** The loss there. */
  linearize(point: number): number;
  gradient(point: number, out: number): void;
  product(point: number, direction: number, out: number, curved: boolean): void;
  /** f − y at the point. */
  readResiduals(out: Float64Array): void;
  loss(parameters: number): number;
  lossAndGradient(parameters: number, out: number): number;
  /** As `Linearization` has it. */
  iterationGradient(point: number, parameters: number, increment: number, out: number): void;
}
