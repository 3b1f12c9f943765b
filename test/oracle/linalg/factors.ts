/** Vectors that belong to neighbouring values cannot be told apart from their sums; those of a cluster span a space. */
const CLUSTER = 1e-8;

interface Vectors {
  /** Of the values that the vectors belong to, in their order. */
  values: ArrayLike<number>;
  /** Length of a vector, and how many: fewer leave out others that belong to the value 0. */
  length: number;
  /** Row-major, a vector a column. */
  got: ArrayLike<number>;
  expected: ArrayLike<number>;
}

/** A cluster of values: its vectors from `from` to `to`, and its distance from all other values, relative to the largest. */
interface Cluster {
  from: number;
  to: number;
  gap: number;
}

function clustersOf({ values, length }: Vectors): Cluster[] {
  const count = values.length;
  const largest = Math.max(...Array.from(values, Math.abs));
  const clusters: Cluster[] = [];
  for (let from = 0, to = 0; from < count; from = to) {
    do to++;
    while (to < count && Math.abs(values[to] - values[to - 1]) < CLUSTER * largest);
    const gaps = [
      from > 0 ? Math.abs(values[from] - values[from - 1]) : Infinity,
      to < count ? Math.abs(values[to] - values[to - 1]) : Infinity,
      count < length ? Math.abs(values[to - 1]) : Infinity,
    ];
    clusters.push({ from, to, gap: Math.min(...gaps) / largest });
  }
  return clusters;
}

/**
 * The worst distance between spaces of the vectors of a cluster (largest entry of the difference of the projectors onto them, times its relative
 * gap: what rounding errors of the matrix may turn it by), with the smallest |cos| of vectors that stand alone, corrected likewise.
 */
export function spaceDifference(vectors: Vectors): { worst: number; alone: number; clusters: number } {
  const { length, got, expected, values } = vectors;
  const count = values.length;
  let [worst, alone, clusters] = [0, 0, 0];
  for (const { from, to, gap } of clustersOf(vectors)) {
    // Which of the many vectors of the value 0 are given is arbitrary.
    if (gap < CLUSTER) continue;
    clusters++;
    const weight = Math.min(1, gap);
    for (let i = 0; i < length; i++) {
      for (let j = 0; j <= i; j++) {
        let difference = 0;
        for (let k = from; k < to; k++)
          difference += got[i * count + k] * got[j * count + k] - expected[i * count + k] * expected[j * count + k];
        worst = Math.max(worst, weight * Math.abs(difference));
      }
    }
    if (to > from + 1) continue;
    let cosine = 0;
    for (let i = 0; i < length; i++) cosine += got[i * count + from] * expected[i * count + from];
    // 1 − |cos| is the square of the angle.
    alone = Math.max(alone, weight * weight * Math.abs(1 - Math.abs(cosine)));
  }
  return { worst, alone, clusters };
}
