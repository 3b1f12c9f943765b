import { MajorityTest } from './majorityTest';

/** Trials of one sample size that the search wants to know. */
export interface SearchRequest {
  /** Index of the sample size. */
  size: number;
  /** From this trial to before `to`. */
  from: number;
  to: number;
}

/** What became of a sample size that the search looked at. */
export interface SearchedSize {
  size: number;
  trials: number;
  recovered: number;
  /** Whether most trials recover. */
  majority: boolean;
  /** False when all trials were used up before the test could decide; the plain majority then stands. */
  decided: boolean;
}

/** Between which sample sizes the threshold lies, as indices: the largest that is known not to be recovered and the smallest that is. */
export interface ThresholdBounds {
  /** -1 while there is none. */
  below: number;
  /** The number of sizes while there is none. */
  above: number;
}

/** Whether a sample size, an index, is one of the two next to the threshold. */
export function isAtBounds(size: number, { below, above }: ThresholdBounds): boolean {
  return size === below || size === above;
}

/** Whether it is beyond them, of no interest any more. */
export function isOutside(size: number, { below, above }: ThresholdBounds): boolean {
  return size < below || size > above;
}

/**
 * Finds the smallest of the sample sizes at which most trials recover, given that recovery is monotone in the sample size:
 * first at the predicted size and the one before it, then by bisection. Each size gets as many blocks of trials as a
 * sequential test needs. All decisions are right together with the stated confidence, by the union bound over the sizes that a
 * search can visit. Depends on the outcomes alone, not on the order in which they arrive.
 */
export class ThresholdSearch {
  private readonly test: MajorityTest;
  private readonly searched = new Map<number, SearchedSize>();
  /** Sizes up to this one are not recovered. */
  private below = -1;
  /** Sizes from this one on are recovered. */
  private above: number;
  private current: number | null;

  constructor(
    private readonly sizes: number,
    trials: number,
    confidence: number,
    /** Index of the smallest size that is not below the prediction; null where there is none. */
    private readonly predicted: number | null,
  ) {
    this.above = sizes;
    // The predicted size, the one before it, and a bisection of what is left.
    const visits = 2 + (32 - Math.clz32(sizes));
    this.test = new MajorityTest((1 - confidence) / visits, blockFor((1 - confidence) / visits, trials), trials);
    this.current = this.choose();
  }

  /** What to train next; null when the threshold is found. */
  next(): SearchRequest | null {
    if (this.current === null) return null;
    const from = this.searched.get(this.current)?.trials ?? 0;
    return { size: this.current, from, to: Math.min(this.test.trials, from + this.test.block) };
  }

  /** How many of the trials that were asked for recovered. */
  tell({ size, from, to }: SearchRequest, recovered: number): void {
    const before = this.searched.get(size)?.recovered ?? 0;
    const successes = before + recovered;
    const decision = this.test.decide(successes, to);
    const majority = decision === 'open' ? 2 * successes > to : decision === 'majority';
    this.searched.set(size, { size, trials: to, recovered: successes, majority, decided: decision !== 'open' });
    if (from >= to || (decision === 'open' && to < this.test.trials)) return;
    if (majority) this.above = size;
    else this.below = size;
    this.current = this.choose();
  }

  /** Index of the smallest recovered size; null when none is. */
  get threshold(): number | null {
    return this.above < this.sizes ? this.above : null;
  }

  get bounds(): ThresholdBounds {
    return { below: this.below, above: this.above };
  }

  /** Ascending. */
  get visited(): SearchedSize[] {
    return [...this.searched.values()].sort((a, b) => a.size - b.size);
  }

  private choose(): number | null {
    const { below, above, predicted } = this;
    if (above - below <= 1) return null;
    for (const size of predicted === null ? [] : [predicted, predicted - 1]) if (size > below && size < above) return size;
    return Math.floor((below + above) / 2);
  }
}

/** The fewest trials after which a size can be decided when all of them agree: no look before could. */
function blockFor(level: number, trials: number): number {
  for (let block = 1; block < trials; block++) {
    if (new MajorityTest(level, block, trials).decide(block, block) !== 'open') return block;
  }
  return trials;
}
