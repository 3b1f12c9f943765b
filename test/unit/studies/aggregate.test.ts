import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateCells, holdsFrom } from '../../../src/engine/studies/aggregate';
import { CellTable } from '../../../src/engine/studies/cellTable';
import type { CellResult, RankMeasurement, SampleSizeResult } from '../../../src/protocol/events';
import { matrixExperiment } from '../experiments';

const rules = matrixExperiment({});

function cell(trial: number, testError: number | null, changes: Partial<CellResult> = {}): CellResult {
  const diverged = testError === null;
  return {
    sampleSize: 7,
    trial,
    trainLoss: diverged ? null : 1e-10,
    testError,
    steps: 10,
    stopReason: diverged ? 'diverged' : 'trainLoss',
    recovered: testError !== null && testError < 1e-6,
    gradientNorm: diverged ? null : 0,
    ...changes,
  };
}

function rank(value: number): RankMeasurement {
  return { rank: value, tolerance: 1e-9, gap: 1e6, conclusive: true, singularValues: [], rows: 7, columns: 32 };
}

/** Aggregate of cells that stand among others in the table, of which some have not finished. */
function aggregate(cells: readonly CellResult[], by = rules): SampleSizeResult {
  const table = new CellTable(2 * cells.length + 3);
  table.set(0, cell(0, 1e-20), 99);
  cells.forEach((each, i) => table.set(2 * i + 1, each, each.empiricalRank?.rank));
  table.set(2 * cells.length + 2, cell(0, 1e20), 99);
  return aggregateCells(7, table, 1, 2 * cells.length + 1, by);
}

describe('aggregateCells', () => {
  it('takes medians, the recovered fraction and quantiles', () => {
    const result = aggregate([cell(0, 1e-7), cell(1, 3e-7), cell(2, 1), cell(3, 2e-7), cell(4, 4e-7)]);
    expect(result).toMatchObject({
      sampleSize: 7,
      trials: 5,
      medianTestError: 3e-7,
      medianTrainLoss: 1e-10,
      recoveredFraction: 0.8,
      state: 'recovered',
      divergedTrials: 0,
    });
    expect(result.testErrorQuantiles![0]).toBeCloseTo(1.4e-7, 20);
    expect(result.testErrorQuantiles![1]).toBeCloseTo(4e-7 + 0.6 * (1 - 4e-7), 12);
    // Of five values the quartiles are the second and the fourth.
    expect(result.testErrorQuartiles).toEqual([2e-7, 4e-7]);
  });

  it('does not depend on the order of the cells', () => {
    const cells = [cell(0, 1e-7), cell(1, null), cell(2, 1), cell(3, 2e-7)];
    fc.assert(
      fc.property(fc.shuffledSubarray(cells, { minLength: 4 }), (shuffled) => {
        expect(aggregate(shuffled)).toEqual(aggregate(cells));
      }),
    );
  });

  it('counts a diverged training as worse than any number', () => {
    expect(aggregate([cell(0, 1e-7), cell(1, 0.5), cell(2, null)])).toMatchObject({
      medianTestError: 0.5,
      state: 'notRecovered',
      divergedTrials: 1,
    });
    expect(aggregate([cell(0, 1e-7), cell(1, null), cell(2, null)])).toMatchObject({
      medianTestError: null,
      medianTrainLoss: null,
      state: 'undecided',
      divergedTrials: 2,
    });
    expect(aggregate([cell(0, null), cell(1, null)]).testErrorQuantiles).toBeNull();
  });

  it('is undecided when most trainings were cut short above the tolerance', () => {
    const cut = { stopReason: 'steps', trainLoss: 1e-4 } as const;
    expect(aggregate([cell(0, 0.1, cut), cell(1, 0.2, cut), cell(2, 0.3)]).state).toBe('undecided');
    expect(aggregate([cell(0, 0.1, cut), cell(1, 0.2), cell(2, 0.3)]).state).toBe('notRecovered');
    expect(aggregate([cell(0, 1e-7, cut), cell(1, 1e-7, cut)]).state).toBe('recovered');
  });

  it('where the stop loss is 0, a fit far below the tolerance counts as finished', () => {
    const endless = matrixExperiment({ training: { stop: { trainLoss: 0, steps: 100, gradientNorm: 0 } } });
    const fitted = { stopReason: 'steps', trainLoss: 1e-12 } as const;
    expect(aggregate([cell(0, 0.1, fitted)], endless).state).toBe('notRecovered');
    expect(aggregate([cell(0, 0.1, { ...fitted, trainLoss: 1e-7 })], endless).state).toBe('undecided');
  });

  it('takes ranks and linear stability by majority', () => {
    const stable = (trial: number, value: number, linearlyStable: boolean | null) =>
      cell(trial, 1, { empiricalRank: rank(value), linearlyStable });
    expect(aggregate([stable(0, 7, true), stable(1, 7, true), stable(2, 6, false)])).toMatchObject({
      empiricalRank: 7,
      linearlyStable: true,
    });
    expect(aggregate([stable(0, 7, true), stable(1, 6, false)])).toMatchObject({
      empiricalRank: 6,
      linearlyStable: null,
    });
    expect(aggregate([cell(0, 1)])).toMatchObject({ empiricalRank: null, linearlyStable: null });
  });
});

describe('holdsFrom', () => {
  const results = (states: string) => [...states].map((state, i) => ({ sampleSize: i + 1, state }));
  it.each([
    ['..xx', 3],
    ['x.xx', 3],
    ['xxxx', 1],
    ['xxx.', null],
    ['', null],
  ])('%s holds from %s', (states, from) => {
    expect(holdsFrom(results(states), ({ state }) => state === 'x')).toBe(from);
  });
});
