/** Elimination modulo a prime below 2^26, in float64: products of two residues stay exact. */

/** Residues, row by row. */
export type Residues = Float64Array[];

export interface ModularElimination {
  readonly rank: number;
  readonly rowOrder: number[];
  readonly columnOrder: number[];
}

/** Primes below `below`, downwards. */
export function* primesBelow(below: number): Generator<number> {
  for (let candidate = below - 1; candidate > 2; candidate--) if (isPrime(candidate)) yield candidate;
}

export function residues(matrix: readonly (readonly bigint[])[], prime: number): Residues {
  const p = BigInt(prime);
  return matrix.map((row) =>
    Float64Array.from(row, (entry) => {
      const residue = Number(entry % p);
      return residue < 0 ? residue + prime : residue;
    }),
  );
}

/** Gauss–Jordan without the Jordan part; the matrix is overwritten. Pivots: the first column with a residue that is not 0. */
export function modularElimination(matrix: Residues, prime: number): ModularElimination {
  const rowOrder = matrix.map((_, i) => i);
  const columns = matrix[0]?.length ?? 0;
  const columnOrder: number[] = [];
  for (let column = 0; column < columns && columnOrder.length < matrix.length; column++) {
    const step = columnOrder.length;
    let at = step;
    while (at < matrix.length && matrix[rowOrder[at]][column] === 0) at++;
    if (at === matrix.length) continue;
    [rowOrder[step], rowOrder[at]] = [rowOrder[at], rowOrder[step]];
    columnOrder.push(column);
    clear(matrix, rowOrder, step, column, prime);
  }
  return { rank: columnOrder.length, rowOrder: rowOrder.slice(0, columnOrder.length), columnOrder };
}

/**
 * Whether everything but the given pivots vanishes after elimination with them, modulo the prime: 'zero', 'nonzero', or
 * 'singular' when the prime divides the determinant of the pivots' submatrix (in that order) and nothing can be said.
 */
export function schurComplement(
  matrix: Residues,
  prime: number,
  rowOrder: readonly number[],
  columnOrder: readonly number[],
): 'zero' | 'nonzero' | 'singular' {
  const chosen = new Set(rowOrder);
  const rows = [...rowOrder, ...matrix.map((_, i) => i).filter((i) => !chosen.has(i))];
  for (let step = 0; step < columnOrder.length; step++) {
    if (matrix[rows[step]][columnOrder[step]] === 0) return 'singular';
    clear(matrix, rows, step, columnOrder[step], prime);
  }
  return rows.slice(columnOrder.length).every((i) => matrix[i].every((entry) => entry === 0)) ? 'zero' : 'nonzero';
}

function clear(matrix: Residues, rowOrder: readonly number[], step: number, column: number, prime: number): void {
  const pivotRow = matrix[rowOrder[step]];
  const inverse = inverseModulo(pivotRow[column], prime);
  const reciprocal = 1 / prime;
  for (let i = step + 1; i < rowOrder.length; i++) {
    const row = matrix[rowOrder[i]];
    if (row[column] === 0) continue;
    const factor = prime - ((row[column] * inverse) % prime);
    for (let j = 0; j < row.length; j++) {
      const value = row[j] + factor * pivotRow[j];
      // The quotient is off by at most one; value < 2^53 and all of this is exact.
      let residue = value - Math.floor(value * reciprocal) * prime;
      if (residue < 0) residue += prime;
      else if (residue >= prime) residue -= prime;
      row[j] = residue;
    }
  }
}

function inverseModulo(value: number, prime: number): number {
  let [a, b] = [prime, value];
  let [x, y] = [0, 1];
  while (b !== 0) {
    const quotient = Math.floor(a / b);
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return x < 0 ? x + prime : x;
}

function isPrime(n: number): boolean {
  if (n % 2 === 0) return n === 2;
  for (let divisor = 3; divisor * divisor <= n; divisor += 2) if (n % divisor === 0) return false;
  return n > 1;
}
