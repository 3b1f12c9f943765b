import type { ResolvedMatrixFactorization } from '../../experiment/resolved';
import type { KernelProblem } from '../kernels/problem';
import type { BoundModel, Inputs, Model } from './model';

/**
 * f(i, j) = Σ_k A_ik B_kj with A (d1 × inner) and B (inner × d2). An input is (row, column), counted from 0.
 * Order of the parameters: A row by row, then B row by row.
 */
export function matrixFactorization(config: ResolvedMatrixFactorization): Model {
  const { rows, columns, inner } = config;
  return {
    parameterCount: inner * (rows + columns),
    inputDimension: 2,
    layout: [
      { name: 'A', offset: 0, shape: [rows, inner] },
      { name: 'B', offset: rows * inner, shape: [inner, columns] },
    ],
    bind: (inputs) => new BoundMatrixFactorization(config, inputs),
  };
}

/**
 * Only the entries that are sampled are computed. B is kept transposed in the workspace, so that the inner loops over k
 * run through contiguous memory in both factors.
 */
class BoundMatrixFactorization implements BoundModel {
  readonly sampleCount: number;
  readonly parameterCount: number;
  private readonly inner: number;
  private readonly columns: number;
  /** Where B begins in the parameters. */
  private readonly b: number;
  /** For each entry the offset of its row in A, and of its column in Bᵀ. */
  private readonly rowAt: Int32Array;
  private readonly columnAt: Int32Array;
  /** The entries row by row, in each row by columns. */
  private readonly order: Int32Array;
  private readonly transposed: Float64Array;
  private readonly otherTransposed: Float64Array;

  constructor(config: ResolvedMatrixFactorization, inputs: Inputs) {
    const { rows, columns, inner } = config;
    if (inputs.dimension !== 2)
      throw new Error(`The inputs of a matrix model are (row, column), not of dimension ${inputs.dimension}.`);
    this.sampleCount = inputs.count;
    this.inner = inner;
    this.columns = columns;
    this.b = rows * inner;
    this.parameterCount = inner * (rows + columns);
    this.rowAt = new Int32Array(inputs.count);
    this.columnAt = new Int32Array(inputs.count);
    // Place and sample as one number: to sort by a function takes many times longer.
    const places = new Float64Array(inputs.count);
    for (let s = 0; s < inputs.count; s++) {
      const row = inputs.values[2 * s];
      const column = inputs.values[2 * s + 1];
      const inside =
        Number.isInteger(row) && Number.isInteger(column) && row >= 0 && row < rows && column >= 0 && column < columns;
      if (!inside) throw new Error(`Input ${s}, (${row}, ${column}), is no entry of a ${rows} × ${columns} matrix.`);
      this.rowAt[s] = row * inner;
      this.columnAt[s] = column * inner;
      places[s] = (row * columns + column) * inputs.count + s;
    }
    places.sort();
    this.order = new Int32Array(inputs.count);
    for (let s = 0; s < inputs.count; s++) this.order[s] = places[s] % inputs.count;
    this.transposed = new Float64Array(columns * inner);
    this.otherTransposed = new Float64Array(columns * inner);
  }

  evaluate(parameters: Float64Array, out: Float64Array): void {
    const { sampleCount: n, inner, rowAt, columnAt, transposed } = this;
    this.transpose(parameters, transposed);
    for (let s = 0; s < n; s++) {
      const i = rowAt[s];
      const j = columnAt[s];
      let f = 0;
      for (let k = 0; k < inner; k++) f += parameters[i + k] * transposed[j + k];
      out[s] = f;
    }
  }

  jacobian(parameters: Float64Array, out: Float64Array): void {
    const { sampleCount: n, parameterCount: M, inner, columns, b, rowAt, columnAt, transposed } = this;
    this.transpose(parameters, transposed);
    out.fill(0, 0, n * M);
    for (let s = 0; s < n; s++) {
      const i = rowAt[s];
      const j = columnAt[s];
      const at = s * M;
      const column = j / inner;
      for (let k = 0; k < inner; k++) {
        out[at + i + k] = transposed[j + k];
        out[at + b + k * columns + column] = parameters[i + k];
      }
    }
  }

  weightedGradient(parameters: Float64Array, weights: Float64Array, out: Float64Array): void {
    this.transpose(parameters, this.transposed);
    this.accumulate(parameters, this.transposed, weights, out);
  }

  directionalDerivative(parameters: Float64Array, direction: Float64Array, out: Float64Array): void {
    const { sampleCount: n, inner, rowAt, columnAt, transposed, otherTransposed } = this;
    this.transpose(parameters, transposed);
    this.transpose(direction, otherTransposed);
    for (let s = 0; s < n; s++) {
      const i = rowAt[s];
      const j = columnAt[s];
      let f = 0;
      for (let k = 0; k < inner; k++) f += direction[i + k] * transposed[j + k] + parameters[i + k] * otherTransposed[j + k];
      out[s] = f;
    }
  }

  /** f is bilinear in (A, B), so its Hessian at any point takes a direction to the weighted gradient at that direction. */
  weightedHessianProduct(_parameters: Float64Array, weights: Float64Array, direction: Float64Array, out: Float64Array): void {
    this.transpose(direction, this.transposed);
    this.accumulate(direction, this.transposed, weights, out);
  }

  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number {
    const { sampleCount: n, inner, columns, b, rowAt, columnAt, order, transposed, otherTransposed } = this;
    this.transpose(parameters, transposed);
    gradient.fill(0, 0, b);
    otherTransposed.fill(0);
    const scale = 2 / n;
    // Sums over k run in two interleaved halves, as in the two lanes of the SIMD kernel, which gives the same bits; those over
    // entries row by row, the loss first over each row.
    const evenInner = inner & ~1;
    let loss = 0;
    let rowLoss = 0;
    for (let place = 0; place < n; place++) {
      const s = order[place];
      const i = rowAt[s];
      const j = columnAt[s];
      let even = 0;
      let odd = 0;
      for (let k = 0; k < evenInner; k += 2) {
        even += parameters[i + k] * transposed[j + k];
        odd += parameters[i + k + 1] * transposed[j + k + 1];
      }
      if (evenInner < inner) even += parameters[i + evenInner] * transposed[j + evenInner];
      const r = even + odd - targets[s];
      rowLoss += r * r;
      if (place === n - 1 || rowAt[order[place + 1]] !== i) {
        loss += rowLoss;
        rowLoss = 0;
      }
      const e = scale * r;
      for (let k = 0; k < inner; k++) {
        gradient[i + k] += e * transposed[j + k];
        otherTransposed[j + k] += e * parameters[i + k];
      }
    }
    for (let k = 0, at = b; k < inner; k++) {
      for (let j = k; j < columns * inner; j += inner) gradient[at++] = otherTransposed[j];
    }
    return loss / n;
  }

  kernelProblem(): KernelProblem {
    const { inner, columns, b, rowAt, columnAt, order } = this;
    return {
      family: 'matrixFactorization',
      rows: b / inner,
      columns,
      inner,
      rowOf: rowAt.map((at) => at / inner),
      columnOf: columnAt.map((at) => at / inner),
      order,
    };
  }

  /** out = Σ_s weights[s] ∇f(s) at a point whose B is given transposed. */
  private accumulate(point: Float64Array, pointTransposed: Float64Array, weights: Float64Array, out: Float64Array): void {
    const { sampleCount: n, inner, columns, b, rowAt, columnAt, otherTransposed } = this;
    out.fill(0, 0, b);
    otherTransposed.fill(0);
    for (let s = 0; s < n; s++) {
      const i = rowAt[s];
      const j = columnAt[s];
      const weight = weights[s];
      for (let k = 0; k < inner; k++) {
        out[i + k] += weight * pointTransposed[j + k];
        otherTransposed[j + k] += weight * point[i + k];
      }
    }
    for (let k = 0, at = b; k < inner; k++) {
      for (let j = k; j < columns * inner; j += inner) out[at++] = otherTransposed[j];
    }
  }

  private transpose(parameters: Float64Array, out: Float64Array): void {
    const { inner, columns, b } = this;
    for (let k = 0, at = b; k < inner; k++) {
      for (let j = k; j < columns * inner; j += inner) out[j] = parameters[at++];
    }
  }
}
