import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpectrumSchedule } from '../../../src/engine/studies/spectrumSchedule';
import type { HessianEveryConfig } from '../../../src/experiment/schema';

function steps(every: HessianEveryConfig, upTo: number): number[] {
  const schedule = new SpectrumSchedule(every);
  const taken: number[] = [];
  while (schedule.next <= upTo) {
    taken.push(schedule.next);
    schedule.passed(schedule.next);
  }
  return taken;
}

describe('steps at which spectra are taken', () => {
  it('are equally far apart, and twice as far after every 200', () => {
    expect(steps(5, 22)).toEqual([0, 5, 10, 15, 20]);
    const taken = steps(10, 8000);
    expect(taken.slice(198, 203)).toEqual([1980, 1990, 2010, 2030, 2050]);
    expect(steps(1, 1e9).length).toBeLessThan(200 * 25);
  });

  it('are so many in every decade, and never the same twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (perDecade) => {
        const taken = steps({ perDecade }, 1e7);
        expect(taken[0]).toBe(0);
        for (let i = 1; i < taken.length; i++) expect(taken[i]).toBeGreaterThan(taken[i - 1]);
        const late = taken.filter((step) => step > 1e4 && step <= 1e6).length;
        expect(Math.abs(late - 2 * perDecade)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
