import { describe, expect, it } from 'vitest';
import { cellCount, gridSizes, planCells } from '../../src/engine/plan';
import { matrixExperiment } from './experiments';

describe('plan', () => {
  const experiment = matrixExperiment({ sampleSizes: [9, 3, 7, 3], training: { trials: 2 } });

  it('is the grid of sample sizes and trials, trial by trial', () => {
    expect(gridSizes(experiment)).toEqual([3, 7, 9]);
    expect(planCells(experiment).map(({ sampleSize, trial }) => [sampleSize, trial])).toEqual([
      [3, 0],
      [7, 0],
      [9, 0],
      [3, 1],
      [7, 1],
      [9, 1],
    ]);
    expect(cellCount(experiment)).toBe(6);
  });
});
