import { cos, exp, sin, softplus } from '../numbers/elementary';

/** What source/addon.c exports. */
export interface NativeAddon {
  /** The kinds of vectors that this processor has, the best one last. */
  readonly variants: readonly string[];
  /** For each of them how many trainings a batch has side by side. */
  readonly lanes: readonly number[];
  /** Takes up to `count` steps of the training that `settings` describes and returns how many; 0 evaluates only. */
  advance(
    settings: Float64Array,
    memory: Float64Array,
    parameters: Float64Array,
    count: number,
    learningRate: number,
    hostFunction: (number: number, x: number) => number,
  ): number;
  /**
   * Takes up to `count` steps of all trainings of a batch (factorBatch.ts says what is where) and returns how many: fewer where some
   * of them end before an update.
   */
  advanceFactors(settings: Float64Array, memory: Float64Array, lists: Int32Array, count: number): number;
  /** How many numbers of an array lie before the next boundary of 64 bytes. */
  misalignment(array: Float64Array): number;
}

/** In the order of their numbers in source/training.h. */
const HOST_FUNCTIONS: readonly ((x: number) => number)[] = [exp, softplus, sin, cos];

/** Functions at arguments outside the range of the kernels, which training hardly ever meets. */
export const hostFunction = (number: number, x: number): number => HOST_FUNCTIONS[number](x);
