import type { BoundModel } from '../models/model';

/**
 * Which entries of Σ_i w_i ∇²f(x_i; θ) can differ from zero, and a colouring of its columns: columns of one colour have no row in
 * common, so one product with the sum of their unit vectors gives all of them (Curtis, Powell and Reid, "On the estimation of
 * sparse Jacobian matrices", IMA J. Appl. Math. 13, 1974). Neurons of a two-layer network do not meet, which makes d + 2
 * products of its P; a factorization of d1 × d2 matrices needs d1 + d2.
 */
export interface HessianPattern {
  /** For each column its rows, ascending. */
  readonly rows: readonly Int32Array[];
  /** For each colour its columns. */
  readonly colors: readonly Int32Array[];
}

/** Points at which the pattern is looked for: zeros at all of them are taken for zeros of the model. */
const POINTS = 2;

/** Taken from products at generic points; whoever uses it must check it where it is used, since a model may branch. */
export function findHessianPattern(bound: BoundModel): HessianPattern {
  const P = bound.parameterCount;
  const point = new Float64Array(P);
  const weights = new Float64Array(bound.sampleCount);
  const unit = new Float64Array(P);
  const product = new Float64Array(P);
  const found = new Uint8Array(P * P);
  for (let attempt = 0; attempt < POINTS; attempt++) {
    fillScattered(point, 17 * attempt + 1);
    fillScattered(weights, 17 * attempt + 5);
    for (let j = 0; j < P; j++) {
      unit[j] = 1;
      bound.weightedHessianProduct(point, weights, unit, product);
      unit[j] = 0;
      // NaN counts as different from zero. The matrix is symmetric, so is its pattern.
      for (let i = 0; i < P; i++) if (product[i] !== 0) found[i * P + j] = found[j * P + i] = 1;
    }
  }
  const rows = Array.from({ length: P }, (_, j) => {
    const list: number[] = [];
    for (let i = 0; i < P; i++) if (found[i * P + j] === 1) list.push(i);
    return Int32Array.from(list);
  });
  return { rows, colors: colorColumns(rows) };
}

/** Numbers in (−1, 1) without pattern: fractional parts of multiples of the golden ratio. */
export function fillScattered(out: Float64Array, start: number): void {
  for (let i = 0; i < out.length; i++) {
    const x = (i + start) * 0.6180339887498949;
    out[i] = 2 * (x - Math.floor(x)) - 1;
  }
}

/** Greedy colouring, columns with most rows first. Empty columns need no colour. */
export function colorColumns(rows: readonly Int32Array[]): Int32Array[] {
  const order = rows.map((_, j) => j).sort((a, b) => rows[b].length - rows[a].length || a - b);
  const colors: { columns: number[]; taken: Uint8Array }[] = [];
  for (const column of order) {
    if (rows[column].length === 0) break;
    let color = colors.find(({ taken }) => rows[column].every((row) => taken[row] === 0));
    if (color === undefined) {
      color = { columns: [], taken: new Uint8Array(rows.length) };
      colors.push(color);
    }
    color.columns.push(column);
    for (const row of rows[column]) color.taken[row] = 1;
  }
  return colors.map(({ columns }) => Int32Array.from(columns));
}
