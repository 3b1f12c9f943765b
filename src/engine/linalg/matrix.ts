/** A dense row-major float64 matrix. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** rows·columns numbers. */
  readonly values: Float64Array;
}
