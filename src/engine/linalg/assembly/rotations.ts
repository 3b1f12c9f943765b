// Plane rotations of the rows of a tall matrix Z, many sweeps at a time. Z lies in blocks of eight columns, each block contiguous
// (row i of block b at (b·rows + i)·8), so that a block stays in the cache while sweep after sweep runs down it.

import { at, splatAt } from '../../kernels/assembly/lanes';
import { get, set } from './vectors';

/** Sweeps that are collected before they are applied. */
export const SWEEPS: usize = 32;

/** (out, h) ← (c·h + s·x, c·x − s·h) is what one rotation does to rows i (h) and i + 1 (x); `out` is row i. */
function applyPair(block: usize, low: usize, high: usize, first: usize, second: usize): void {
  let row = block + (low << 6);
  let h0 = v128.load(row);
  let h1 = v128.load(row, 16);
  let h2 = v128.load(row, 32);
  let h3 = v128.load(row, 48);
  // The first rotation of the first sweep; then the second sweep follows one row behind.
  let c = splatAt(first, 2 * low);
  let s = splatAt(first, 2 * low + 1);
  let x = v128.load(row, 64);
  let g0 = f64x2.add(f64x2.mul(c, h0), f64x2.mul(s, x));
  h0 = f64x2.sub(f64x2.mul(c, x), f64x2.mul(s, h0));
  x = v128.load(row, 80);
  let g1 = f64x2.add(f64x2.mul(c, h1), f64x2.mul(s, x));
  h1 = f64x2.sub(f64x2.mul(c, x), f64x2.mul(s, h1));
  x = v128.load(row, 96);
  let g2 = f64x2.add(f64x2.mul(c, h2), f64x2.mul(s, x));
  h2 = f64x2.sub(f64x2.mul(c, x), f64x2.mul(s, h2));
  x = v128.load(row, 112);
  let g3 = f64x2.add(f64x2.mul(c, h3), f64x2.mul(s, x));
  h3 = f64x2.sub(f64x2.mul(c, x), f64x2.mul(s, h3));
  let p = first + ((low + 1) << 4);
  let q = second + (low << 4);
  const end = first + (high << 4);
  for (; p < end; p += 16) {
    c = v128.load64_splat(p);
    s = v128.load64_splat(p, 8);
    const c2 = v128.load64_splat(q);
    const s2 = v128.load64_splat(q, 8);
    q += 16;
    let y = v128.load(row, 128);
    let out = f64x2.add(f64x2.mul(c, h0), f64x2.mul(s, y));
    h0 = f64x2.sub(f64x2.mul(c, y), f64x2.mul(s, h0));
    v128.store(row, f64x2.add(f64x2.mul(c2, g0), f64x2.mul(s2, out)));
    g0 = f64x2.sub(f64x2.mul(c2, out), f64x2.mul(s2, g0));
    y = v128.load(row, 144);
    out = f64x2.add(f64x2.mul(c, h1), f64x2.mul(s, y));
    h1 = f64x2.sub(f64x2.mul(c, y), f64x2.mul(s, h1));
    v128.store(row, f64x2.add(f64x2.mul(c2, g1), f64x2.mul(s2, out)), 16);
    g1 = f64x2.sub(f64x2.mul(c2, out), f64x2.mul(s2, g1));
    y = v128.load(row, 160);
    out = f64x2.add(f64x2.mul(c, h2), f64x2.mul(s, y));
    h2 = f64x2.sub(f64x2.mul(c, y), f64x2.mul(s, h2));
    v128.store(row, f64x2.add(f64x2.mul(c2, g2), f64x2.mul(s2, out)), 32);
    g2 = f64x2.sub(f64x2.mul(c2, out), f64x2.mul(s2, g2));
    y = v128.load(row, 176);
    out = f64x2.add(f64x2.mul(c, h3), f64x2.mul(s, y));
    h3 = f64x2.sub(f64x2.mul(c, y), f64x2.mul(s, h3));
    v128.store(row, f64x2.add(f64x2.mul(c2, g3), f64x2.mul(s2, out)), 48);
    g3 = f64x2.sub(f64x2.mul(c2, out), f64x2.mul(s2, g3));
    row += 64;
  }
  c = v128.load64_splat(q);
  s = v128.load64_splat(q, 8);
  v128.store(row, f64x2.add(f64x2.mul(c, g0), f64x2.mul(s, h0)));
  v128.store(row, f64x2.add(f64x2.mul(c, g1), f64x2.mul(s, h1)), 16);
  v128.store(row, f64x2.add(f64x2.mul(c, g2), f64x2.mul(s, h2)), 32);
  v128.store(row, f64x2.add(f64x2.mul(c, g3), f64x2.mul(s, h3)), 48);
  v128.store(row, f64x2.sub(f64x2.mul(c, h0), f64x2.mul(s, g0)), 64);
  v128.store(row, f64x2.sub(f64x2.mul(c, h1), f64x2.mul(s, g1)), 80);
  v128.store(row, f64x2.sub(f64x2.mul(c, h2), f64x2.mul(s, g2)), 96);
  v128.store(row, f64x2.sub(f64x2.mul(c, h3), f64x2.mul(s, g3)), 112);
}

function fillIdentity(sweep: usize, from: usize, to: usize): void {
  for (let i = from; i < to; i++) {
    set(sweep, 2 * i, 1);
    set(sweep, 2 * i + 1, 0);
  }
}

/**
 * Prepares `sweeps` sweeps, and returns how many they are then, for `applySweeps`. Sweep k holds (c, s) of rotation i at pairs + (k·rows + i)·16 bytes, for lows[k] ≤ i < highs[k]
 * (32-bit numbers). The place behind the last sweep is overwritten when their number is odd.
 */
export function prepareSweeps(sweeps: usize, pairs: usize, lows: usize, highs: usize, rows: usize): usize {
  if (sweeps & 1) {
    store<u32>(lows + (sweeps << 2), load<u32>(lows + ((sweeps - 1) << 2)));
    store<u32>(highs + (sweeps << 2), load<u32>(lows + ((sweeps - 1) << 2)));
    sweeps += 1;
  }
  for (let k: usize = 0; k < sweeps; k += 2) {
    const first = at(pairs, 2 * k * rows);
    const second = at(first, 2 * rows);
    const low0 = <usize>load<u32>(lows + (k << 2));
    const low1 = <usize>load<u32>(lows + (k << 2), 4);
    const high0 = <usize>load<u32>(highs + (k << 2));
    const high1 = <usize>load<u32>(highs + (k << 2), 4);
    const low = min(low0, low1);
    const high = max(high0, high1);
    fillIdentity(first, low, min(low0, high));
    fillIdentity(first, max(high0, low), high);
    fillIdentity(second, low, min(low1, high));
    fillIdentity(second, max(high1, low), high);
    store<u32>(lows + (k << 2), <u32>low);
    store<u32>(highs + (k << 2), <u32>high);
  }
  return sweeps;
}

/** Applies them to the blocks [from, to). */
export function applySweeps(
  sweeps: usize,
  pairs: usize,
  lows: usize,
  highs: usize,
  z: usize,
  rows: usize,
  from: usize,
  to: usize,
): void {
  for (let b = from; b < to; b++) {
    const block = at(z, b * rows * 8);
    for (let k: usize = 0; k < sweeps; k += 2) {
      const first = at(pairs, 2 * k * rows);
      const low = <usize>load<u32>(lows + (k << 2));
      const high = <usize>load<u32>(highs + (k << 2));
      if (low < high) applyPair(block, low, high, first, at(first, 2 * rows));
    }
  }
}

/** Rows [from, to) of Zᵀ (`count` rows of `rows` numbers, ldq apart) into blocks; missing columns of the last block become 0. */
export function intoBlocks(count: usize, rows: usize, q: usize, ldq: usize, z: usize, from: usize = 0, to: usize = (count + 7) & ~7): void {
  for (let r = from; r < to; r++) {
    const block = at(z, (r >> 3) * rows * 8 + (r & 7));
    for (let i: usize = 0; i < rows; i++) set(block, i * 8, r < count ? get(q, r * ldq + i) : 0);
  }
}

/** The way back, for from ≤ r < to: out[r·ldo + j] = sign_j·Z(order_j, r). The order is of 32-bit numbers. */
export function fromBlocks(from: usize, to: usize, rows: usize, z: usize, order: usize, signs: usize, out: usize, ldo: usize): void {
  for (let r = from; r < to; r++) {
    const block = at(z, (r >> 3) * rows * 8 + (r & 7));
    for (let j: usize = 0; j < rows; j++) {
      const from = <usize>load<u32>(order + (j << 2));
      set(out, r * ldo + j, get(signs, from) * get(block, from * 8));
    }
  }
}
