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
export function pairOf(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

/** a·b + c, rounded twice; in the relaxed build once where the processor can. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function accumulate(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, sum);
  return f64x2.add(sum, f64x2.mul(a, b));
}

/** −|x|. */
// @ts-ignore: decorator
@inline
export function negative(x: v128): v128 {
  return f64x2.neg(f64x2.abs(x));
}

/** Even samples plus odd samples: the one order in which every sum over samples ends. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** (0 + 2) + (1 + 3) of the four lanes of a pair of vectors: the order in which sums over samples in four parts end. */
// @ts-ignore: decorator
@inline
export function sumOfFour(low: v128, high: v128): f64 {
  return sumOfLanes(f64x2.add(low, high));
}

/** The rounding error of sum = fl(a + b), exactly; the twins of these two are in ../../numbers/floats.ts. */
// @ts-ignore: decorator
@inline
export function sumError(a: v128, b: v128, sum: v128): v128 {
  const bb = f64x2.sub(sum, a);
  return f64x2.add(f64x2.sub(a, f64x2.sub(sum, bb)), f64x2.sub(b, bb));
}

/** The rounding error a·b − product of product = fl(a·b), exactly. */
// @ts-ignore: decorator
@inline
export function productError(a: v128, b: v128, product: v128): v128 {
  const splitter = f64x2.splat(134217729);
  const as = f64x2.mul(splitter, a);
  const ah = f64x2.sub(as, f64x2.sub(as, a));
  const al = f64x2.sub(a, ah);
  const bs = f64x2.mul(splitter, b);
  const bh = f64x2.sub(bs, f64x2.sub(bs, b));
  const bl = f64x2.sub(b, bh);
  const rest = f64x2.sub(f64x2.sub(f64x2.sub(product, f64x2.mul(ah, bh)), f64x2.mul(al, bh)), f64x2.mul(ah, bl));
  return f64x2.sub(f64x2.mul(al, bl), rest);
}
