// Memory, handed out one piece behind the other until the next `start`.

import { afterPacked } from './gemm';

const BASE = (afterPacked() + 63) & ~(63 as usize);

let end: usize = BASE;

/** Forgets everything that was handed out. */
export function start(): void {
  end = BASE;
}

/** Byte offset of a place for this many float64 numbers, on a cache line of its own; 0 when memory cannot grow that far. */
export function take(count: usize): usize {
  const place = end;
  // A little more, because some loops read or clear one number beyond an odd end.
  const next = (<u64>place + ((<u64>count) << 3) + 79) & ~(63 as u64);
  const missing = <i64>next - ((<i64>memory.size()) << 16);
  if (next > 0xffff0000 || (missing > 0 && memory.grow(<i32>((missing + 0xffff) >> 16)) < 0)) return 0;
  end = <usize>next;
  return place;
}

/** Distance of rows of n numbers: even, and not such that all rows begin in the same lines of the cache. */
export function rowDistance(n: usize): usize {
  const even = (n + 1) & ~1;
  return even % 64 == 0 ? even + 8 : even;
}
