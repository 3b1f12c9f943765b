// Orders of numbers, as lists of 32-bit indices.

import { get, set } from './vectors';

/** Indices (32-bit) that put the n keys in ascending or, with direction −1, descending order; equal keys stay in their order. */
export function sortedOrder(n: i32, keys: usize, direction: f64, order: usize): void {
  let gap = 1;
  while (gap < n / 3) gap = 3 * gap + 1;
  for (let i = 0; i < n; i++) store<u32>(order + (i << 2), i);
  for (; gap > 0; gap = gap / 3) {
    for (let i = gap; i < n; i++) {
      const moved = load<u32>(order + (i << 2));
      const key = direction * get(keys, moved);
      let j = i;
      for (; j >= gap; j -= gap) {
        const other = load<u32>(order + ((j - gap) << 2));
        const otherKey = direction * get(keys, other);
        if (otherKey < key || (otherKey == key && other < moved)) break;
        store<u32>(order + (j << 2), other);
      }
      store<u32>(order + (j << 2), moved);
    }
  }
}

/** out ← keys in that order. */
export function pick(n: usize, keys: usize, order: usize, out: usize): void {
  for (let i: usize = 0; i < n; i++) set(out, i, get(keys, load<u32>(order + (i << 2))));
}
