// Eigenvalues and eigenvectors of a symmetric matrix piece by piece, so that whoever asks can do other things in between.

import { at } from '../../kernels/assembly/lanes';
import { BLOCK } from './reflectors';
import { fromBlocks, intoBlocks, SWEEPS } from './rotations';
import { pick, sortedOrder } from './order';
import { applyToQ, beginQ, blockOfQ, formQSpace, panelRow, panelSize, tridiagonalizeSpace, updateRows } from './tridiagonal';
import { applyCollected, beginSweeps, collectSweeps, sweepSpace } from './tridiagonalQr';
import { clear, set } from './vectors';
import { take } from './workspace';

/** What a piece leaves: all is done, an eigenvalue did not converge, no memory, or there is more. */
export const OK: i32 = 0;
export const NO_CONVERGENCE: i32 = 1;
export const NO_MEMORY: i32 = 2;
export const MORE: i32 = 3;

/** Numbers that are read and computed with in a piece, about: some milliseconds. */
const PIECE: usize = 1 << 20;
/** Rows, columns or blocks of a piece are a multiple of this, so that pieces end where tiles of products do. */
const GRAIN: usize = 8;

const PANEL: i32 = 0;
const UPDATE: i32 = 1;
const FORM: i32 = 2;
const INTO: i32 = 3;
const COLLECT: i32 = 4;
const APPLY: i32 = 5;
const OUT: i32 = 6;

let phase: i32 = PANEL;
let n: usize = 0;
let a: usize = 0;
let lda: usize = 0;
let values: usize = 0;
let vectors: usize = 0;
let d: usize = 0;
let e: usize = 0;
let tau: usize = 0;
let order: usize = 0;
let ones: usize = 0;
let blocks: usize = 0;
let z: usize = 0;
let q: usize = 0;
let space: usize = 0;
/** Rows that are not reduced yet, and how many of the panel at their end are. */
let high: usize = 0;
let inPanel: usize = 0;
/** First reflection of the block that is applied. */
let low: usize = 0;
/** Where the next piece of a phase begins. */
let from: usize = 0;

/** How many rows or columns that cost so much each are a piece. */
function span(cost: usize): usize {
  return max(GRAIN, (PIECE / max<usize>(cost, 1)) & ~(GRAIN - 1));
}

/** Begins with the lower triangle of n × n entries (rows lda apart; destroyed). See `symmetricPiece` for what comes of it. */
export function beginSymmetric(size: usize, matrix: usize, distance: usize, valuesAt: usize, vectorsAt: usize): i32 {
  n = size;
  a = matrix;
  lda = distance;
  values = valuesAt;
  vectors = vectorsAt;
  d = take(5 * n);
  blocks = (n + 7) >> 3;
  z = take(blocks * n * 8);
  q = take(n * lda);
  space = take(max(max(tridiagonalizeSpace(lda), formQSpace(n, lda)), sweepSpace(n)));
  if (d == 0 || z == 0 || q == 0 || space == 0) return NO_MEMORY;
  e = at(d, n);
  tau = at(d, 2 * n);
  order = at(d, 3 * n);
  ones = at(d, 4 * n);
  clear(n, tau);
  high = n;
  inPanel = 0;
  phase = PANEL;
  return MORE;
}

/** Does the next piece; after the last, `values` has the eigenvalues, ascending, and `vectors` (row-major n × n) their vectors as columns. */
export function symmetricPiece(): i32 {
  switch (phase) {
    case PANEL:
      return panel();
    case UPDATE:
      return update();
    case FORM:
      return form();
    case INTO:
      return into();
    case COLLECT:
      return collect();
    case APPLY:
      return apply();
    default:
      return out();
  }
}

function panel(): i32 {
  const size = panelSize(n);
  const count = min(size, high);
  for (let spent: usize = 0; inPanel < count && spent < PIECE; inPanel++) {
    panelRow(n, a, lda, d, e, tau, space, high, inPanel);
    spent += (high - inPanel) * (high - inPanel);
  }
  if (inPanel < count) return MORE;
  high -= count;
  inPanel = 0;
  from = 0;
  if (high > 0) phase = UPDATE;
  else {
    beginQ(n, q, lda);
    low = 1;
    phase = FORM;
  }
  return MORE;
}

function update(): i32 {
  const size = panelSize(n);
  const to = min(high, from + span(size * high));
  updateRows(n, a, lda, space, high, from, to);
  from = to;
  if (from == high) phase = PANEL;
  return MORE;
}

function form(): i32 {
  if (low >= n) {
    from = 0;
    phase = INTO;
    return MORE;
  }
  const top = min(low + BLOCK, n);
  if (from == 0) blockOfQ(a, lda, tau, lda, space, low, top);
  const to = min(top - 1, from + span(2 * BLOCK * top));
  applyToQ(q, lda, space, low, top, from, to);
  from = to;
  if (from == top - 1) {
    low = top;
    from = 0;
  }
  return MORE;
}

function into(): i32 {
  const to = min(blocks * 8, from + span(4 * n));
  intoBlocks(n, n, q, lda, z, from, to);
  from = to;
  if (from < blocks * 8) return MORE;
  beginSweeps(<i32>n, d, e);
  phase = COLLECT;
  return MORE;
}

function collect(): i32 {
  const sweeps = collectSweeps(<i32>n, d, e, space);
  if (sweeps < 0) return NO_CONVERGENCE;
  from = 0;
  if (sweeps > 0) {
    phase = APPLY;
    return MORE;
  }
  sortedOrder(<i32>n, d, 1, order);
  pick(n, d, order, values);
  for (let i: usize = 0; i < n; i++) set(ones, i, 1);
  phase = OUT;
  return MORE;
}

function apply(): i32 {
  const to = min(blocks, from + max<usize>(1, span(SWEEPS * n) >> 2));
  applyCollected(space, z, n, from, to);
  from = to;
  if (from == blocks) phase = COLLECT;
  return MORE;
}

function out(): i32 {
  const to = min(n, from + span(4 * n));
  fromBlocks(from, to, n, z, order, ones, vectors, n);
  from = to;
  return from == n ? OK : MORE;
}
