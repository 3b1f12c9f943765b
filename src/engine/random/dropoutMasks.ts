import { philox4x32 } from './philox';
import { streamKey, type Coordinate } from './streamKey';

const TWO_TO_32 = 4294967296;

/** Where the masks of a training with dropout come from. */
export interface MaskSource {
  /** Fills `out` with the mask of a step, from 0. */
  fill(step: number, out: Float64Array): void;
}

/** The masks of `source` for so many steps, then none: every entry is 1. */
export function masksUntil(steps: number, source: MaskSource): MaskSource {
  return { fill: (step, out) => (step < steps ? source.fill(step, out) : void out.fill(1)) };
}

/**
 * Masks of inverted dropout, one a step: every entry is 0 with probability `rate`, else 1/(1 − rate). A mask depends on seed,
 * coordinates and the number of the step alone; four entries take one block of the generator.
 */
export class DropoutMasks implements MaskSource {
  private readonly key: Uint32Array;
  private readonly words = new Uint32Array(4);
  private readonly dropBelow: number;
  private readonly kept: number;

  /** 0 ≤ rate < 1. */
  constructor(rate: number, seed: number, ...coordinates: Coordinate[]) {
    this.key = streamKey(seed, ['dropout', ...coordinates]);
    this.dropBelow = Math.round(rate * TWO_TO_32);
    this.kept = 1 / (1 - rate);
  }

  /** Fills `out` with the mask of a step, from 0. */
  fill(step: number, out: Float64Array): void {
    const { key, words, dropBelow, kept } = this;
    const counter = Uint32Array.of(0, step, key[2], key[3]);
    for (let i = 0; i < out.length; i += 4) {
      counter[0] = i / 4;
      philox4x32(counter, key, words);
      const end = Math.min(4, out.length - i);
      for (let j = 0; j < end; j++) out[i + j] = words[j] < dropBelow ? 0 : kept;
    }
  }
}
