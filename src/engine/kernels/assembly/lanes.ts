// Small things on pairs of float64 lanes.

// @ts-ignore: decorator
@inline
export function at(base: usize, index: usize): usize {
  return base + (index << 3);
}

// @ts-ignore: decorator
@inline
export function splatAt(base: usize, index: usize): v128 {
  return v128.load64_splat(at(base, index));
}

// @ts-ignore: decorator
@inline
export function accumulate(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

/** Even samples plus odd samples: the one order in which every sum over samples ends. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
