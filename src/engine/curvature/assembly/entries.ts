// Products of two factors at sampled entries, two numbers a vector, as ../../kernels/assembly/matrixFactorization.ts has them.
//
// A vector is arranged as rows of A and, below them, columns of B, of `inner` numbers padded to a multiple of four by zeros. Entries stand
// in two lists, by rows of A and by columns of B. A list is of groups, those of one row: its place in the arrangement in bytes and the
// number of its entries; and beside it of entries: the places of the number of the entry and of the row of the other factor, in bytes, too.

import { accumulate, at, sumOfLanes } from '../../kernels/assembly/lanes';
import { operand } from '../../kernels/assembly/program';

/** Bytes of a pair of integers. */
const PAIR: usize = 8;

/** Operands: rows, columns, inner, its padded length; the arrangement; 0 to arrange the vector, 1 for `out` to be written, 2 for a sum. */
export function arrangeFactors(o: usize, vector: usize, out: usize): void {
  const rows = operand(o, 1);
  const columns = operand(o, 2);
  const inner = operand(o, 3);
  const padded = operand(o, 4);
  const buffer = operand(o, 5);
  const direction = operand(o, 6);
  const from = direction == 0 ? vector : out;
  for (let i: usize = 0; i < rows; i++) {
    for (let k: usize = 0; k < inner; k++) carry(at(from, i * inner + k), at(buffer, i * padded + k), direction);
  }
  for (let k: usize = 0; k < inner; k++) {
    const row = at(from, rows * inner + k * columns);
    let place = at(buffer, rows * padded + k);
    for (let j: usize = 0; j < columns; j++, place += padded << 3) carry(at(row, j), place, direction);
  }
}

// @ts-ignore: decorator
@inline
function carry(place: usize, arranged: usize, direction: usize): void {
  if (direction == 0) store<f64>(arranged, load<f64>(place));
  else store<f64>(place, direction == 1 ? load<f64>(arranged) : load<f64>(place) + load<f64>(arranged));
}

/**
 * out_s = x_i·x_j, or with another arrangement y out_s = x_i·y_j + y_i·x_j, for row i and column j of the entry. Operands: groups, their
 * number, entries; padded inner; x; y or 0; out.
 */
export function multiplyEntries(o: usize): void {
  const groupsEnd = operand(o, 1) + operand(o, 2) * PAIR;
  const bytes = operand(o, 4) << 3;
  const x = operand(o, 5);
  const y = operand(o, 6);
  const out = operand(o, 7);
  let entry = operand(o, 3);
  for (let group = operand(o, 1); group < groupsEnd; group += PAIR) {
    const own = <usize>load<u32>(group);
    const end = entry + <usize>load<u32>(group, 4) * PAIR;
    for (; entry < end; entry += PAIR) {
      const other = <usize>load<u32>(entry, 4);
      let sum = f64x2.splat(0);
      if (y) {
        for (let p: usize = 0; p < bytes; p += 32) {
          sum = accumulate(sum, v128.load(x + own + p), v128.load(y + other + p));
          sum = accumulate(sum, v128.load(x + own + p, 16), v128.load(y + other + p, 16));
        }
        let swapped = f64x2.splat(0);
        for (let p: usize = 0; p < bytes; p += 32) {
          swapped = accumulate(swapped, v128.load(y + own + p), v128.load(x + other + p));
          swapped = accumulate(swapped, v128.load(y + own + p, 16), v128.load(x + other + p, 16));
        }
        sum = f64x2.add(sum, swapped);
      } else {
        for (let p: usize = 0; p < bytes; p += 32) {
          sum = accumulate(sum, v128.load(x + own + p), v128.load(x + other + p));
          sum = accumulate(sum, v128.load(x + own + p, 16), v128.load(x + other + p, 16));
        }
      }
      store<f64>(out + <usize>load<u32>(entry), sumOfLanes(sum));
    }
  }
}

/** Residuals 2/n·(f − y) of entries row by row, and their loss. Operands: groups, their number; entries, how many; f; residuals. */
export function entryLoss(o: usize, targets: usize): f64 {
  const groupsEnd = operand(o, 1) + operand(o, 2) * PAIR;
  const count = <f64>operand(o, 3);
  const values = operand(o, 4);
  const residuals = operand(o, 5);
  const scale = 2.0 / count;
  let loss = 0.0;
  let s: usize = 0;
  for (let group = operand(o, 1); group < groupsEnd; group += PAIR) {
    const end = s + <usize>load<u32>(group, 4);
    let rowLoss = 0.0;
    for (; s < end; s++) {
      const r = load<f64>(at(values, s)) - load<f64>(at(targets, s));
      rowLoss += r * r;
      store<f64>(at(residuals, s), scale * r);
    }
    loss += rowLoss;
  }
  return loss / count;
}

/**
 * out_i = Σ_s u_s x_j over the entries of each row, with v_s y_j added to every term where there is a v. Operands: groups, their number,
 * entries; padded inner; u; x; v or 0; y; out.
 */
export function gatherEntries(o: usize): void {
  const groupsEnd = operand(o, 1) + operand(o, 2) * PAIR;
  const bytes = operand(o, 4) << 3;
  const u = operand(o, 5);
  const x = operand(o, 6);
  const v = operand(o, 7);
  const y = operand(o, 8);
  const out = operand(o, 9);
  let first = operand(o, 3);
  for (let group = operand(o, 1); group < groupsEnd; group += PAIR) {
    const end = first + <usize>load<u32>(group, 4) * PAIR;
    const place = out + <usize>load<u32>(group);
    for (let p: usize = 0; p < bytes; p += 32) {
      let g0 = f64x2.splat(0);
      let g1 = g0;
      if (v) {
        for (let entry = first; entry < end; entry += PAIR) {
          const at0 = <usize>load<u32>(entry);
          const other = <usize>load<u32>(entry, 4) + p;
          const us = v128.load64_splat(u + at0);
          const vs = v128.load64_splat(v + at0);
          g0 = accumulate(accumulate(g0, us, v128.load(x + other)), vs, v128.load(y + other));
          g1 = accumulate(accumulate(g1, us, v128.load(x + other, 16)), vs, v128.load(y + other, 16));
        }
      } else {
        for (let entry = first; entry < end; entry += PAIR) {
          const us = v128.load64_splat(u + <usize>load<u32>(entry));
          const other = <usize>load<u32>(entry, 4) + p;
          g0 = accumulate(g0, us, v128.load(x + other));
          g1 = accumulate(g1, us, v128.load(x + other, 16));
        }
      }
      v128.store(place + p, g0);
      v128.store(place + p, g1, 16);
    }
    first = end;
  }
}
