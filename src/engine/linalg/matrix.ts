import { withLinalg, withLinalgInSteps } from './module';

/** A dense row-major float64 matrix. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** rows·columns numbers. */
  readonly values: Float64Array;
}

/** A zero matrix. */
export function createMatrix(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/** The matrix with the given rows, which must be equally long. */
export function matrixFrom(rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const matrix = createMatrix(rows.length, columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) throw new RangeError(`Row ${i + 1} has ${row.length} entries, the first row ${columns}.`);
    matrix.values.set(row, i * columns);
  });
  return matrix;
}

export function identity(size: number): Matrix {
  const matrix = createMatrix(size, size);
  for (let i = 0; i < size; i++) matrix.values[i * size + i] = 1;
  return matrix;
}

export function transpose(a: Matrix): Matrix {
  const result = createMatrix(a.columns, a.rows);
  transposeInto(a.values, a.rows, a.columns, result.values);
  return result;
}

/** out (columns × rows, its rows `distance` numbers apart) = inᵀ, in tiles that stay in the cache. */
export function transposeInto(values: Float64Array, rows: number, columns: number, out: Float64Array, distance = rows): void {
  const tile = 32;
  for (let i0 = 0; i0 < rows; i0 += tile) {
    const i1 = i0 + tile < rows ? i0 + tile : rows;
    for (let j0 = 0; j0 < columns; j0 += tile) {
      const j1 = j0 + tile < columns ? j0 + tile : columns;
      for (let i = i0; i < i1; i++) for (let j = j0; j < j1; j++) out[j * distance + i] = values[i * columns + j]!;
    }
  }
}

/** From this number of products on WebAssembly is faster, with the copies that it needs. */
const WASM_PRODUCTS = 4096;

/** a·b. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows)
    throw new RangeError(`A ${a.rows}×${a.columns} matrix cannot be multiplied by a ${b.rows}×${b.columns} matrix.`);
  const result = createMatrix(a.rows, b.columns);
  if (a.rows * a.columns * b.columns >= WASM_PRODUCTS) {
    return withLinalg((memory) => {
      const product = memory.take(result.values.length);
      memory.exports.multiply(a.rows, a.columns, b.columns, memory.put(a.values), memory.put(b.values), product);
      result.values.set(memory.numbers(product, result.values.length));
      return result;
    });
  }
  for (let i = 0; i < a.rows; i++)
    addCombination(result.values, i * b.columns, a.values, i * a.columns, 1, a.columns, b.values, b.columns);
  return result;
}

/**
 * out[outAt + j] += Σ_k f_k·rows[k·n + j] for j < n, with f_k = factors[factorsAt + k·stride], k < count. Four rows at a time,
 * which saves most of the loads and stores.
 */
function addCombination(
  out: Float64Array,
  outAt: number,
  factors: Float64Array,
  factorsAt: number,
  stride: number,
  count: number,
  rows: Float64Array,
  n: number,
): void {
  let k = 0;
  for (; k + 3 < count; k += 4) {
    const at = factorsAt + k * stride;
    const f0 = factors[at]!;
    const f1 = factors[at + stride]!;
    const f2 = factors[at + 2 * stride]!;
    const f3 = factors[at + 3 * stride]!;
    const r0 = k * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    for (let j = 0; j < n; j++)
      out[outAt + j]! += f0 * rows[r0 + j]! + f1 * rows[r1 + j]! + (f2 * rows[r2 + j]! + f3 * rows[r3 + j]!);
  }
  for (; k < count; k++) {
    const f = factors[factorsAt + k * stride]!;
    const r = k * n;
    for (let j = 0; j < n; j++) out[outAt + j]! += f * rows[r + j]!;
  }
}

/** aᵀa, exactly symmetric. */
export function gram(a: Matrix): Matrix {
  const n = a.columns;
  const result = createMatrix(n, n);
  const g = result.values;
  if (a.rows * n * n >= WASM_PRODUCTS) {
    return withLinalg((memory) => {
      const product = memory.take(g.length);
      memory.exports.gram(a.rows, n, memory.put(a.values), product);
      g.set(memory.numbers(product, g.length));
      return result;
    });
  }
  for (let j = 0; j < n; j++) addCombination(g, j * n, a.values, j, n, a.rows, a.values, n);
  for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) g[j * n + k] = g[k * n + j]!;
  return result;
}

/** Multiplications of a piece of a product, about: some milliseconds. */
const PIECE = 4_000_000;
/** Pieces end where tiles of products do, and are wide enough that what is arranged for each costs little. */
const PIECE_WIDTH = 128;
const GRAIN = 8;

/** Rows and columns of the pieces of a `rows` × `columns` product of sums of `length` terms; of its lower triangle alone where it is `lower`. */
function* pieces(
  rows: number,
  columns: number,
  length: number,
  lower = false,
): Generator<[top: number, bottom: number, left: number, right: number], void> {
  const height = Math.max(GRAIN, Math.floor(PIECE / (PIECE_WIDTH * length * GRAIN)) * GRAIN);
  for (let left = 0; left < columns; left += PIECE_WIDTH) {
    for (let top = lower ? left : 0; top < rows; top += height)
      yield [top, Math.min(rows, top + height), left, Math.min(columns, left + PIECE_WIDTH)];
  }
}

/** `multiply` with pauses, some milliseconds apart. */
export function* multiplyInSteps(a: Matrix, b: Matrix): Generator<void, Matrix> {
  const [m, k, n] = [a.rows, a.columns, b.columns];
  if (m * k * n < PIECE) return multiply(a, b);
  const result = createMatrix(m, n);
  return yield* withLinalgInSteps(function* (memory) {
    const [left, right, product] = [memory.put(a.values), memory.put(b.values), memory.take(m * n)];
    memory.numbers(product, m * n).fill(0);
    for (const piece of pieces(m, n, k)) {
      memory.exports.multiplyBlock(k, n, left, right, product, ...piece);
      yield;
    }
    result.values.set(memory.numbers(product, m * n));
    return result;
  });
}

/** `gram` with pauses, some milliseconds apart. */
export function* gramInSteps(a: Matrix): Generator<void, Matrix> {
  const [m, n] = [a.rows, a.columns];
  if (m * n * n < PIECE) return gram(a);
  const result = createMatrix(n, n);
  const g = result.values;
  yield* withLinalgInSteps(function* (memory) {
    const [factor, product] = [memory.put(a.values), memory.take(n * n)];
    memory.numbers(product, n * n).fill(0);
    for (const piece of pieces(n, n, m, true)) {
      memory.exports.gramBlock(m, n, factor, product, ...piece);
      yield;
    }
    g.set(memory.numbers(product, n * n));
  });
  for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) g[k * n + j] = g[j * n + k]!;
  return result;
}

/** The square root of the sum of squares, without overflow or underflow. */
export function frobeniusNorm(a: Matrix): number {
  const scale = largestMagnitude(a.values);
  if (scale === 0 || !Number.isFinite(scale)) return scale;
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) {
    const x = a.values[i]! / scale;
    sum += x * x;
  }
  return scale * Math.sqrt(sum);
}

/** max|x|; NaN when there is a NaN. */
export function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const magnitude = x < 0 ? -x : x;
    if (!(magnitude <= largest)) {
      if (magnitude !== magnitude) return NaN;
      largest = magnitude;
    }
  }
  return largest;
}
