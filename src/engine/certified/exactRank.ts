import { bitLength } from './dyadic';
import { integerSqrt } from './fixedPoint';
import { modularElimination, primesBelow, residues, schurComplement } from './modular';
import type { Rational } from './rational';

/** The exact rank of a rational matrix, with rows and columns of a regular submatrix of that size. */
export interface ExactRank {
  readonly rank: number;
  readonly rowOrder: readonly number[];
  readonly columnOrder: readonly number[];
}

/** 2^26. */
const PRIMES_BELOW = 67108864;

/** The integer matrix that has in each row the rational one times a positive factor: it has the same rank. */
export function integerMatrix(matrix: readonly (readonly Rational[])[]): bigint[][] {
  return matrix.map((row) => {
    let exponent = Infinity;
    let denominator = 1n;
    for (const entry of row) {
      if (entry.numerator === 0n) continue;
      exponent = Math.min(exponent, entry.exponent);
      if (denominator % entry.denominator !== 0n) denominator *= entry.denominator;
    }
    return row.map((entry) =>
      entry.numerator === 0n ? 0n : (entry.numerator << BigInt(entry.exponent - exponent)) * (denominator / entry.denominator),
    );
  });
}

/**
 * Exact rank of an integer matrix, modulo primes. rank ≥ r because an r × r minor is not 0 modulo a prime. rank ≤ r
 * because every minor that borders it is 0 modulo primes whose product exceeds Hadamard's bound of such a minor, so it
 * is 0 (and a matrix in which all minors bordering a regular one vanish has no larger rank).
 *
 * @returns undefined when that would take more than `work` multiplications.
 */
export function exactRank(matrix: readonly (readonly bigint[])[], work: number): ExactRank | undefined {
  const rows = matrix.length;
  const columns = matrix[0]?.length ?? 0;
  const limit = Math.min(rows, columns);
  let left = work;
  let best: ExactRank = { rank: 0, rowOrder: [], columnOrder: [] };
  let bits = 0;
  const norms = normBits(matrix);
  for (const prime of primesBelow(PRIMES_BELOW)) {
    const needed = hadamardBits(norms, best.rank + 1);
    if (best.rank === limit || bits > needed) return best;
    const cost = rows * columns * (best.rank + 1);
    if ((cost * Math.max(0, needed - bits)) / 25 > left) return undefined;
    left -= cost;
    if (best.rank > 0) {
      const rest = schurComplement(residues(matrix, prime), prime, best.rowOrder, best.columnOrder);
      if (rest === 'zero') bits += bitLength(BigInt(prime)) - 1;
      if (rest !== 'nonzero') continue;
    }
    const elimination = modularElimination(residues(matrix, prime), prime);
    if (elimination.rank > best.rank) {
      best = elimination;
      bits = 0;
    } else if (best.rank === 0) {
      bits += bitLength(BigInt(prime)) - 1;
    }
  }
  return undefined;
}

/** Bits that bound the Euclidean norms of rows and of columns, largest first. */
function normBits(matrix: readonly (readonly bigint[])[]): [number[], number[]] {
  const rowSquares = matrix.map((row) => row.reduce((sum, entry) => sum + entry * entry, 0n));
  const columnSquares = (matrix[0] ?? []).map((_, j) => matrix.reduce((sum, row) => sum + row[j] * row[j], 0n));
  const bits = (squares: bigint[]) => squares.map((square) => bitLength(integerSqrt(square) + 1n)).sort((a, b) => b - a);
  return [bits(rowSquares), bits(columnSquares)];
}

/** Bits of Hadamard's bound for minors of this size: the product of the largest norms of rows, or of columns. */
function hadamardBits(norms: [number[], number[]], size: number): number {
  const total = (bits: number[]) => bits.slice(0, size).reduce((sum, length) => sum + length, 0);
  return Math.min(total(norms[0]), total(norms[1]));
}

/**
 * The exact rank by Bareiss' fraction-free elimination: every intermediate entry is a minor, every division is exact.
 * Slower than `exactRank` and independent of it.
 *
 * @returns undefined when the entries have grown beyond `work` digit products.
 */
export function bareissRank(matrix: readonly (readonly bigint[])[], work: number): number | undefined {
  const entries = matrix.map((row) => [...row]);
  const columns = entries[0]?.length ?? 0;
  let previous = 1n;
  let rank = 0;
  let left = work;
  for (let column = 0; column < columns && rank < entries.length; column++) {
    const at = entries.findIndex((row, i) => i >= rank && row[column] !== 0n);
    if (at < 0) continue;
    [entries[rank], entries[at]] = [entries[at], entries[rank]];
    const pivot = entries[rank][column];
    const digits = Math.ceil(bitLength(pivot) / 64);
    left -= 2 * (entries.length - rank) * (columns - column) * digits * digits;
    if (left < 0) return undefined;
    for (let i = rank + 1; i < entries.length; i++) {
      const head = entries[i][column];
      for (let j = column + 1; j < columns; j++) entries[i][j] = (entries[i][j] * pivot - head * entries[rank][j]) / previous;
      entries[i][column] = 0n;
    }
    previous = pivot;
    rank++;
  }
  return rank;
}
