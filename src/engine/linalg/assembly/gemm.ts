// C ← C ± A·B. Blocks of A and B are copied into slivers four wide, which a 4 × 4 tile of accumulators runs along
// (Goto and van de Geijn, ACM Trans. Math. Softw. 34, 2008).

import { at } from '../../kernels/assembly/lanes';
import { get, set } from './vectors';

const ROWS: usize = 96;
const INNER: usize = 256;
/** Numbers of B that are packed at a time: a part of the second-level cache. */
const PACKED: usize = 49152;

const PACKED_A = (__heap_base + 63) & ~(63 as usize);
const PACKED_B = PACKED_A + ((ROWS * INNER) << 3);
const TILE = PACKED_B + (PACKED << 3);

/** First byte after the space that the copies need. */
// @ts-ignore: decorator
@inline
export function afterPacked(): usize {
  return TILE + 128;
}

/** Slivers of four rows; what is missing at the edge is zero. A(i, p) lies at i·rowStep + p·columnStep. */
function packRows(m: usize, k: usize, sign: f64, a: usize, rowStep: usize, columnStep: usize): void {
  let to = PACKED_A;
  const s = f64x2.splat(sign);
  for (let i: usize = 0; i < m; i += 4) {
    const from = at(a, i * rowStep);
    if (i + 4 <= m && rowStep == 1) {
      for (let p: usize = 0; p < k; p++) {
        const x = at(from, p * columnStep);
        v128.store(to, f64x2.mul(s, v128.load(x)));
        v128.store(to, f64x2.mul(s, v128.load(x, 16)), 16);
        to += 32;
      }
    } else {
      const count = min<usize>(4, m - i);
      for (let p: usize = 0; p < k; p++) {
        for (let r: usize = 0; r < count; r++) set(to, r, sign * get(from, r * rowStep + p * columnStep));
        for (let r: usize = count; r < 4; r++) set(to, r, 0);
        to += 32;
      }
    }
  }
}

/** Slivers of four columns. B(p, j) lies at p·rowStep + j·columnStep. */
function packColumns(k: usize, n: usize, b: usize, rowStep: usize, columnStep: usize): void {
  let to = PACKED_B;
  for (let j: usize = 0; j < n; j += 4) {
    const from = at(b, j * columnStep);
    if (j + 4 <= n && columnStep == 1) {
      for (let p: usize = 0; p < k; p++) {
        const x = at(from, p * rowStep);
        v128.store(to, v128.load(x));
        v128.store(to, v128.load(x, 16), 16);
        to += 32;
      }
    } else {
      const count = min<usize>(4, n - j);
      for (let p: usize = 0; p < k; p++) {
        for (let c: usize = 0; c < count; c++) set(to, c, get(from, p * rowStep + c * columnStep));
        for (let c: usize = count; c < 4; c++) set(to, c, 0);
        to += 32;
      }
    }
  }
}

/** c (4 × 4, rows `pitch` bytes apart) ← c + sliver·sliver. */
function tile(k: usize, a: usize, b: usize, c: usize, pitch: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + (k << 5);
  for (; a < end; a += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += 32;
    const a0 = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    const a1 = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    const a2 = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    const a3 = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c31 = f64x2.add(c31, f64x2.mul(a3, b1));
  }
  v128.store(c, f64x2.add(v128.load(c), c00));
  v128.store(c, f64x2.add(v128.load(c, 16), c01), 16);
  c += pitch;
  v128.store(c, f64x2.add(v128.load(c), c10));
  v128.store(c, f64x2.add(v128.load(c, 16), c11), 16);
  c += pitch;
  v128.store(c, f64x2.add(v128.load(c), c20));
  v128.store(c, f64x2.add(v128.load(c, 16), c21), 16);
  c += pitch;
  v128.store(c, f64x2.add(v128.load(c), c30));
  v128.store(c, f64x2.add(v128.load(c, 16), c31), 16);
}

function edgeTile(rows: usize, columns: usize, k: usize, a: usize, b: usize, c: usize, ldc: usize): void {
  memory.fill(TILE, 0, 128);
  tile(k, a, b, TILE, 32);
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const place = at(c, i * ldc + j);
      store<f64>(place, load<f64>(place) + get(TILE, i * 4 + j));
    }
  }
}

/**
 * C ← C + sign·A·B with C m × n, its rows contiguous and ldc apart, A(i, p) at i·rowStepA + p·columnStepA and B(p, j) likewise.
 * With `lower` only the lower triangle is computed (and a few entries above the diagonal are destroyed).
 */
export function gemm(
  m: usize,
  n: usize,
  k: usize,
  sign: f64,
  a: usize,
  rowStepA: usize,
  columnStepA: usize,
  b: usize,
  rowStepB: usize,
  columnStepB: usize,
  c: usize,
  ldc: usize,
  lower: bool,
): void {
  const pitch = ldc << 3;
  const width = (PACKED / min(INNER, max<usize>(k, 1))) & ~3;
  for (let j0: usize = 0; j0 < n; j0 += width) {
    const columns = min(width, n - j0);
    for (let p0: usize = 0; p0 < k; p0 += INNER) {
      const inner = min(INNER, k - p0);
      packColumns(inner, columns, at(b, p0 * rowStepB + j0 * columnStepB), rowStepB, columnStepB);
      for (let i0: usize = lower ? j0 - (j0 % ROWS) : 0; i0 < m; i0 += ROWS) {
        const rows = min(ROWS, m - i0);
        packRows(rows, inner, sign, at(a, i0 * rowStepA + p0 * columnStepA), rowStepA, columnStepA);
        for (let i: usize = 0; i < rows; i += 4) {
          const sliverA = PACKED_A + ((i * inner) << 3);
          const height = min<usize>(4, rows - i);
          // Along the rows of C, which lie in one piece.
          const end = lower ? min<usize>(columns, i0 + i + 4 > j0 ? i0 + i + 4 - j0 : 0) : columns;
          for (let j: usize = 0; j < end; j += 4) {
            const sliverB = PACKED_B + ((j * inner) << 3);
            const place = at(c, (i0 + i) * ldc + j0 + j);
            const breadth = min<usize>(4, columns - j);
            if (breadth == 4 && height == 4) tile(inner, sliverA, sliverB, place, pitch);
            else edgeTile(height, breadth, inner, sliverA, sliverB, place, ldc);
          }
        }
      }
    }
  }
}
