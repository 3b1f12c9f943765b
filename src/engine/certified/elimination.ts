import type { Ball } from './ball';
import { bitLength } from './dyadic';

/** Pivots that were proven not to be 0, in the order in which they were taken. */
export interface Elimination {
  readonly rank: number;
  readonly pivots: readonly Ball[];
  readonly rowOrder: readonly number[];
  readonly columnOrder: readonly number[];
  /** Upper bound, in ulps, of every |entry| that is left after the last pivot; 0 when nothing is left. */
  readonly remainder: bigint;
}

/** The rows of a matrix at work: middles by entry, and one radius for a whole row. */
interface Work {
  readonly rows: bigint[][];
  readonly radii: bigint[];
  readonly bits: number;
}

/**
 * Gaussian elimination in balls of `bits` fractional bits. With `order` it takes pivots there and stops at the first
 * that cannot be told from 0; without, it pivots completely and stops when no entry that is left can be told from 0.
 *
 * Why r pivots prove rank ≥ r: every entry of the true Schur complement lies within its row's radius of the middle,
 * so a pivot with |middle| > radius is truly not 0, and r of them make a regular r × r submatrix. One radius a row
 * (rather than one an entry) is enough, because fixed-point errors are absolute, and keeps the inner loop to one
 * product, one shift and one difference.
 */
export function eliminate(
  matrix: readonly (readonly Ball[])[],
  bits: number,
  order?: { rows: readonly number[]; columns: readonly number[] },
): Elimination {
  const work: Work = {
    rows: matrix.map((row) => row.map(({ middle }) => middle)),
    radii: matrix.map((row) => row.reduce((most, { radius }) => (radius > most ? radius : most), 0n)),
    bits,
  };
  const rows = order ? [...order.rows] : matrix.map((_, i) => i);
  const columns = order ? [...order.columns] : (matrix[0] ?? []).map((_, j) => j);
  const limit = Math.min(rows.length, columns.length);
  const shadow = order ? undefined : new Shadow(work);
  const pivots: Ball[] = [];
  for (let step = 0; step < limit; step++) {
    if (shadow) {
      const found = shadow.pivot(rows, columns, step);
      if (found) {
        exchange(rows, step, found.row);
        exchange(columns, step, found.column);
      }
    }
    const middle = work.rows[rows[step]][columns[step]];
    const radius = work.radii[rows[step]];
    if (absolute(middle) <= radius) return finished(work, pivots, rows, columns);
    pivots.push({ middle, radius });
    clearColumn(work, rows, columns, step, shadow);
  }
  return finished(work, pivots, rows, columns);
}

/** Subtracts multiples of the pivot's row from the rows after it, so that their entries in its column become 0. */
function clearColumn(
  { rows, radii, bits }: Work,
  rowOrder: number[],
  columnOrder: number[],
  step: number,
  shadow: Shadow | undefined,
): void {
  const shift = BigInt(bits);
  const pivotRow = rows[rowOrder[step]];
  const column = columnOrder[step];
  const pivot = pivotRow[column];
  const pivotRadius = radii[rowOrder[step]];
  const least = absolute(pivot) - pivotRadius;
  const reciprocal = (1n << (2n * shift)) / pivot;
  const active = columnOrder.slice(step + 1);
  const entries = active.map((j) => pivotRow[j]);
  let largest = 0n;
  for (const entry of entries) if (absolute(entry) > largest) largest = absolute(entry);
  for (let i = step + 1; i < rowOrder.length; i++) {
    const row = rows[rowOrder[i]];
    const radius = radii[rowOrder[i]];
    const head = row[column];
    if (head === 0n && radius === 0n) continue;
    const factor = (head * reciprocal) >> shift;
    // The true multiplier is factor + e: |e| ≤ (|head − factor·pivot| + ρ_row + |factor| ρ_pivot) / (|pivot| − ρ_pivot).
    const size = absolute(factor);
    const residual = absolute((head << shift) - factor * pivot) + (radius << shift) + size * pivotRadius;
    const factorError = residual / least + 1n;
    // |true − computed| ≤ ρ_row + |factor| ρ_pivot + |e| (largest + ρ_pivot), and the shift below loses less than 1 ulp.
    radii[rowOrder[i]] = radius + ((size * pivotRadius + factorError * (largest + pivotRadius)) >> shift) + 2n;
    if (factor !== 0n) {
      for (let j = 0; j < active.length; j++) {
        const entry = entries[j];
        if (entry !== 0n) row[active[j]] -= (factor * entry) >> shift;
      }
    }
    shadow?.refresh(rowOrder[i], active);
  }
}

function finished({ rows, radii }: Work, pivots: Ball[], rowOrder: number[], columnOrder: number[]): Elimination {
  const rank = pivots.length;
  let remainder = 0n;
  for (const i of rowOrder.slice(rank)) {
    for (const j of columnOrder.slice(rank)) {
      const size = absolute(rows[i][j]) + radii[i];
      if (size > remainder) remainder = size;
    }
  }
  return { rank, pivots, rowOrder: rowOrder.slice(0, rank), columnOrder: columnOrder.slice(0, rank), remainder };
}

/** Sizes of the middles as float64, for the search of pivots; a poor choice costs accuracy and never rigour. */
class Shadow {
  private readonly sizes: Float64Array[];
  /** Ulps below 2^shift are 0 here, so that the largest entries stay finite. */
  private readonly shift: bigint;

  constructor(private readonly work: Work) {
    let longest = 0;
    for (const row of work.rows) for (const entry of row) longest = Math.max(longest, bitLength(entry));
    this.shift = BigInt(Math.max(0, longest - 900));
    this.sizes = work.rows.map((row) => Float64Array.from(row, (entry) => this.size(entry)));
  }

  refresh(row: number, columns: readonly number[]): void {
    const middles = this.work.rows[row];
    const sizes = this.sizes[row];
    for (const j of columns) sizes[j] = this.size(middles[j]);
  }

  /** Places in the orders of the largest entry that can be told from 0; undefined when there is none. */
  pivot(rows: readonly number[], columns: readonly number[], from: number): { row: number; column: number } | undefined {
    let best = 0;
    let found: { row: number; column: number } | undefined;
    for (let i = from; i < rows.length; i++) {
      const sizes = this.sizes[rows[i]];
      const radius = this.size(this.work.radii[rows[i]]) * 1.01;
      for (let j = from; j < columns.length; j++) {
        const size = sizes[columns[j]];
        if (size > best && size > radius) {
          best = size;
          found = { row: i, column: j };
        }
      }
    }
    return found ?? this.exactPivot(rows, columns, from);
  }

  private exactPivot(
    rows: readonly number[],
    columns: readonly number[],
    from: number,
  ): { row: number; column: number } | undefined {
    let best = 0n;
    let found: { row: number; column: number } | undefined;
    for (let i = from; i < rows.length; i++) {
      const middles = this.work.rows[rows[i]];
      for (let j = from; j < columns.length; j++) {
        const surplus = absolute(middles[columns[j]]) - this.work.radii[rows[i]];
        if (surplus > best) {
          best = surplus;
          found = { row: i, column: j };
        }
      }
    }
    return found;
  }

  private size(entry: bigint): number {
    return Math.abs(Number(this.shift === 0n ? entry : entry >> this.shift));
  }
}

function exchange(order: number[], a: number, b: number): void {
  [order[a], order[b]] = [order[b], order[a]];
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
