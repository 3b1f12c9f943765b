/**
 * Exact numbers of set partitions. They are BigInt, since r!/(r − m0)! and 2^m leave 2^53 behind while the branches of a type are
 * still few enough to be listed by type.
 */

export function factorial(n: number): bigint {
  let product = 1n;
  for (let k = 2; k <= n; k++) product *= BigInt(k);
  return product;
}

/** n!/(n − k)!: ordered choices of k among n. */
export function fallingFactorial(n: number, k: number): bigint {
  let product = 1n;
  for (let i = 0; i < k; i++) product *= BigInt(n - i);
  return n < k ? 0n : product;
}

export function binomial(n: number, k: number): bigint {
  return k < 0 || k > n ? 0n : fallingFactorial(n, k) / factorial(k);
}

/** S(m, r): partitions of m things into r blocks (Stirling numbers of the second kind), by S(m, r) = r·S(m − 1, r) + S(m − 1, r − 1). */
export function stirling(m: number, r: number): bigint {
  if (r < 0 || r > m) return 0n;
  const row = new Array<bigint>(r + 1).fill(0n);
  row[0] = 1n;
  for (let n = 1; n <= m; n++) {
    for (let k = Math.min(n, r); k >= 1; k--) row[k] = BigInt(k) * row[k]! + row[k - 1]!;
    row[0] = 0n;
  }
  return row[r]!;
}

/** Number of integer partitions of n, for every n up to `most`. */
export function partitionNumbers(most: number): number[] {
  const numbers = new Array<number>(most + 1).fill(0);
  numbers[0] = 1;
  for (let part = 1; part <= most; part++) for (let n = part; n <= most; n++) numbers[n]! += numbers[n - part]!;
  return numbers;
}

/** Integer partitions of n, parts descending, in descending order. */
export function* partitionsOf(n: number, largest = n): Generator<number[]> {
  if (n === 0) {
    yield [];
    return;
  }
  for (let first = Math.min(n, largest); first >= 1; first--)
    for (const rest of partitionsOf(n - first, first)) yield [first, ...rest];
}

/** Ordered sums of n by `count` positive parts, in descending order. */
export function* compositionsOf(n: number, count: number): Generator<number[]> {
  if (count === 0) {
    if (n === 0) yield [];
    return;
  }
  for (let first = n - count + 1; first >= 1; first--)
    for (const rest of compositionsOf(n - first, count - 1)) yield [first, ...rest];
}

/** A count as JSON has it: a number where float64 holds it exactly, else its decimal digits as text. */
export function exactCount(count: bigint): number | string {
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : count.toString();
}
