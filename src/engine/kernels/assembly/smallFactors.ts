// The same as matrixFactorization.ts for matrices of at most 4 × 4 and inner size at most four of which most entries are sampled: all
// entries are computed, four of a row together, and residuals of those that are not sampled are set to 0. The sums then have some
// zeros more, so the results are the same bits, and no list of entries need be read. A sum of nothing but −0 is −0 here and +0 there: a
// step gives the same parameters all the same, unless one is −0, which no start has (training/initialization.ts) and no step makes.
//
// Everything lies at fixed distances from the parameters: A and Bᵀ, 4 × 4 each, the gradients by them, room for two moments,
// then targets, masks (all bits or none) and residuals times 2/n, row by row.

import { accumulate } from './lanes';

const B: usize = 128;
const GRADIENT: usize = 256;
const TARGETS: usize = 1024;
const MASKS: usize = 1152;
const RESIDUALS: usize = 1280;

/** Address known to the compiler, which then need not add. */
const DATA: usize = memory.data(1408, 16);

let entryCount: f64 = 0;

/** Where the parameters belong. */
export function smallFactorsAt(): usize {
  return DATA;
}

export function setSmallFactors(count: i32): void {
  entryCount = <f64>count;
}

/** The sums of the lanes of two vectors. */
// @ts-ignore: decorator
@inline
function sumsOfLanes(u: v128, v: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(u, v, 0, 2), v128.shuffle<f64>(u, v, 1, 3));
}

/** The loss and all residuals. */
export function smallLoss(): f64 {
  const scale = f64x2.splat(2.0 / entryCount);
  const b00 = v128.load(DATA + B);
  const b01 = v128.load(DATA + B + 16);
  const b10 = v128.load(DATA + B + 32);
  const b11 = v128.load(DATA + B + 48);
  const b20 = v128.load(DATA + B + 64);
  const b21 = v128.load(DATA + B + 80);
  const b30 = v128.load(DATA + B + 96);
  const b31 = v128.load(DATA + B + 112);
  let loss = residualsOfRow(0, scale, b00, b01, b10, b11, b20, b21, b30, b31);
  loss += residualsOfRow(32, scale, b00, b01, b10, b11, b20, b21, b30, b31);
  loss += residualsOfRow(64, scale, b00, b01, b10, b11, b20, b21, b30, b31);
  loss += residualsOfRow(96, scale, b00, b01, b10, b11, b20, b21, b30, b31);
  return loss / entryCount;
}

// @ts-ignore: decorator
@inline
function residualsOfRow(
  row: usize,
  scale: v128,
  b00: v128,
  b01: v128,
  b10: v128,
  b11: v128,
  b20: v128,
  b21: v128,
  b30: v128,
  b31: v128,
): f64 {
  const a0 = v128.load(DATA + row);
  const a1 = v128.load(DATA + row + 16);
  const f01 = sumsOfLanes(accumulate(f64x2.mul(a0, b00), a1, b01), accumulate(f64x2.mul(a0, b10), a1, b11));
  const f23 = sumsOfLanes(accumulate(f64x2.mul(a0, b20), a1, b21), accumulate(f64x2.mul(a0, b30), a1, b31));
  const r01 = v128.and(f64x2.sub(f01, v128.load(DATA + row + TARGETS)), v128.load(DATA + row + MASKS));
  const r23 = v128.and(f64x2.sub(f23, v128.load(DATA + row + TARGETS + 16)), v128.load(DATA + row + MASKS + 16));
  v128.store(DATA + row + RESIDUALS, f64x2.mul(scale, r01));
  v128.store(DATA + row + RESIDUALS + 16, f64x2.mul(scale, r23));
  const q01 = f64x2.mul(r01, r01);
  const q23 = f64x2.mul(r23, r23);
  return f64x2.extract_lane(q01, 0) + f64x2.extract_lane(q01, 1) + f64x2.extract_lane(q23, 0) + f64x2.extract_lane(q23, 1);
}

/** The gradient, from the residuals. */
export function smallGradient(): void {
  half(0, false, 0);
  half(16, false, 0);
}

/** A step of gradient descent, from the residuals. */
export function smallStep(learningRate: f64): void {
  half(0, true, learningRate);
  half(16, true, learningRate);
}

/** Half of each row of A and of Bᵀ, which begins `h` bytes from that of the row: the new parameters, or the gradient. */
// @ts-ignore: decorator
@inline
function half(h: usize, update: bool, learningRate: f64): void {
  const rate = f64x2.splat(learningRate);
  const b0 = v128.load(DATA + h + B);
  const b1 = v128.load(DATA + h + B + 32);
  const b2 = v128.load(DATA + h + B + 64);
  const b3 = v128.load(DATA + h + B + 96);
  let a = v128.load(DATA + h);
  let e0 = v128.load64_splat(DATA + RESIDUALS);
  let e1 = v128.load64_splat(DATA + RESIDUALS + 8);
  let e2 = v128.load64_splat(DATA + RESIDUALS + 16);
  let e3 = v128.load64_splat(DATA + RESIDUALS + 24);
  let g0 = f64x2.mul(e0, a);
  let g1 = f64x2.mul(e1, a);
  let g2 = f64x2.mul(e2, a);
  let g3 = f64x2.mul(e3, a);
  let g = accumulate(accumulate(accumulate(f64x2.mul(e0, b0), e1, b1), e2, b2), e3, b3);
  if (update) v128.store(DATA + h, f64x2.sub(a, f64x2.mul(rate, g)));
  else v128.store(DATA + h + GRADIENT, g);

  a = v128.load(DATA + h + 32);
  e0 = v128.load64_splat(DATA + RESIDUALS + 32);
  e1 = v128.load64_splat(DATA + RESIDUALS + 40);
  e2 = v128.load64_splat(DATA + RESIDUALS + 48);
  e3 = v128.load64_splat(DATA + RESIDUALS + 56);
  g0 = accumulate(g0, e0, a);
  g1 = accumulate(g1, e1, a);
  g2 = accumulate(g2, e2, a);
  g3 = accumulate(g3, e3, a);
  g = accumulate(accumulate(accumulate(f64x2.mul(e0, b0), e1, b1), e2, b2), e3, b3);
  if (update) v128.store(DATA + h + 32, f64x2.sub(a, f64x2.mul(rate, g)));
  else v128.store(DATA + h + GRADIENT + 32, g);

  a = v128.load(DATA + h + 64);
  e0 = v128.load64_splat(DATA + RESIDUALS + 64);
  e1 = v128.load64_splat(DATA + RESIDUALS + 72);
  e2 = v128.load64_splat(DATA + RESIDUALS + 80);
  e3 = v128.load64_splat(DATA + RESIDUALS + 88);
  g0 = accumulate(g0, e0, a);
  g1 = accumulate(g1, e1, a);
  g2 = accumulate(g2, e2, a);
  g3 = accumulate(g3, e3, a);
  g = accumulate(accumulate(accumulate(f64x2.mul(e0, b0), e1, b1), e2, b2), e3, b3);
  if (update) v128.store(DATA + h + 64, f64x2.sub(a, f64x2.mul(rate, g)));
  else v128.store(DATA + h + GRADIENT + 64, g);

  a = v128.load(DATA + h + 96);
  e0 = v128.load64_splat(DATA + RESIDUALS + 96);
  e1 = v128.load64_splat(DATA + RESIDUALS + 104);
  e2 = v128.load64_splat(DATA + RESIDUALS + 112);
  e3 = v128.load64_splat(DATA + RESIDUALS + 120);
  g0 = accumulate(g0, e0, a);
  g1 = accumulate(g1, e1, a);
  g2 = accumulate(g2, e2, a);
  g3 = accumulate(g3, e3, a);
  g = accumulate(accumulate(accumulate(f64x2.mul(e0, b0), e1, b1), e2, b2), e3, b3);
  if (update) {
    v128.store(DATA + h + 96, f64x2.sub(a, f64x2.mul(rate, g)));
    v128.store(DATA + h + B, f64x2.sub(b0, f64x2.mul(rate, g0)));
    v128.store(DATA + h + B + 32, f64x2.sub(b1, f64x2.mul(rate, g1)));
    v128.store(DATA + h + B + 64, f64x2.sub(b2, f64x2.mul(rate, g2)));
    v128.store(DATA + h + B + 96, f64x2.sub(b3, f64x2.mul(rate, g3)));
  } else {
    v128.store(DATA + h + GRADIENT + 96, g);
    v128.store(DATA + h + GRADIENT + B, g0);
    v128.store(DATA + h + GRADIENT + B + 32, g1);
    v128.store(DATA + h + GRADIENT + B + 64, g2);
    v128.store(DATA + h + GRADIENT + B + 96, g3);
  }
}
