import { cos, log, sin } from '../numbers/elementary';
import { philox4x32 } from './philox';
import { streamKey, type Coordinate } from './streamKey';

const TWO_PI = 6.283185307179586;
const TWO_TO_53 = 9007199254740992;

/**
 * An endless sequence of random numbers that belongs to a seed and its coordinates alone, so that any part of an experiment can
 * be computed anywhere and in any order: `randomStream(seed, 'inputs', trial)`. Streams with different names are independent.
 */
export function randomStream(seed: number, ...coordinates: Coordinate[]): RandomStream {
  return new RandomStream(streamKey(seed, coordinates), 0);
}

/**
 * Counts draws from 0. A block of the generator serves two uniform or two normal numbers, never one of each, so that changing
 * from one kind to the other in the middle of a block goes on with the next block.
 */
export class RandomStream {
  private readonly key: Uint32Array;
  private readonly counter: Uint32Array;
  private readonly words = new Uint32Array(4);
  /** Block held in `words`. */
  private loaded = -1;
  private position: number;
  /** What the current block serves; open at the start of a block and after a jump. */
  private kind: 'uniform' | 'normal' | null = null;
  /** Radius and angle of the normal pair of block `pairOf`. */
  private pairOf = -1;
  private radius = 0;
  private angle = 0;

  /** @internal Use `randomStream`. */
  constructor(key: Uint32Array, position: number) {
    this.key = key;
    // The lower half of the counter is the block, the upper half belongs to the stream: 128 bits tell streams apart.
    this.counter = Uint32Array.of(0, 0, key[2]!, key[3]!);
    this.position = position;
  }

  /** Draw number `index` (from 0) of this stream, whatever has been drawn: a new stream that begins there. */
  at(index: number): RandomStream {
    if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`A stream has no draw ${index}.`);
    return new RandomStream(this.key, index);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    return this.integer53() / TWO_TO_53;
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    this.enter('normal');
    const block = Math.floor(this.position / 2);
    if (this.pairOf !== block) {
      this.load(block);
      const u = 1 - this.wordPair(0) / TWO_TO_53;
      this.radius = Math.sqrt(-2 * log(u));
      this.angle = TWO_PI * (this.wordPair(2) / TWO_TO_53);
      this.pairOf = block;
    }
    const even = this.position % 2 === 0;
    this.position += 1;
    return this.radius * (even ? cos(this.angle) : sin(this.angle));
  }

  /** Uniform among 0 … bound − 1, without bias, for an integer 1 ≤ bound ≤ 2^53. */
  integer(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= TWO_TO_53))
      throw new RangeError(`There is no integer below ${bound}.`);
    const limit = TWO_TO_53 - (TWO_TO_53 % bound);
    for (;;) {
      const value = this.integer53();
      if (value < limit) return value % bound;
    }
  }

  /** Fills `out` with independent N(0, scale²) numbers. */
  fillNormal(out: Float64Array, scale = 1): void {
    for (let i = 0; i < out.length; i++) out[i] = scale * this.normal();
  }

  /** Puts `array` into a uniformly random order, in place (Fisher and Yates). */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const moved = array[i]!;
      array[i] = array[j]!;
      array[j] = moved;
    }
    return array;
  }

  private integer53(): number {
    this.enter('uniform');
    this.load(Math.floor(this.position / 2));
    const value = this.wordPair(this.position % 2 === 0 ? 0 : 2);
    this.position += 1;
    return value;
  }

  private enter(kind: 'uniform' | 'normal'): void {
    if (this.kind !== null && this.kind !== kind && this.position % 2 === 1) this.position += 1;
    this.kind = kind;
  }

  private load(block: number): void {
    if (block === this.loaded) return;
    this.counter[0] = block % 4294967296;
    this.counter[1] = Math.floor(block / 4294967296);
    philox4x32(this.counter, this.key, this.words);
    this.loaded = block;
  }

  /** 53 bits of two words. */
  private wordPair(first: number): number {
    return (this.words[first]! >>> 5) * 67108864 + (this.words[first + 1]! >>> 6);
  }
}
