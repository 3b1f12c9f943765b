import { sha256Of } from './digest';

/** Changes when the same coordinates shall give other numbers. */
const GENERATION = 'recovery-lab/philox4x32-10/1';

export type Coordinate = string | number;

/**
 * 128 bits that belong to a seed and its coordinates, as four 32-bit words: the first half of the SHA-256 of a canonical text.
 * The text is JSON, so that ("a", "b"), ("ab") and (1), ("1") are different coordinates.
 */
export function streamKey(seed: number, coordinates: readonly Coordinate[]): Uint32Array {
  for (const value of [seed, ...coordinates]) {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new RangeError(`A random stream cannot be named by ${value}.`);
  }
  const digest = sha256Of(JSON.stringify([GENERATION, seed, ...coordinates]));
  const words = new DataView(digest.buffer, digest.byteOffset);
  return Uint32Array.of(words.getUint32(0), words.getUint32(4), words.getUint32(8), words.getUint32(12));
}
