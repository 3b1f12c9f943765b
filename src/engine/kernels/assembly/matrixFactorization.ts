// Mean squared error of A·B at sampled entries and its gradient, two columns of A a vector.
//
// A is rows × inner and B is kept transposed, columns × inner, both with `inner` padded to an even number by zeros, which
// stay zero. Entry s is (rowOf[s], columnOf[s]). Sums over the inner index run in two interleaved halves, even and odd, added
// at the end; sums over entries in the order of the entries, except the loss: even and odd entries. The TypeScript twin
// (../../models/matrixFactorization.ts) does the same.

import { accumulate, at, splatAt, sumOfLanes } from './lanes';

export function matrixFactorizationLossAndGradient(
  rows: i32,
  columns: i32,
  inner: i32,
  count: i32,
  rowOf: usize,
  columnOf: usize,
  targets: usize,
  parameters: usize,
  gradient: usize,
): f64 {
  const k = <usize>inner;
  const b = at(parameters, <usize>rows * k);
  const gradientB = at(gradient, <usize>rows * k);
  memory.fill(gradient, 0, (<usize>(rows + columns) * k) << 3);
  const scale = 2.0 / <f64>count;
  let even = 0.0;
  let odd = 0.0;
  for (let s: usize = 0; s < <usize>count; s++) {
    const i = <usize>load<i32>(rowOf + (s << 2)) * k;
    const j = <usize>load<i32>(columnOf + (s << 2)) * k;
    const rowA = at(parameters, i);
    const rowB = at(b, j);
    let sum = f64x2.splat(0);
    for (let t: usize = 0; t < k; t += 2) sum = accumulate(sum, v128.load(at(rowA, t)), v128.load(at(rowB, t)));
    const r = sumOfLanes(sum) - load<f64>(at(targets, s));
    if (s & 1) odd += r * r;
    else even += r * r;
    const e = f64x2.splat(scale * r);
    const rowGradientA = at(gradient, i);
    const rowGradientB = at(gradientB, j);
    for (let t: usize = 0; t < k; t += 2) {
      v128.store(at(rowGradientA, t), accumulate(v128.load(at(rowGradientA, t)), e, v128.load(at(rowB, t))));
      v128.store(at(rowGradientB, t), accumulate(v128.load(at(rowGradientB, t)), e, v128.load(at(rowA, t))));
    }
  }
  return (even + odd) / <f64>count;
}
