import type { RandomStream } from '../random/stream';

/**
 * For each of `wide` neurons which of `narrow` it copies, in random order, every one being copied at least once; −1 for a neuron
 * that copies none, where that is allowed.
 */
export function randomOwners(stream: RandomStream, wide: number, narrow: number, mayBeIdle: boolean): number[] {
  const owners = Array.from({ length: wide }, (_, i) => {
    if (i < narrow) return i;
    return mayBeIdle && stream.uniform() < 1 / 3 ? -1 : stream.integer(narrow);
  });
  for (let i = wide - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    [owners[i], owners[j]] = [owners[j], owners[i]];
  }
  return owners;
}

/** The part that each copy has of its owner: around an equal share, `spread` apart, of any sign, adding up to 1 over the copies. */
export function randomShares(stream: RandomStream, owners: readonly number[], spread: number): number[] {
  const raw = owners.map(() => stream.normal());
  return owners.map((owner, at) => {
    const copies = owners.flatMap((each, i) => (each === owner ? [i] : []));
    const mean = copies.reduce((sum, i) => sum + raw[i], 0) / copies.length;
    return 1 / copies.length + (spread * (raw[at] - mean)) / copies.length;
  });
}
