/** Integers of one operation, its number first. */
const STRIDE = 16;

/** Numbers of assembly/program.ts. */
const COMBINE = 0;
const PROJECT = 1;
const SUM_ROWS = 2;
const SQUARED_ERROR = 3;
const ENTRY_ERROR = 4;
const COPY = 5;

/** What becomes of combined rows; `values` and `slopes` are byte offsets of buffers with the same places. */
export type Finish = { mode: 'plain' } | { mode: 'activate'; slopes: number } | { mode: 'slope'; values: number; slopes: number };

/** A list of operations for the kernels. Buffers are byte offsets; weights, biases and gradients are places in their vectors. */
export class Program {
  private readonly integers: number[] = [];

  get length(): number {
    return this.integers.length / STRIDE;
  }

  encode(): Int32Array {
    return Int32Array.from(this.integers);
  }

  /** out[r][s] = b[r] + Σ_q w[r][q] x[q][s]; without biases `biases` is −1. */
  combine(shape: {
    rows: number;
    inner: number;
    columns: number;
    weights: number;
    rowStep: number;
    innerStep: number;
    biases: number;
    biasStep: number;
    input: number;
    output: number;
    outputStep: number;
    finish: Finish;
  }): void {
    const { rows, inner, columns, weights, rowStep, innerStep, biases, biasStep, input, output, outputStep, finish } = shape;
    const mode = ['plain', 'activate', 'slope'].indexOf(finish.mode);
    const values = finish.mode === 'slope' ? finish.values : 0;
    const slopes = finish.mode === 'plain' ? 0 : finish.slopes;
    this.add(
      COMBINE,
      rows,
      inner,
      columns,
      weights,
      rowStep,
      innerStep,
      biases + 1,
      biasStep,
      input,
      output,
      outputStep,
      mode,
      values,
      slopes,
    );
  }

  /** gradient[r][q] = Σ_s u[r][s] x[q][s]. */
  project(shape: {
    rows: number;
    inner: number;
    columns: number;
    gradient: number;
    gradientStep: number;
    u: number;
    uStep: number;
    input: number;
  }): void {
    const { rows, inner, columns, gradient, gradientStep, u, uStep, input } = shape;
    this.add(PROJECT, rows, inner, columns, gradient, gradientStep, u, uStep, input);
  }

  /** gradient[r] = Σ_s u[r][s]. */
  sumRows(rows: number, columns: number, gradient: number, gradientStep: number, u: number, uStep: number): void {
    this.add(SUM_ROWS, rows, columns, gradient, gradientStep, u, uStep);
  }

  /** Loss, and residuals in `residuals`. */
  squaredError(count: number, padded: number, outputs: number, residuals: number, mask: number): void {
    this.add(SQUARED_ERROR, count, padded, outputs, residuals, mask);
  }

  /** The same at entries of a matrix. */
  entryError(
    count: number,
    rows: number,
    padded: number,
    matrix: number,
    residuals: number,
    rowOf: number,
    columnOf: number,
  ): void {
    this.add(ENTRY_ERROR, count, rows, padded, matrix, residuals, rowOf, columnOf);
  }

  copyParameters(rows: number, columns: number, padded: number, from: number, to: number): void {
    this.add(COPY, rows, columns, padded, from, to, 0);
  }

  copyToGradient(rows: number, columns: number, padded: number, from: number, to: number): void {
    this.add(COPY, rows, columns, padded, to, from, 1);
  }

  private add(...integers: number[]): void {
    this.integers.push(...integers, ...new Array<number>(STRIDE - integers.length).fill(0));
  }
}
