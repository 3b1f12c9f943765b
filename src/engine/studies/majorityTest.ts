/** What a sequential test says so far. `majority` and `minority` are proven to the level; `open` needs more trials. */
export type MajorityDecision = 'majority' | 'minority' | 'open';

/**
 * Sequential test whether something happens in most trials: looks at the trials in blocks and decides at the first block where
 * the exact binomial tail at probability 1/2 is small enough. The error is at most `level` in all: every look may spend
 * level / looks (Bonferroni), split on both sides.
 */
export class MajorityTest {
  private readonly perSide: number;

  constructor(
    level: number,
    /** Trials at which it looks: block, 2·block, …, at most `trials`. */
    readonly block: number,
    readonly trials: number,
  ) {
    this.perSide = level / Math.ceil(trials / block) / 2;
  }

  /** After `count` trials, of which `successes` happened. */
  decide(successes: number, count: number): MajorityDecision {
    if (binomialTail(successes, count) <= this.perSide) return 'majority';
    if (binomialTail(count - successes, count) <= this.perSide) return 'minority';
    return 'open';
  }
}

/** P(X ≥ k) for X the number of heads in n throws of a fair coin. */
export function binomialTail(k: number, n: number): number {
  let term = 1;
  for (let i = 0; i < n; i++) term /= 2;
  // From the far end, where terms are smallest.
  let sum = 0;
  for (let i = n; i >= k; i--) {
    sum += term;
    term = (term * i) / (n - i + 1);
  }
  return Math.min(1, sum);
}
