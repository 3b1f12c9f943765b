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
  /** Hessian-vector products that it took to find. */
  readonly products: number;
}

/** Points at which the pattern is looked for: zeros at all of them are taken for zeros of the model. */
const POINTS = 2;

/** Neighbouring columns, and the rows where any of them may have an entry. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly rows: Int32Array;
}

/**
 * Taken from products at generic points; whoever uses it must check it where it is used, since a model may branch.
 *
 * Groups of columns are halved until they are single columns. A product along a generic direction in a half shows its rows, and
 * one product does so for all groups that have no row in common: a few for each of log2 P rounds where the pattern is sparse.
 */
export function findHessianPattern(bound: BoundModel): HessianPattern {
  const search = searchHessianPattern(bound);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

/** The same for whoever has other things to do, too: pauses after each product. */
export function* searchHessianPattern(bound: BoundModel): Generator<void, HessianPattern> {
  const P = bound.parameterCount;
  const points = Array.from({ length: POINTS }, (_, k) => ({
    parameters: scattered(P, 17 * k + 1),
    weights: scattered(bound.sampleCount, 17 * k + 5),
  }));
  const generic = scattered(P, 11);
  const direction = new Float64Array(P);
  const product = new Float64Array(P);
  let products = 0;

  const found: Group[] = [];
  let groups: Group[] = [{ start: 0, end: P, rows: Int32Array.from({ length: P }, (_, i) => i) }];
  while (groups.length > 0) {
    const parents = groups;
    const halves: Group[] = [];
    for (const color of colorColumns(
      parents.map(({ rows }) => rows),
      P,
    )) {
      const members = Array.from(color, (index) => parents[index]);
      for (const halve of [firstHalf, secondHalf]) {
        const children = members.map(halve).filter(({ start, end }) => end > start);
        direction.fill(0);
        for (const { start, end } of children) for (let j = start; j < end; j++) direction[j] = generic[j];
        const touched = new Uint8Array(P);
        for (const { parameters, weights } of points) {
          // Where all rows are known to have entries, no other point can add one.
          if (children.every(({ rows }) => rows.every((row) => touched[row] === 1))) break;
          bound.weightedHessianProduct(parameters, weights, direction, product);
          products++;
          yield;
          // NaN counts as different from zero.
          for (let i = 0; i < P; i++) if (product[i] !== 0) touched[i] = 1;
        }
        for (const { start, end, rows } of children) halves.push({ start, end, rows: rows.filter((row) => touched[row] === 1) });
      }
    }
    groups = halves.filter(({ start, end }) => end - start > 1);
    found.push(...halves.filter(({ start, end }) => end - start === 1));
  }
  const rows = symmetricRows(found, P);
  return { rows, colors: colorColumns(rows, P), products };
}

function firstHalf({ start, end, rows }: Group): Group {
  return { start, end: (start + end) >> 1, rows };
}

function secondHalf({ start, end, rows }: Group): Group {
  return { start: (start + end) >> 1, end, rows };
}

/** For each column its rows; an entry that was seen in one triangle alone is in the other, too. */
function symmetricRows(columns: readonly Group[], P: number): Int32Array[] {
  const lists = Array.from({ length: P }, () => new Set<number>());
  for (const { start, rows } of columns) {
    for (const row of rows) {
      lists[start].add(row);
      lists[row].add(start);
    }
  }
  return lists.map((list) => Int32Array.from(list).sort());
}

function scattered(length: number, start: number): Float64Array {
  const out = new Float64Array(length);
  fillScattered(out, start);
  return out;
}

/** Numbers in (−1, 1) without pattern: fractional parts of multiples of the golden ratio. */
export function fillScattered(out: Float64Array, start: number): void {
  for (let i = 0; i < out.length; i++) {
    const x = (i + start) * 0.6180339887498949;
    out[i] = 2 * (x - Math.floor(x)) - 1;
  }
}

/** Greedy colouring, columns with most of the `rowCount` rows first. Empty columns need no colour. */
export function colorColumns(rows: readonly Int32Array[], rowCount: number): Int32Array[] {
  const order = rows.map((_, j) => j).sort((a, b) => rows[b].length - rows[a].length || a - b);
  const colors: { columns: number[]; taken: Uint8Array }[] = [];
  for (const column of order) {
    if (rows[column].length === 0) break;
    let color = colors.find(({ taken }) => rows[column].every((row) => taken[row] === 0));
    if (color === undefined) {
      color = { columns: [], taken: new Uint8Array(rowCount) };
      colors.push(color);
    }
    color.columns.push(column);
    for (const row of rows[column]) color.taken[row] = 1;
  }
  return colors.map(({ columns }) => Int32Array.from(columns));
}
