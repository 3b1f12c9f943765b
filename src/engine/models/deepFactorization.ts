import type { ResolvedDeepFactorization } from '../../experiment/resolved';
import type { KernelProblem } from '../kernels/problem';
import { combineRows, projectRow } from './layers/rows';
import type { BoundModel, Inputs, Model } from './model';

/** One factor W_l, l = 1 … L, in the parameter vector. */
export interface Factor {
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
}

/** The factors W_1, …, W_L. Order of the parameters: W_L first, W_1 last, as they stand in the product; each row by row. */
export function factorsOf(dimensions: readonly number[]): Factor[] {
  let offset = 0;
  const factors: Factor[] = [];
  for (let l = dimensions.length - 1; l > 0; l--) {
    factors.unshift({ rows: dimensions[l], columns: dimensions[l - 1], offset });
    offset += dimensions[l] * dimensions[l - 1];
  }
  return factors;
}

/** f(i, j) = (W_L … W_1)_ij. An input is (row, column), counted from 0. */
export function deepFactorization({ dimensions }: ResolvedDeepFactorization): Model {
  const factors = factorsOf(dimensions);
  return {
    parameterCount: factors.reduce((sum, { rows, columns }) => sum + rows * columns, 0),
    inputDimension: 2,
    layout: factors.map(({ rows, columns, offset }, l) => ({ name: `W${l + 1}`, offset, shape: [rows, columns] })).reverse(),
    bind: (inputs) => new BoundDeepFactorization(dimensions, factors, inputs),
  };
}

/** `right[l]` is W_l … W_1 (d_l × d_0); a gradient by it is pulled back factor by factor. */
class BoundDeepFactorization implements BoundModel {
  readonly sampleCount: number;
  readonly parameterCount: number;
  /** Columns of the product, d_0. */
  private readonly n: number;
  private readonly rowOf: Int32Array;
  private readonly columnOf: Int32Array;
  private readonly right: readonly Float64Array[];
  private readonly gradients: readonly Float64Array[];
  private tangents: readonly Float64Array[] = [];
  private gradientTangents: readonly Float64Array[] = [];
  private scratch: readonly Float64Array[] = [];

  constructor(
    private readonly dimensions: readonly number[],
    private readonly factors: readonly Factor[],
    inputs: Inputs,
  ) {
    if (inputs.dimension !== 2)
      throw new Error(`The inputs of a matrix model are (row, column), not of dimension ${inputs.dimension}.`);
    this.sampleCount = inputs.count;
    this.n = dimensions[0];
    this.parameterCount = factors.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    this.rowOf = new Int32Array(inputs.count);
    this.columnOf = new Int32Array(inputs.count);
    const rows = dimensions[dimensions.length - 1];
    for (let s = 0; s < inputs.count; s++) {
      const row = inputs.values[2 * s];
      const column = inputs.values[2 * s + 1];
      const inside =
        Number.isInteger(row) && Number.isInteger(column) && row >= 0 && row < rows && column >= 0 && column < this.n;
      if (!inside) throw new Error(`Input ${s}, (${row}, ${column}), is no entry of a ${rows} × ${this.n} matrix.`);
      this.rowOf[s] = row;
      this.columnOf[s] = column;
    }
    this.right = this.buffers();
    this.gradients = this.buffers();
  }

  evaluate(parameters: Float64Array, out: Float64Array): void {
    this.multiply(parameters);
    this.readEntries(this.right, out);
  }

  /** ∂f(i, j)/∂W_l is the outer product of row i of W_L … W_(l+1) and column j of W_(l−1) … W_1. */
  jacobian(parameters: Float64Array, out: Float64Array): void {
    const { sampleCount: samples, parameterCount: M, n, factors, right, dimensions, rowOf, columnOf } = this;
    this.multiply(parameters);
    out.fill(0, 0, samples * M);
    const height = dimensions[dimensions.length - 1];
    let left = new Float64Array(height * height);
    for (let i = 0; i < height; i++) left[i * height + i] = 1;
    for (let l = factors.length; l >= 1; l--) {
      const { rows, columns, offset } = factors[l - 1];
      for (let s = 0; s < samples; s++) {
        const at = s * M + offset;
        for (let p = 0; p < rows; p++) {
          const a = left[rowOf[s] * rows + p];
          if (l === 1) out[at + p * columns + columnOf[s]] = a;
          else for (let q = 0; q < columns; q++) out[at + p * columns + q] = a * right[l - 1][q * n + columnOf[s]];
        }
      }
      const next = new Float64Array(height * columns);
      for (let i = 0; i < height; i++) combineRows(next, i * columns, columns, 0, left, i * rows, 1, parameters, offset, rows);
      left = next;
    }
  }

  weightedGradient(parameters: Float64Array, weights: Float64Array, out: Float64Array): void {
    this.multiply(parameters);
    this.scatter(weights);
    this.pullBack(parameters, out);
  }

  directionalDerivative(parameters: Float64Array, direction: Float64Array, out: Float64Array): void {
    this.multiply(parameters);
    this.multiplyTangents(parameters, direction);
    this.readEntries(this.tangents, out);
  }

  weightedHessianProduct(parameters: Float64Array, weights: Float64Array, direction: Float64Array, out: Float64Array): void {
    const { n, factors, right, gradients } = this;
    this.multiply(parameters);
    this.multiplyTangents(parameters, direction);
    const { tangents, gradientTangents, scratch } = this;
    this.scatter(weights);
    gradientTangents[factors.length].fill(0);
    for (let l = factors.length; l >= 1; l--) {
      const { rows, columns, offset } = factors[l - 1];
      const g = gradients[l];
      const dg = gradientTangents[l];
      if (l === 1) {
        for (let i = 0; i < rows * columns; i++) out[offset + i] = dg[i];
        break;
      }
      for (let p = 0; p < rows; p++) {
        projectRow(out, offset + p * columns, dg, p * n, n, right[l - 1], 0, columns, false);
        projectRow(out, offset + p * columns, g, p * n, n, tangents[l - 1], 0, columns, true);
      }
      for (let q = 0; q < columns; q++) {
        combineRows(gradients[l - 1], q * n, n, 0, parameters, offset + q, columns, g, 0, rows);
        combineRows(gradientTangents[l - 1], q * n, n, 0, parameters, offset + q, columns, dg, 0, rows);
        combineRows(scratch[l - 1], q * n, n, 0, direction, offset + q, columns, g, 0, rows);
      }
      for (let i = 0; i < columns * n; i++) gradientTangents[l - 1][i] += scratch[l - 1][i];
    }
  }

  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number {
    const { sampleCount: samples, n, factors, right, gradients, rowOf, columnOf } = this;
    this.multiply(parameters);
    const product = right[factors.length];
    const e = gradients[factors.length].fill(0);
    const scale = 2 / samples;
    let even = 0;
    let odd = 0;
    for (let s = 0; s < samples; s++) {
      const at = rowOf[s] * n + columnOf[s];
      const r = product[at] - targets[s];
      if (s & 1) odd += r * r;
      else even += r * r;
      e[at] += scale * r;
    }
    this.pullBack(parameters, gradient);
    return (even + odd) / samples;
  }

  kernelProblem(): KernelProblem {
    return { family: 'deepFactorization', factors: this.factors, rowOf: this.rowOf, columnOf: this.columnOf };
  }

  private buffers(): Float64Array[] {
    return this.dimensions.map((size, l) => new Float64Array(l === 0 ? 0 : size * this.n));
  }

  private multiply(parameters: Float64Array): void {
    const { n, factors, right } = this;
    for (let l = 1; l <= factors.length; l++) {
      const { rows, columns, offset } = factors[l - 1];
      if (l === 1) for (let i = 0; i < rows * columns; i++) right[1][i] = parameters[offset + i];
      else
        for (let p = 0; p < rows; p++)
          combineRows(right[l], p * n, n, 0, parameters, offset + p * columns, 1, right[l - 1], 0, columns);
    }
  }

  private multiplyTangents(parameters: Float64Array, direction: Float64Array): void {
    if (this.tangents.length === 0) {
      this.tangents = this.buffers();
      this.gradientTangents = this.buffers();
      this.scratch = this.buffers();
    }
    const { n, factors, right, tangents, scratch } = this;
    for (let l = 1; l <= factors.length; l++) {
      const { rows, columns, offset } = factors[l - 1];
      if (l === 1) {
        for (let i = 0; i < rows * columns; i++) tangents[1][i] = direction[offset + i];
        continue;
      }
      for (let p = 0; p < rows; p++) {
        combineRows(tangents[l], p * n, n, 0, parameters, offset + p * columns, 1, tangents[l - 1], 0, columns);
        combineRows(scratch[l], p * n, n, 0, direction, offset + p * columns, 1, right[l - 1], 0, columns);
      }
      for (let i = 0; i < rows * n; i++) tangents[l][i] += scratch[l][i];
    }
  }

  private readEntries(matrices: readonly Float64Array[], out: Float64Array): void {
    const matrix = matrices[this.factors.length];
    for (let s = 0; s < this.sampleCount; s++) out[s] = matrix[this.rowOf[s] * this.n + this.columnOf[s]];
  }

  private scatter(weights: Float64Array): void {
    const e = this.gradients[this.factors.length].fill(0);
    for (let s = 0; s < this.sampleCount; s++) e[this.rowOf[s] * this.n + this.columnOf[s]] += weights[s];
  }

  /** From the gradient by the product to those by the factors. */
  private pullBack(parameters: Float64Array, out: Float64Array): void {
    const { n, factors, right, gradients } = this;
    for (let l = factors.length; l >= 1; l--) {
      const { rows, columns, offset } = factors[l - 1];
      const g = gradients[l];
      if (l === 1) {
        for (let i = 0; i < rows * columns; i++) out[offset + i] = g[i];
        break;
      }
      for (let p = 0; p < rows; p++) projectRow(out, offset + p * columns, g, p * n, n, right[l - 1], 0, columns, false);
      for (let q = 0; q < columns; q++) combineRows(gradients[l - 1], q * n, n, 0, parameters, offset + q, columns, g, 0, rows);
    }
  }
}
