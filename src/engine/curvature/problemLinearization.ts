import { MemoryLayout } from '../kernels/memoryLayout';
import type { KernelProblem } from '../kernels/problem';
import type { Linearization } from '../models/linearization';
import { curvatureInstance, holdsMemory, takeMemory } from './curvatureInstance';
import { diagonalHessian, entryHessian } from './closedHessians';
import { diagonalInMemory, diagonalNumbers } from './diagonalPoint';
import { entriesInMemory, entryNumbers } from './entryPoint';
import { factorNumbers, factorsInMemory } from './factorPoint';
import { layerNumbers, layersInMemory } from './layerPoint';
import { finish } from '../finish';
import { hessianByProducts } from './hessianByProducts';
import { listKernels, type ListKernelExports } from './listKernels';
import type { PointKernels } from './pointKernels';
import { tapeInMemory, tapeNumbers, type TapeKernelExports } from './tapePoint';

/** Problems other than two-layer networks, which have kernels of their own (kernelLinearization.ts). */
export type PointProblem = Exclude<KernelProblem, { family: 'twoLayer' }>;

/** What of the kernels is used. */
export type PointKernelExports = ListKernelExports & Partial<TapeKernelExports>;

/** Vectors of P numbers in the memory of the kernels. */
interface Vectors {
  point: number;
  input: number;
  increment: number;
  output: number;
}

/**
 * The loss of a problem around a point, in WebAssembly. The kernels of a thread hold one problem; who comes back to them after another
 * one lays out its own anew.
 */
export class ProblemLinearization implements Linearization {
  private point: PointKernels | undefined;
  private vectors: Vectors = { point: 0, input: 0, increment: 0, output: 0 };
  private readonly parameters: Float64Array;
  private moved = false;
  private readonly evaluated: Float64Array;

  constructor(
    private readonly problem: PointProblem,
    private readonly targets: Float64Array,
    readonly parameterCount: number,
    private readonly kernels: PointKernelExports = curvatureInstance(),
  ) {
    this.parameters = new Float64Array(parameterCount);
    this.evaluated = new Float64Array(parameterCount);
  }

  /** Bytes that a problem takes. */
  static bytes(problem: PointProblem, parameterCount: number): number {
    return 8 * (4 * parameterCount + numbersOf(problem));
  }

  lossAndGradient(parameters: Float64Array, gradient: Float64Array): number {
    const point = this.inMemory();
    const { input, output } = this.vectors;
    this.evaluated.set(parameters);
    this.numbers(input).set(parameters);
    const loss = point.lossAndGradient(input, output);
    gradient.set(this.numbers(output));
    return loss;
  }

  loss(parameters: Float64Array): number {
    const point = this.inMemory();
    this.evaluated.set(parameters);
    this.numbers(this.vectors.input).set(parameters);
    return point.loss(this.vectors.input);
  }

  iterationGradient(parameters: Float64Array, increment: Float64Array, gradient: Float64Array): void {
    const point = this.atPoint();
    const { vectors } = this;
    this.evaluated.set(parameters);
    this.numbers(vectors.input).set(parameters);
    this.numbers(vectors.increment).set(increment);
    point.iterationGradient(vectors.point, vectors.input, vectors.increment, vectors.output);
    gradient.set(this.numbers(vectors.output));
  }

  moveTo(parameters: Float64Array): number {
    this.parameters.set(parameters);
    const point = this.inMemory();
    this.moved = true;
    this.numbers(this.vectors.point).set(parameters);
    return point.linearize(this.vectors.point);
  }

  gradient(out: Float64Array): void {
    const point = this.atPoint();
    point.gradient(this.vectors.point, this.vectors.output);
    out.set(this.numbers(this.vectors.output));
  }

  residuals(out: Float64Array): void {
    this.atPoint().readResiduals(out);
  }

  product(direction: Float64Array, out: Float64Array, curved = true): void {
    const point = this.atPoint();
    this.numbers(this.vectors.input).set(direction);
    point.product(this.vectors.point, this.vectors.input, this.vectors.output, curved);
    out.set(this.numbers(this.vectors.output));
  }

  hessian(out: Float64Array): void {
    finish(this.hessianInSteps(out));
  }

  /** In closed form where the family has one, else column by column. */
  *hessianInSteps(out: Float64Array): Generator<void, void> {
    const { problem, targets, parameters } = this;
    if (problem.family === 'matrixFactorization' || problem.family === 'diagonal') {
      const residuals = new Float64Array(targets.length);
      this.residuals(residuals);
      if (problem.family === 'diagonal') diagonalHessian(problem, parameters, residuals, out);
      else entryHessian(problem, parameters, residuals, out);
      return;
    }
    yield* hessianByProducts(this, out);
  }

  private numbers(at: number, count = this.parameterCount): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, at, count);
  }

  /** The problem in memory, linearised at the last point. */
  private atPoint(): PointKernels {
    if (!this.moved) throw new Error('a linearization has no point before moveTo');
    return this.inMemory();
  }

  private inMemory(): PointKernels {
    if (this.point && holdsMemory(this)) return this.point;
    const { kernels, parameterCount: P } = this;
    takeMemory(this);
    const layout = new MemoryLayout(kernels.memory, kernels.getHeapBase());
    const [point, input, increment, output] = [0, 1, 2, 3].map(() => layout.float64(P));
    this.vectors = { point, input, increment, output };
    this.point = this.layOut(layout);
    // As it was before other problems came in between.
    this.numbers(input).set(this.evaluated);
    this.point.loss(input);
    if (this.moved) {
      this.numbers(point).set(this.parameters);
      this.point.linearize(point);
    }
    return this.point;
  }

  private layOut(layout: MemoryLayout): PointKernels {
    const { kernels, problem, targets } = this;
    const numbers = (at: number, count: number): Float64Array => this.numbers(at, count);
    switch (problem.family) {
      case 'layers':
        return listKernels(kernels, layout, layersInMemory(problem, targets, layout, numbers));
      case 'deepFactorization':
        return listKernels(kernels, layout, factorsInMemory(problem, targets, layout, numbers));
      case 'matrixFactorization':
        return listKernels(kernels, layout, entriesInMemory(problem, targets, layout, numbers));
      case 'diagonal':
        return listKernels(kernels, layout, diagonalInMemory(problem, targets, layout, numbers));
      case 'formula':
        return tapeInMemory(kernels as TapeKernelExports, layout, problem, targets);
    }
  }
}

function numbersOf(problem: PointProblem): number {
  switch (problem.family) {
    case 'layers':
      return layerNumbers(problem);
    case 'deepFactorization':
      return factorNumbers(problem);
    case 'matrixFactorization':
      return entryNumbers(problem);
    case 'diagonal':
      return diagonalNumbers(problem);
    case 'formula':
      return tapeNumbers(problem);
  }
}
