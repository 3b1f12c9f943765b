/** Integers of one operation, its number first. */
export const STRIDE = 16;

/** Numbers of assembly/program.ts. */
const COMBINE = 0;
const PROJECT = 1;
const SUM_ROWS = 2;
const SQUARED_ERROR = 3;
const ENTRY_ERROR = 4;
const COPY = 5;

/** What becomes of combined rows, as assembly/rows.ts says; buffers are byte offsets, with the same places as the output. */
export type Finish =
  | { mode: 'plain' }
  | { mode: 'activate'; slopes: number }
  | { mode: 'slope'; values: number; slopes: number }
  | { mode: 'scale'; values: number }
  | { mode: 'split'; values: number; slopes: number; extra: number }
  | { mode: 'scaleAdd'; values: number; slopes: number };

const MODES: readonly Finish['mode'][] = ['plain', 'activate', 'slope', 'scale', 'split', 'scaleAdd'];
/** Added to a mode where rows are added to what stands in the output. */
const ADD = 8;

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
    add?: boolean;
  }): void {
    const { rows, inner, columns, weights, rowStep, innerStep, biases, biasStep, input, output, outputStep, finish } = shape;
    const buffers = { values: 0, slopes: 0, extra: 0, ...finish };
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
      MODES.indexOf(finish.mode) + (shape.add ? ADD : 0),
      buffers.values,
      buffers.slopes,
      buffers.extra,
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
    add?: boolean;
  }): void {
    const { rows, inner, columns, gradient, gradientStep, u, uStep, input, add } = shape;
    this.add(PROJECT, rows, inner, columns, gradient, gradientStep, u, uStep, input, Number(add ?? false));
  }

  /** gradient[r] = Σ_s u[r][s]. */
  sumRows(rows: number, columns: number, gradient: number, gradientStep: number, u: number, uStep: number, add = false): void {
    this.add(SUM_ROWS, rows, columns, gradient, gradientStep, u, uStep, Number(add));
  }

  /** Loss, and residuals in `residuals`; as many rows of `padded` numbers as the model has outputs. */
  squaredError(count: number, padded: number, rows: number, outputs: number, residuals: number, mask: number): void {
    this.add(SQUARED_ERROR, count, padded, outputs, residuals, mask, rows);
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

  copyToGradient(rows: number, columns: number, padded: number, from: number, to: number, add = false): void {
    this.add(COPY, rows, columns, padded, to, from, add ? 2 : 1);
  }

  protected add(...integers: number[]): void {
    this.integers.push(...integers, ...new Array<number>(STRIDE - integers.length).fill(0));
  }
}
