import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTail, MajorityTest } from '../../../src/engine/studies/majorityTest';
import { ThresholdSearch } from '../../../src/engine/studies/thresholdSearch';

function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 0; i < k; i++) result = (result * BigInt(n - i)) / BigInt(i + 1);
  return result;
}

describe('tail of the binomial distribution', () => {
  it('agrees with whole numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.nat(120), (n, k) => {
        let sum = 0n;
        for (let i = k; i <= n; i++) sum += choose(n, i);
        // 2^-n times the sum, to 60 bits.
        const exact = Number((sum << 60n) >> BigInt(n)) / 2 ** 60;
        expect(Math.abs(binomialTail(k, n) - exact)).toBeLessThan(1e-14);
      }),
    );
  });
});

describe('the sequential majority test', () => {
  it('errs at most at its level: the exact chance of any decision when the chance of success is 1/2', () => {
    const parameters = fc.record({
      level: fc.double({ min: 1e-4, max: 0.2, noNaN: true }),
      block: fc.integer({ min: 1, max: 12 }),
      trials: fc.integer({ min: 1, max: 80 }),
    });
    fc.assert(
      fc.property(parameters, ({ level, block, trials }) => {
        const test = new MajorityTest(level, block, trials);
        // Chances of the numbers of successes that have not been decided.
        let open = new Map([[0, 1]]);
        let decided = 0;
        for (let count = 1; count <= trials; count++) {
          const next = new Map<number, number>();
          for (const [successes, chance] of open)
            for (const one of [0, 1]) next.set(successes + one, (next.get(successes + one) ?? 0) + chance / 2);
          open = next;
          if (count % block !== 0 && count !== trials) continue;
          for (const [successes, chance] of open) {
            if (test.decide(successes, count) === 'open') continue;
            decided += chance;
            open.delete(successes);
          }
        }
        expect(decided).toBeLessThanOrEqual(level * (1 + 1e-12));
      }),
    );
  });
});

/** Searches with trials that recover by `recovers`; returns the search and the number of trainings. */
function run(search: ThresholdSearch, recovers: (size: number, trial: number) => boolean): number {
  let trainings = 0;
  for (let request = search.next(); request; request = search.next()) {
    let recovered = 0;
    for (let trial = request.from; trial < request.to; trial++) {
      trainings++;
      if (recovers(request.size, trial)) recovered++;
    }
    search.tell(request, recovered);
  }
  return trainings;
}

describe('the search for the threshold', () => {
  it('finds any threshold, whatever the prediction, with fewer trainings than the grid', () => {
    const cases = fc.integer({ min: 1, max: 200 }).chain((sizes) =>
      fc.record({
        sizes: fc.constant(sizes),
        threshold: fc.integer({ min: 0, max: sizes }),
        predicted: fc.option(fc.integer({ min: 0, max: sizes - 1 })),
      }),
    );
    fc.assert(
      fc.property(cases, ({ sizes, threshold, predicted }) => {
        const search = new ThresholdSearch(sizes, 50, 0.95, predicted);
        const trainings = run(search, (size) => size >= threshold);
        expect(search.threshold).toBe(threshold === sizes ? null : threshold);
        expect(search.visited.every(({ decided }) => decided)).toBe(true);
        expect(trainings).toBeLessThanOrEqual(sizes * 50);
        if (sizes >= 16) expect(trainings).toBeLessThan((sizes * 50) / 4);
        if (predicted === threshold && threshold > 0) expect(search.visited.length).toBe(2);
      }),
    );
  });

  it('is right at least as often as it says, with trials that recover by chance', () => {
    // A chance that rises through 1/2 between two sizes, never closer to it than 0.15.
    const chance = (size: number) => (size < 9 ? 0.35 * (size / 9) : Math.min(1, 0.65 + 0.1 * (size - 9)));
    let wrong = 0;
    let state = 12345;
    const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    for (let repetition = 0; repetition < 400; repetition++) {
      const search = new ThresholdSearch(16, 400, 0.9, repetition % 2 ? null : 7);
      run(search, (size) => uniform() < chance(size));
      if (search.threshold !== 9) wrong++;
    }
    expect(wrong / 400).toBeLessThan(0.1);
  });

  it('says when trials did not suffice', () => {
    const search = new ThresholdSearch(4, 20, 0.95, null);
    run(search, (size, trial) => (size < 2 ? false : trial % 2 === 0));
    expect(search.visited.some(({ decided }) => !decided)).toBe(true);
  });
});
