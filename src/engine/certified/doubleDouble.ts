/**
 * Double-double arithmetic: a number is the unevaluated sum of two float64 and carries about 31 digits. Dekker's and
 * Knuth's error-free sums and products, without fused operations, so the bits are the same everywhere.
 */
export interface DoubleDoubleMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major; entry = high + low, |low| ≤ ulp(high)/2. */
  readonly high: Float64Array;
  readonly low: Float64Array;
}

/** What complete pivoting on a matrix of 31 digits shows. It chooses pivots and hints at a rank; it proves nothing. */
export interface Screening {
  readonly rank: number;
  /** |last pivot taken| / |largest entry left|: how clear the cut is; infinite when nothing is left. */
  readonly gap: number;
  readonly rowOrder: readonly number[];
  readonly columnOrder: readonly number[];
}

/** Pivots below this, relative to the first one, are rounding. */
export const SCREENING_TOLERANCE = 1e-26;

const SPLITTER = 134217729;

/** a + b of two double-doubles given by their parts. */
export function addDoubleDouble(aHigh: number, aLow: number, bHigh: number, bLow: number): [number, number] {
  const sum = aHigh + bHigh;
  const shifted = sum - aHigh;
  const error = aHigh - (sum - shifted) + (bHigh - shifted) + (aLow + bLow);
  const high = sum + error;
  return [high, error - (high - sum)];
}

/** a · b of two double-doubles given by their parts. */
export function multiplyDoubleDouble(aHigh: number, aLow: number, bHigh: number, bLow: number): [number, number] {
  const product = aHigh * bHigh;
  const error = productError(aHigh, bHigh, product) + (aHigh * bLow + aLow * bHigh);
  const high = product + error;
  return [high, error - (high - product)];
}

/** a / b by two Newton corrections of the float64 quotient. */
export function divideDoubleDouble(aHigh: number, aLow: number, bHigh: number, bLow: number): [number, number] {
  let high = aHigh / bHigh;
  let low = 0;
  for (let i = 0; i < 2; i++) {
    const [productHigh, productLow] = multiplyDoubleDouble(high, low, bHigh, bLow);
    const [restHigh] = addDoubleDouble(aHigh, aLow, -productHigh, -productLow);
    [high, low] = addDoubleDouble(high, low, restHigh / bHigh, 0);
  }
  return [high, low];
}

/** a·b − fl(a·b), exactly (Dekker). */
function productError(a: number, b: number, product: number): number {
  const aSplit = SPLITTER * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = SPLITTER * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** Gaussian elimination with complete pivoting in place: the entries are overwritten. Entries should be about 1 in size. */
export function screenRank(matrix: DoubleDoubleMatrix, tolerance = SCREENING_TOLERANCE): Screening {
  const { rows, columns, high, low } = matrix;
  const rowOrder = Array.from({ length: rows }, (_, i) => i);
  const columnOrder = Array.from({ length: columns }, (_, j) => j);
  const limit = Math.min(rows, columns);
  let first = 0;
  let last = 0;
  for (let step = 0; step < limit; step++) {
    const pivot = largestEntry(high, columns, rowOrder, columnOrder, step);
    if (step === 0) first = pivot.size;
    if (!(pivot.size > tolerance * first)) {
      return {
        rank: step,
        gap: pivot.size > 0 ? last / pivot.size : Infinity,
        rowOrder: rowOrder.slice(0, step),
        columnOrder: columnOrder.slice(0, step),
      };
    }
    last = pivot.size;
    exchange(rowOrder, step, pivot.row);
    exchange(columnOrder, step, pivot.column);
    eliminate(high, low, columns, rowOrder, columnOrder, step);
  }
  return { rank: limit, gap: Infinity, rowOrder: rowOrder.slice(0, limit), columnOrder: columnOrder.slice(0, limit) };
}

function largestEntry(high: Float64Array, columns: number, rowOrder: number[], columnOrder: number[], from: number) {
  let size = 0;
  let row = from;
  let column = from;
  for (let i = from; i < rowOrder.length; i++) {
    const base = rowOrder[i] * columns;
    for (let j = from; j < columnOrder.length; j++) {
      const candidate = Math.abs(high[base + columnOrder[j]]);
      if (candidate > size) {
        size = candidate;
        row = i;
        column = j;
      }
    }
  }
  return { size, row, column };
}

function eliminate(
  high: Float64Array,
  low: Float64Array,
  columns: number,
  rowOrder: number[],
  columnOrder: number[],
  step: number,
): void {
  const pivotBase = rowOrder[step] * columns;
  const pivotColumn = columnOrder[step];
  const pivotHigh = high[pivotBase + pivotColumn];
  const pivotLow = low[pivotBase + pivotColumn];
  for (let i = step + 1; i < rowOrder.length; i++) {
    const base = rowOrder[i] * columns;
    if (high[base + pivotColumn] === 0) continue;
    const [factor, factorLow] = divideDoubleDouble(high[base + pivotColumn], low[base + pivotColumn], pivotHigh, pivotLow);
    const split = SPLITTER * factor;
    const factorTop = split - (split - factor);
    const factorRest = factor - factorTop;
    for (let j = step + 1; j < columnOrder.length; j++) {
      const column = columnOrder[j];
      const b = high[pivotBase + column];
      // multiplyDoubleDouble and addDoubleDouble written out, with the split of the factor shared by the row.
      const product = factor * b;
      const bSplit = SPLITTER * b;
      const bTop = bSplit - (bSplit - b);
      const bRest = b - bTop;
      const productLow =
        factorTop * bTop -
        product +
        factorTop * bRest +
        factorRest * bTop +
        factorRest * bRest +
        (factor * low[pivotBase + column] + factorLow * b);
      const a = high[base + column];
      const sum = a - product;
      const shifted = sum - a;
      const error = a - (sum - shifted) - (product + shifted) + (low[base + column] - productLow);
      const top = sum + error;
      high[base + column] = top;
      low[base + column] = error - (top - sum);
    }
  }
}

function exchange(order: number[], a: number, b: number): void {
  [order[a], order[b]] = [order[b], order[a]];
}
