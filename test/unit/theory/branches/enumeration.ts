/**
 * Every branch one by one, as its type: all ways to put m neurons into blocks, to give m0 of these to the target, and for odd
 * activations to leave neurons without weight and to give signs. Knows no formula.
 */
export function* enumerateBranches(m: number, m0: number, odd: boolean): Generator<string> {
  for (const labels of restrictedGrowth(m, odd)) {
    const blocks = Math.max(0, ...labels);
    const signs = odd ? signings(labels) : 1;
    for (const choice of injections(m0, blocks)) {
      const size = (label: number): number => labels.filter((each) => each === label).length;
      const extra = range(blocks).filter((label) => !choice.includes(label));
      const zero = size(0);
      const extraText =
        extra.length > 0
          ? ` | (${extra
              .map(size)
              .sort((a, b) => b - a)
              .join(',')})`
          : '';
      const name = `(${choice.map(size).join(',')})${extraText}${zero > 0 ? ` | 0:${zero}` : ''}`;
      // The weight of an extra block may be replaced by its negative, which turns all its signs.
      const different = odd ? signs / 2 ** extra.length : 1;
      for (let i = 0; i < different; i++) yield name;
    }
  }
}

/** Set partitions as labels from 1 in order of first appearance; with 0 for neurons without weight where that is allowed. */
function* restrictedGrowth(m: number, zero: boolean, labels: number[] = []): Generator<number[]> {
  if (labels.length === m) {
    yield labels;
    return;
  }
  const next = Math.max(0, ...labels) + 1;
  for (let label = zero ? 0 : 1; label <= next; label++) yield* restrictedGrowth(m, zero, [...labels, label]);
}

function signings(labels: readonly number[]): number {
  return 2 ** labels.filter((label) => label > 0).length;
}

function* injections(count: number, blocks: number, chosen: number[] = []): Generator<number[]> {
  if (chosen.length === count) {
    yield chosen;
    return;
  }
  for (const label of range(blocks)) if (!chosen.includes(label)) yield* injections(count, blocks, [...chosen, label]);
}

function range(blocks: number): number[] {
  return Array.from({ length: blocks }, (_, i) => i + 1);
}
