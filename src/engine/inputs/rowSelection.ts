import { createMatrix, type Matrix } from '../linalg/matrix';
import { singularValues, svd } from '../linalg/svd';

/** Choices up to which the search is exhaustive (with pruning, a small part of them is visited). */
const EXHAUSTIVE_CHOICES = 2e6;
/** Two values closer than this are a tie, and the first choice stays. */
const TIE = 1e-9;
/** Multiplications that the exchange may spend; it stops at what it has then. */
const EXCHANGE_BUDGET = 2e9;

/**
 * R rows of an N × R matrix of rank R with the largest smallest singular value, ascending. Exact when the number of
 * choices is small, otherwise by pivoting and exchanges.
 */
export function selectRows(a: Matrix, size: number): number[] {
  const start = exchange(a, pivotRows(a, size));
  const best = choices(a.rows, size) <= EXHAUSTIVE_CHOICES ? branchAndBound(a, size, start) : start;
  return [...best].sort((i, j) => i - j);
}

/**
 * Appends the other rows, each time the one that leaves the largest smallest singular value. Beyond `needed` rows, and
 * where that would take too long, in their natural order.
 */
export function extendRows(a: Matrix, chosen: readonly number[], needed: number): number[] {
  const order = [...chosen];
  const rest = new Set(Array.from({ length: a.rows }, (_, i) => i));
  for (const row of order) rest.delete(row);
  let budget = EXCHANGE_BUDGET;
  while (order.length < needed && rest.size > 1) {
    budget -= rest.size * order.length * a.columns * a.columns * 4;
    if (budget < 0) break;
    let best = -1;
    let bestValue = -1;
    for (const row of rest) {
      const value = smallestSingularValue(a, [...order, row]);
      if (value > bestValue * (1 + TIE)) {
        best = row;
        bestValue = value;
      }
    }
    order.push(best);
    rest.delete(best);
  }
  return [...order, ...rest];
}

export function smallestSingularValue(a: Matrix, rows: readonly number[]): number {
  const values = singularValues(pick(a, rows));
  return values[values.length - 1];
}

function pick(a: Matrix, rows: readonly number[]): Matrix {
  const out = createMatrix(rows.length, a.columns);
  rows.forEach((row, i) => out.values.set(a.values.subarray(row * a.columns, (row + 1) * a.columns), i * a.columns));
  return out;
}

function choices(n: number, k: number): number {
  let count = 1;
  for (let i = 0; i < Math.min(k, n - k); i++) count *= (n - i) / (i + 1);
  return count;
}

/** Gram–Schmidt with pivoting: each time the row with the largest part outside the span of those chosen. */
function pivotRows(a: Matrix, size: number): number[] {
  const { rows, columns } = a;
  const rest = Float64Array.from(a.values);
  const chosen: number[] = [];
  for (let step = 0; step < size; step++) {
    let best = -1;
    let bestNorm = -1;
    for (let i = 0; i < rows; i++) {
      if (chosen.includes(i)) continue;
      let norm = 0;
      for (let j = 0; j < columns; j++) norm += rest[i * columns + j] * rest[i * columns + j];
      if (norm > bestNorm) {
        best = i;
        bestNorm = norm;
      }
    }
    chosen.push(best);
    if (bestNorm <= 0) continue;
    const direction = rest.slice(best * columns, (best + 1) * columns);
    for (let i = 0; i < rows; i++) {
      let dot = 0;
      for (let j = 0; j < columns; j++) dot += rest[i * columns + j] * direction[j];
      for (let j = 0; j < columns; j++) rest[i * columns + j] = rest[i * columns + j] - (dot / bestNorm) * direction[j];
    }
  }
  return chosen;
}

/**
 * Swaps rows while the smallest singular value grows. Tried out are the rows that take most part in the near-dependency
 * (large entries of the last left singular vector), tried in those that cover the weakest direction best.
 */
function exchange(a: Matrix, start: readonly number[]): number[] {
  const { rows, columns } = a;
  const size = start.length;
  const tried = 8;
  let budget = EXCHANGE_BUDGET;
  let current = [...start];
  let value = smallestSingularValue(a, current);
  for (;;) {
    budget -= tried * tried * size * size * size * 4;
    if (budget < 0 || size === rows) return current;
    const { u, v } = svd(pick(a, current));
    const weakest = size - 1;
    const inside = new Set(current);
    const leaving = current
      .map((_, position) => ({ position, weight: Math.abs(u.values[position * u.columns + weakest]) }))
      .sort((x, y) => y.weight - x.weight || x.position - y.position)
      .slice(0, tried);
    const entering: { row: number; weight: number }[] = [];
    for (let row = 0; row < rows; row++) {
      if (inside.has(row)) continue;
      let dot = 0;
      for (let j = 0; j < columns; j++) dot += a.values[row * columns + j] * v.values[j * v.columns + weakest];
      entering.push({ row, weight: Math.abs(dot) });
    }
    entering.sort((x, y) => y.weight - x.weight || x.row - y.row);
    let best: number[] | undefined;
    for (const { position } of leaving) {
      for (const { row } of entering.slice(0, tried)) {
        const candidate = current.map((kept, i) => (i === position ? row : kept));
        const candidateValue = smallestSingularValue(a, candidate);
        if (candidateValue > value * (1 + TIE)) {
          best = candidate;
          value = candidateValue;
        }
      }
    }
    if (!best) return current;
    current = best;
  }
}

/**
 * Depth-first search over all choices. The smallest singular value only falls when a row is added (interlacing), so a
 * partial choice S is given up as soon as it is not above the best value τ, that is when A_S·A_Sᵀ − τ²·I is not positive
 * definite: its Cholesky factor grows by one row at a time. The value itself is always taken by SVD.
 */
function branchAndBound(a: Matrix, size: number, start: readonly number[]): number[] {
  const { rows, columns } = a;
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += a.values[i * columns + k] * a.values[j * columns + k];
      gram[i * rows + j] = sum;
    }
  }
  let best = [...start];
  let bestValue = smallestSingularValue(a, best);
  let threshold = 0;
  let generation = 0;
  const raise = () => {
    threshold = bestValue * (1 + TIE) * (bestValue * (1 + TIE));
    generation++;
  };
  raise();
  const chosen = new Int32Array(size);
  const factor = new Float64Array(size * size);

  const append = (depth: number, row: number): boolean => {
    let diagonal = gram[row * rows + row] - threshold;
    for (let c = 0; c < depth; c++) {
      let value = gram[row * rows + chosen[c]];
      for (let k = 0; k < c; k++) value -= factor[depth * size + k] * factor[c * size + k];
      value /= factor[c * size + c];
      factor[depth * size + c] = value;
      diagonal -= value * value;
    }
    if (!(diagonal > 0)) return false;
    factor[depth * size + depth] = Math.sqrt(diagonal);
    chosen[depth] = row;
    return true;
  };

  const visit = (depth: number, from: number): void => {
    let seen = generation;
    for (let row = from; row <= rows - (size - depth); row++) {
      if (seen !== generation) {
        // The threshold rose below this node: check the partial choice against it again.
        for (let d = 0; d < depth; d++) if (!append(d, chosen[d])) return;
        seen = generation;
      }
      if (!append(depth, row)) continue;
      if (depth < size - 1) {
        visit(depth + 1, row + 1);
        continue;
      }
      const candidate = Array.from(chosen);
      const value = smallestSingularValue(a, candidate);
      if (value > bestValue * (1 + TIE)) {
        best = candidate;
        bestValue = value;
        raise();
      }
    }
  };
  visit(0, 0);
  return best;
}
