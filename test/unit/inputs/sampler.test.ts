import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nestedOrder, randomOrder } from '../../../src/engine/inputs/entries';
import { createSampler } from '../../../src/engine/inputs/sampler';
import type { InputsConfig } from '../../../src/experiment/schema';
import { formulaExperiment, matrixExperiment } from '../experiments';

function points(inputs: InputsConfig, seed = 1) {
  const base = formulaExperiment({ inputs });
  return createSampler({ ...base, training: { ...base.training, seed } });
}

describe('random inputs', () => {
  const kinds: InputsConfig[] = [
    { kind: 'normal', scale: 2 },
    { kind: 'uniform', low: -1, high: 3 },
  ];

  it.each(kinds)('$kind: a larger sample extends a smaller one', (inputs) => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.nat(1000),
        (trial, small, more, seed) => {
          const sampler = points(inputs, seed);
          const short = sampler.training(trial, small);
          const long = sampler.training(trial, small + more);
          expect(Array.from(long.values.subarray(0, short.values.length))).toEqual(Array.from(short.values));
        },
      ),
    );
  });

  it.each(kinds)('$kind: trials, seeds and the test set have streams of their own', (inputs) => {
    const seen = new Set<number>();
    for (const values of [
      points(inputs).training(0, 3).values,
      points(inputs).training(1, 3).values,
      points(inputs, 2).training(0, 3).values,
      points(inputs).test().values,
    ]) {
      seen.add(values[0]);
    }
    expect(seen.size).toBe(4);
    expect(points(inputs).random).toBe(true);
  });

  it('normal inputs have the moments of N(0, scale²)', () => {
    const { values } = points({ kind: 'normal', scale: 2 }).training(0, 20_000);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const square = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    // Four standard errors.
    expect(Math.abs(mean)).toBeLessThan((4 * 2) / Math.sqrt(values.length));
    expect(Math.abs(square / 4 - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
  });

  it('uniform inputs fill their box', () => {
    const { values } = points({ kind: 'uniform', low: -1, high: 3 }).training(0, 20_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...values)).toBeLessThan(3);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(Math.abs(mean - 1)).toBeLessThan((4 * 4) / Math.sqrt(12 * values.length));
  });
});

describe('fixed inputs', () => {
  it('a grid is equally spaced with both ends, and tests on its interval', () => {
    const experiment = formulaExperiment({ inputs: { kind: 'grid', low: -2, high: 1 }, names: ['x1'] });
    const sampler = createSampler(experiment);
    expect(Array.from(sampler.training(5, 4).values)).toEqual([-2, -1, 0, 1]);
    expect(Array.from(sampler.training(0, 1).values)).toEqual([-0.5]);
    const test = sampler.test();
    expect(test.count).toBe(experiment.data.testSamples);
    expect(Math.min(...test.values)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...test.values)).toBeLessThan(1);
  });

  it('points come in their order, and test inputs from their bounding box', () => {
    const sampler = points({
      kind: 'points',
      values: [
        [0, 10],
        [1, 20],
        [4, 15],
      ],
    });
    expect(Array.from(sampler.training(3, 2).values)).toEqual([0, 10, 1, 20]);
    const { values, count } = sampler.test();
    for (let i = 0; i < count; i++) {
      expect(values[2 * i]).toBeGreaterThanOrEqual(0);
      expect(values[2 * i]).toBeLessThan(4);
      expect(values[2 * i + 1]).toBeGreaterThanOrEqual(10);
      expect(values[2 * i + 1]).toBeLessThan(20);
    }
    expect(() => sampler.training(0, 4)).toThrow(RangeError);
  });
});

describe('matrix entries', () => {
  it('the nested order is that of the textbook notebook', () => {
    // 11,12,13,14,21,31,41,22,23,24,32,42,33,34,43,44
    const expected = [
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [2, 1],
      [3, 1],
      [4, 1],
      [2, 2],
      [2, 3],
      [2, 4],
      [3, 2],
      [4, 2],
      [3, 3],
      [3, 4],
      [4, 3],
      [4, 4],
    ];
    expect(nestedOrder(4, 4)).toEqual(expected.map(([row, column]) => (row - 1) * 4 + column - 1));
    expect([...nestedOrder(3, 5)].sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i));
  });

  it('a random order is a permutation of its own for every trial', () => {
    expect([...randomOrder(3, 4, 1, 0)].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(randomOrder(3, 4, 1, 0)).not.toEqual(randomOrder(3, 4, 1, 1));
    expect(randomOrder(3, 4, 1, 0)).toEqual(randomOrder(3, 4, 1, 0));
  });

  it('an explicit order counts from 1 in files and from 0 in inputs', () => {
    const sampler = createSampler(
      matrixExperiment({
        order: [
          [3, 1],
          [4, 3],
        ],
      }),
    );
    expect(Array.from(sampler.training(0, 2).values)).toEqual([2, 0, 3, 2]);
    expect(sampler.test().count).toBe(16);
    expect(sampler.random).toBe(false);
  });
});
