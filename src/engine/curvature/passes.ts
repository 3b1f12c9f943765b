import type { CurvatureProgram } from './curvatureProgram';

/**
 * What a family writes into lists of operations: passes over two sets of buffers, one for the point, which is kept, with derivatives along a
 * direction, and one for points that are only evaluated. Seeds are gradients by the outputs of the model; those of the point and of
 * the evaluation are 2/n·r. Dots are derivatives along the direction (Pearlmutter, "Fast exact multiplication by the Hessian",
 * Neural Computation 6, 1994).
 */
export interface Passes {
  /** Numbers in a buffer of seeds. */
  readonly seedCount: number;
  /** Seeds of the last evaluation, those of the passes along a direction, and a buffer for others. */
  readonly evaluatedSeeds: number;
  readonly tangentSeeds: number;
  readonly otherSeeds: number;
  /** Everything that depends on the point alone, without cancellation, and the loss. */
  linearize(program: CurvatureProgram): void;
  /** Gradient at the point. */
  gradient(program: CurvatureProgram): void;
  /** ḟ; `curved`: with what the gradient by the arguments of neurons will change by. */
  tangents(program: CurvatureProgram, curved: boolean): void;
  /** out = 2/n·ḟ, plus `other` where that is not 0. */
  seeds(program: CurvatureProgram, out: number, other: number): void;
  /** The gradient at the point from `tangentSeeds`, added to what is there or not; `curved`: with the changes of the gradient at the point. */
  pullTangents(program: CurvatureProgram, curved: boolean, add: boolean): void;
  /** f and the loss at any point, in the arithmetic of training. */
  evaluate(program: CurvatureProgram): void;
  /** The gradient there from seeds. */
  pullBack(program: CurvatureProgram, seeds: number): void;
}

/** Where a family stands in the memory of the kernels. */
export interface PassesInMemory {
  passes: Passes;
  activation: { number: number; shift: number };
  /** Targets as the passes want them. */
  targets: Float64Array;
  /** Writes inputs and the like. */
  fill(): void;
  /** f − y of the point, in the order of the samples. */
  readResiduals(out: Float64Array): void;
}
