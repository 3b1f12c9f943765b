// tanh of two float64 lanes, at most 2.5 ulp, without a branch; the twin is `tanhFast` in ../../numbers.
// With t = |x| clamped to 20, k = round(2t/ln 2) and r = 2t − k·ln 2: e = 2^k·e^r − 1 and tanh = e / (e + 2).
// Constants lie in memory and are loaded where they are used: on Node 24 that is a quarter faster than splatting them.

const CONSTANTS = memory.data<f64>([
  20.0, 20.0,
  2.8853900817779268, 2.8853900817779268, // 2 / ln 2
  6755399441055744.0, 6755399441055744.0, // 1.5 · 2^52: adding it rounds to an integer
  0.6931471803691238, 0.6931471803691238, // ln 2, high part
  1.9082149292705877e-10, 1.9082149292705877e-10, // ln 2, low part
  0.5, 0.5,
  0.16666666666666669, 0.16666666666666669,
  0.04166666666662413, 0.04166666666662413,
  0.008333333333330062, 0.008333333333330062,
  0.0013888888917213717, 0.0013888888917213717,
  0.00019841269863053618, 0.00019841269863053618,
  2.4801521295954376e-5, 2.4801521295954376e-5,
  2.7557268459997064e-6, 2.7557268459997064e-6,
  2.7620088445409746e-7, 2.7620088445409746e-7,
  2.510038549551032e-8, 2.510038549551032e-8,
  1.0, 1.0,
  2.0, 2.0,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load(CONSTANTS + (index << 4));
}

// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function vectorTanh(x: v128): v128 {
  const magnitude = f64x2.pmin(f64x2.abs(x), constant(0)) /* keeps NaN */;
  const shifted = multiplyAdd(magnitude, constant(1), constant(2));
  const k = f64x2.sub(shifted, constant(2));
  const high = f64x2.sub(f64x2.add(magnitude, magnitude), f64x2.mul(k, constant(3)));
  const low = f64x2.mul(k, constant(4));
  const r = f64x2.sub(high, low);
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const p01 = multiplyAdd(constant(6), r, constant(5));
  const p23 = multiplyAdd(constant(8), r, constant(7));
  const p45 = multiplyAdd(constant(10), r, constant(9));
  const p67 = multiplyAdd(constant(12), r, constant(11));
  const p89 = multiplyAdd(constant(14), r, constant(13));
  const p03 = multiplyAdd(p23, r2, p01);
  const p47 = multiplyAdd(p67, r2, p45);
  const p49 = multiplyAdd(p89, r4, p47);
  const p = multiplyAdd(p49, r4, p03);
  const scale = i64x2.add(i64x2.shl(shifted, 52), i64x2.splat(0x3ff0000000000000));
  const tail = f64x2.sub(f64x2.mul(r2, p), low);
  const e = f64x2.add(f64x2.add(f64x2.sub(scale, constant(15)), f64x2.mul(scale, high)), f64x2.mul(scale, tail));
  const h = f64x2.div(e, f64x2.add(e, constant(16)));
  return v128.or(h, v128.and(x, i64x2.splat(0x8000000000000000)));
}
