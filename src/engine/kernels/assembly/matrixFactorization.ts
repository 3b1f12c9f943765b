// Mean squared error of A·B at sampled entries, its gradient, and steps of gradient descent, two numbers a vector.
//
// A is rows × inner and B is kept transposed, columns × inner, both with `inner` padded to a multiple of four by zeros, which stay
// zero. Only sampled entries are computed. They stand in two lists, row by row and column by column: a gradient by a row of A
// or of Bᵀ is then gathered in registers and written once. Sums over the inner index run in two interleaved halves, even and
// odd, added at the end; sums over entries go row by row, the loss first over each row. The TypeScript twin (../../models/matrixFactorization.ts) does the same.
//
// A list is of groups, those of one row of A or of Bᵀ: its address and the number of its entries (two integers), and beside it
// of the entries of all groups: the address of the residual and of the row of the other factor (two integers).

import { accumulate, at, sumOfLanes } from './lanes';

/** Bytes of a pair of integers. */
const PAIR: usize = 8;

let inner: usize = 0;
let scale: f64 = 0;
let entryCount: f64 = 0;
let rowGroups: usize = 0;
let rowGroupsEnd: usize = 0;
let rowEntries: usize = 0;
let columnGroups: usize = 0;
let columnGroupsEnd: usize = 0;
let columnEntries: usize = 0;
/** Targets in the order of the rows, and residuals times 2/n. */
let targets: usize = 0;
let residuals: usize = 0;
/** From a parameter to its gradient, in bytes. */
let toGradient: usize = 0;

export function setFactors(
  paddedInner: i32,
  count: i32,
  rowGroupsAt: usize,
  rowGroupCount: usize,
  rowEntriesAt: usize,
  columnGroupsAt: usize,
  columnGroupCount: usize,
  columnEntriesAt: usize,
  targetsAt: usize,
  residualsAt: usize,
  gradientDistance: usize,
): void {
  inner = <usize>paddedInner;
  entryCount = <f64>count;
  scale = 2.0 / entryCount;
  rowGroups = rowGroupsAt;
  rowGroupsEnd = rowGroupsAt + rowGroupCount * PAIR;
  rowEntries = rowEntriesAt;
  columnGroups = columnGroupsAt;
  columnGroupsEnd = columnGroupsAt + columnGroupCount * PAIR;
  columnEntries = columnEntriesAt;
  targets = targetsAt;
  residuals = residualsAt;
  toGradient = gradientDistance;
}

/** The loss, all residuals, and at inner size four the gradient by A on the way. */
export function matrixFactorizationLoss(): f64 {
  return inner == 4 ? lossOfFour() : lossOfAny();
}

/** What `matrixFactorizationLoss` left to do of the gradient. */
export function restOfGradient(): void {
  if (inner == 4) columnsOfFour(false, 0);
  else {
    gather(rowGroups, rowGroupsEnd, rowEntries);
    gather(columnGroups, columnGroupsEnd, columnEntries);
  }
}

/** The same with a step of gradient descent. */
export function restOfStep(learningRate: f64): void {
  if (inner == 4) {
    columnsOfFour(true, learningRate);
    descendRowsOfFour(learningRate);
  } else {
    restOfGradient();
    descendGroups(rowGroups, rowGroupsEnd, learningRate);
    descendGroups(columnGroups, columnGroupsEnd, learningRate);
  }
}

function lossOfFour(): f64 {
  let loss = 0.0;
  // Locals: a global is read from memory at each use.
  const groupsEnd = rowGroupsEnd;
  const distance = toGradient;
  const factor = scale;
  let entry = rowEntries;
  let target = targets;
  let residual = residuals;
  for (let group = rowGroups; group < groupsEnd; group += PAIR) {
    const a = <usize>load<u32>(group);
    const end = entry + <usize>load<u32>(group, 4) * PAIR;
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    let g0 = f64x2.splat(0);
    let g1 = g0;
    let rowLoss = 0.0;
    do {
      const b = <usize>load<u32>(entry, 4);
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const r = sumOfLanes(accumulate(f64x2.mul(a0, b0), a1, b1)) - load<f64>(target);
      rowLoss += r * r;
      const e = factor * r;
      store<f64>(residual, e);
      const es = f64x2.splat(e);
      g0 = accumulate(g0, es, b0);
      g1 = accumulate(g1, es, b1);
      entry += PAIR;
      target += 8;
      residual += 8;
    } while (entry < end);
    loss += rowLoss;
    v128.store(a + distance, g0);
    v128.store(a + distance, g1, 16);
  }
  return loss / entryCount;
}

// @ts-ignore: decorator
@inline
function columnsOfFour(descend: bool, learningRate: f64): void {
  const rate = f64x2.splat(learningRate);
  const groupsEnd = columnGroupsEnd;
  const distance = toGradient;
  let entry = columnEntries;
  for (let group = columnGroups; group < groupsEnd; group += PAIR) {
    const b = <usize>load<u32>(group);
    const end = entry + <usize>load<u32>(group, 4) * PAIR;
    let g0 = f64x2.splat(0);
    let g1 = g0;
    do {
      const es = v128.load64_splat(<usize>load<u32>(entry));
      const a = <usize>load<u32>(entry, 4);
      g0 = accumulate(g0, es, v128.load(a));
      g1 = accumulate(g1, es, v128.load(a, 16));
      entry += PAIR;
    } while (entry < end);
    if (descend) {
      v128.store(b, f64x2.sub(v128.load(b), f64x2.mul(rate, g0)));
      v128.store(b, f64x2.sub(v128.load(b, 16), f64x2.mul(rate, g1)), 16);
    } else {
      v128.store(b + distance, g0);
      v128.store(b + distance, g1, 16);
    }
  }
}

function descendRowsOfFour(learningRate: f64): void {
  const rate = f64x2.splat(learningRate);
  const groupsEnd = rowGroupsEnd;
  const distance = toGradient;
  for (let group = rowGroups; group < groupsEnd; group += PAIR) {
    const a = <usize>load<u32>(group);
    v128.store(a, f64x2.sub(v128.load(a), f64x2.mul(rate, v128.load(a + distance))));
    v128.store(a, f64x2.sub(v128.load(a, 16), f64x2.mul(rate, v128.load(a + distance, 16))), 16);
  }
}

function lossOfAny(): f64 {
  let loss = 0.0;
  const bytes = inner << 3;
  // Locals: a global is read from memory at each use.
  const groupsEnd = rowGroupsEnd;
  const distance = toGradient;
  const factor = scale;
  let entry = rowEntries;
  let target = targets;
  let residual = residuals;
  for (let group = rowGroups; group < groupsEnd; group += PAIR) {
    const a = <usize>load<u32>(group);
    const aEnd = a + bytes;
    const end = entry + <usize>load<u32>(group, 4) * PAIR;
    let rowLoss = 0.0;
    do {
      let b = <usize>load<u32>(entry, 4);
      let sum = f64x2.splat(0);
      for (let p = a; p < aEnd; p += 32) {
        sum = accumulate(accumulate(sum, v128.load(p), v128.load(b)), v128.load(p, 16), v128.load(b, 16));
        b += 32;
      }
      const r = sumOfLanes(sum) - load<f64>(target);
      rowLoss += r * r;
      store<f64>(residual, factor * r);
      entry += PAIR;
      target += 8;
      residual += 8;
    } while (entry < end);
    loss += rowLoss;
  }
  return loss / entryCount;
}

/** The gradients by the rows of one factor, four numbers of a row at a time. */
function gather(groups: usize, groupsEnd: usize, entries: usize): void {
  const bytes = inner << 3;
  const distance = toGradient;
  let first = entries;
  for (let group = groups; group < groupsEnd; group += PAIR) {
    const end = first + <usize>load<u32>(group, 4) * PAIR;
    const gradient = <usize>load<u32>(group) + distance;
    for (let t: usize = 0; t < bytes; t += 32) {
      let g0 = f64x2.splat(0);
      let g1 = g0;
      for (let entry = first; entry < end; entry += PAIR) {
        const es = v128.load64_splat(<usize>load<u32>(entry));
        const other = <usize>load<u32>(entry, 4) + t;
        g0 = accumulate(g0, es, v128.load(other));
        g1 = accumulate(g1, es, v128.load(other, 16));
      }
      v128.store(gradient + t, g0);
      v128.store(gradient + t, g1, 16);
    }
    first = end;
  }
}

function descendGroups(groups: usize, groupsEnd: usize, learningRate: f64): void {
  const rate = f64x2.splat(learningRate);
  const bytes = inner << 3;
  const distance = toGradient;
  for (let group = groups; group < groupsEnd; group += PAIR) {
    const first = <usize>load<u32>(group);
    const end = first + bytes;
    for (let p = first; p < end; p += 16) {
      v128.store(p, f64x2.sub(v128.load(p), f64x2.mul(rate, v128.load(p + distance))));
    }
  }
}
