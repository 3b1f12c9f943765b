import type { RankMeasurement } from '../../protocol/events';
import { exponentOf, powerOfTwo } from '../numbers/floats';
import { requireFinite } from '../linalg/finite';
import { createMatrix, type Matrix } from '../linalg/matrix';
import { singularValues } from '../linalg/svd';

const EPSILON = 2.220446049250313e-16;
/** A cut is clear when the value above it is this many times the value below it. */
export const CLEAR_GAP = 100;
export const DEFAULT_TOLERANCE = 1e-9;

export interface RankOptions {
  /** Cut relative to the largest singular value; default 1e-9. Not used by the rule `largestGap`. */
  tolerance?: number;
  /**
   * `tolerance` (default): count the singular values above the cut. For parameters that are known exactly.
   * `largestGap`: cut at the largest ratio of neighbours that are above rounding. For parameters that training found, where
   * what should be zero is as small as training has made it.
   */
  rule?: 'tolerance' | 'largestGap';
  /**
   * Divide columns by their lengths first. Default: true for the rule `tolerance`, since the rank does not depend on the
   * scale of a parameter; false for `largestGap`, where a small column is what training has almost removed.
   */
  normalizeColumns?: boolean;
  /** What the matrix is, for messages. */
  name?: string;
}

/**
 * Numerical rank with what makes it trustworthy.
 *
 * That the rank is at least r is proven by σ_r far above rounding. That it is at most r is proven when r is the number of
 * columns that are not zero, or of rows. Otherwise true singular values might be lost in rounding, and `conclusive` asks for
 * four things: a gap of at least 100, no value between rounding and the cut, a last counted value of at least ten times the
 * square root of rounding, and a next value above rounding where the last ratio of neighbours goes on squared. For small singular
 * values come in cascades: two neurons at distance h contribute values near h², h³ and h⁴, and where one is counted at 1e-9 its
 * neighbour may well be 1e-17 (three sines of one input: 1.8e-7 above 1e-16; a sigmoid whose input weight is 0 beside one of 0.005: 0.02,
 * 1.4e-6, then rounding). (A tanh network with one input and k neurons has its last value near 4e-8 for k = 4 and 7e-12 for k = 6.) No
 * float64 computation can tell an exact zero from a value far below rounding; the rank is that of a matrix within rounding of the given one.
 *
 * @throws NumericalError when an entry is NaN or infinite
 */
export function numericalRank(a: Matrix, options: RankOptions = {}): RankMeasurement {
  const rule = options.rule ?? 'tolerance';
  const name = options.name ?? 'matrix';
  const tolerance = options.tolerance ?? DEFAULT_TOLERANCE;
  if (!(tolerance >= 0 && tolerance < 1)) throw new RangeError(`A rank tolerance lies in [0, 1), not at ${tolerance}.`);
  requireFinite(a, name);
  const prepared = dropZeroColumns(a, options.normalizeColumns ?? rule === 'tolerance');
  const values = new Float64Array(Math.min(a.rows, a.columns));
  values.set(singularValues(prepared.matrix, name));

  const level = roundingLevel(a);
  const cut = rule === 'tolerance' ? cutAtTolerance(values, tolerance) : cutAtLargestGap(values, level);
  const { rank, gap } = cut;
  const largest = values[0] ?? 0;
  const below = rank > 0 && rank < values.length ? values[rank]! / largest : 0;
  const above = rank > 0 ? values[rank - 1]! / largest : 1;
  const lowerBound = above > level;
  const isFull = rank === prepared.matrix.columns || rank === a.rows;
  // A trained point has values between rounding and its gap by nature; there the gap alone decides.
  const upperBound =
    isFull ||
    rule === 'largestGap' ||
    (below <= level && above >= 10 * Math.sqrt(level) && nextInCascade(values, rank) >= 10 * level);
  return {
    rank,
    tolerance: cut.tolerance,
    gap,
    conclusive: gap >= CLEAR_GAP && lowerBound && upperBound && !prepared.doubtful,
    singularValues: Array.from(values),
    rows: a.rows,
    columns: a.columns,
  };
}

/**
 * Rounding, relative to the largest singular value: where exact zeros are found when entries are right to a unit or two in the
 * last place. Twice the largest found over some thousand networks and factorisations; worst-case bounds are several times more
 * and would hide values.
 */
function roundingLevel(a: Matrix): number {
  return EPSILON * (16 + 0.04 * Math.max(a.rows, a.columns) + 0.24 * Math.min(a.rows, a.columns));
}

/** σ_{r+1} / σ₁ if the ratio of the last two values, squared, were the next ratio; 1 where there are no two. */
function nextInCascade(values: Float64Array, rank: number): number {
  if (rank < 2) return 1;
  const last = values[rank - 1]!;
  const ratio = last / values[rank - 2]!;
  return (last / values[0]!) * ratio * ratio;
}

interface Cut {
  rank: number;
  gap: number;
  tolerance: number;
}

/** σ_r over σ_{r+1}, which counts as ε·σ₁ where it is smaller, so that a gap is always a finite number. */
function gapAt(values: Float64Array, rank: number): number {
  if (rank === 0 || values[0] === 0) return 1 / EPSILON;
  const below = rank < values.length ? values[rank]! : 0;
  const above = values[rank - 1]! / values[0]!;
  return above / Math.max(below / values[0]!, EPSILON);
}

function cutAtTolerance(values: Float64Array, tolerance: number): Cut {
  const bound = tolerance * (values[0] ?? 0);
  let rank = 0;
  while (rank < values.length && values[rank]! > bound) rank += 1;
  return { rank, gap: gapAt(values, rank), tolerance };
}

function cutAtLargestGap(values: Float64Array, level: number): Cut {
  const largest = values[0] ?? 0;
  let aboveRounding = 0;
  while (aboveRounding < values.length && values[aboveRounding]! > level * largest) aboveRounding += 1;
  let rank = aboveRounding;
  let clearest = 0;
  for (let r = 1; r < aboveRounding; r++) {
    const ratio = values[r - 1]! / values[r]!;
    if (ratio > clearest) {
      clearest = ratio;
      rank = r;
    }
  }
  // Without a clear gap inside, all of them count, down to rounding.
  if (clearest < CLEAR_GAP) rank = aboveRounding;
  const gap = gapAt(values, rank);
  const above = rank > 0 ? values[rank - 1]! / largest : 1;
  return { rank, gap, tolerance: above / Math.sqrt(gap) };
}

/**
 * The matrix without zero columns. `doubtful` when there is a column so much shorter than the longest one that it might be
 * rounding of a zero column: normalised, it would count.
 */
function dropZeroColumns(a: Matrix, normalize: boolean): { matrix: Matrix; doubtful: boolean } {
  const { rows, columns } = a;
  const largest = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const magnitude = Math.abs(a.values[i * columns + j]!);
      if (magnitude > largest[j]!) largest[j] = magnitude;
    }
  }
  const kept = Array.from({ length: columns }, (_, j) => j).filter((j) => largest[j]! > 0);
  const longest = kept.reduce((length, j) => Math.max(length, largest[j]!), 0);
  const matrix = createMatrix(rows, kept.length);
  let doubtful = false;
  kept.forEach((j, to) => {
    // Dividing by a power of two first keeps squares within range, and is exact.
    const half = exponentOf(largest[j]!) >> 1;
    const first = normalize ? powerOfTwo(-half) : 1;
    const second = normalize ? powerOfTwo(half - exponentOf(largest[j]!)) : 1;
    let squares = 0;
    for (let i = 0; i < rows; i++) {
      const x = a.values[i * columns + j]! * first * second;
      matrix.values[i * kept.length + to] = x;
      squares += x * x;
    }
    if (!normalize) return;
    const length = Math.sqrt(squares);
    for (let i = 0; i < rows; i++) matrix.values[i * kept.length + to]! /= length;
    if (largest[j]! < longest * 16 * EPSILON) doubtful = true;
  });
  return { matrix, doubtful };
}
