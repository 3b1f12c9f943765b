import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CellResult, EngineEvent } from '../../../src/protocol/events';
import { DetailLimit } from '../../../src/extension/runs/detailLimit';
import { stopByLadder, type EngineExit } from '../../../src/extension/runs/stopLadder';

describe('the stop ladder', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A process that ends at the rung named; every rung is noted with its time. */
  async function climb(endsAt: string): Promise<[string, number][]> {
    const rungs: [string, number][] = [];
    const begin = Date.now();
    let end: (exit: EngineExit) => void = () => undefined;
    const stopped = new Promise<EngineExit>((resolve) => (end = resolve));
    const rung = (name: string) => {
      rungs.push([name, Date.now() - begin]);
      if (name === endsAt) end({ code: 0, signal: null });
    };
    const stopping = stopByLadder({ stopped, cancel: () => rung('cancel'), signal: rung });
    await vi.advanceTimersByTimeAsync(60_000);
    await stopping;
    return rungs;
  }

  test.each([
    ['cancel', [['cancel', 0]]],
    [
      'SIGTERM',
      [
        ['cancel', 0],
        ['SIGTERM', 2000],
      ],
    ],
    [
      'SIGKILL',
      [
        ['cancel', 0],
        ['SIGTERM', 2000],
        ['SIGKILL', 4000],
      ],
    ],
  ])('goes up to %s and no further', async (endsAt, expected) => {
    expect(await climb(endsAt)).toEqual(expected);
  });
});

describe('the limit of details', () => {
  const spectrum = { eigenvalues: [1], residual: 0, converged: true };
  const cell = (trial: number): CellResult => ({
    sampleSize: 3,
    trial,
    trainLoss: 1,
    testError: 2,
    steps: 4,
    stopReason: 'steps',
    recovered: false,
    gradientNorm: 1,
    hessian: spectrum,
  });
  const curve = (trial: number): EngineEvent => ({ type: 'curve', sampleSize: 3, trial, steps: [1], losses: [1] });

  test('lets the first trainings through as they are, and keeps the numbers of the others', () => {
    const limit = new DetailLimit(2);
    expect([0, 1, 2].map((trial) => limit.limit(curve(trial))?.type)).toEqual(['curve', 'curve', undefined]);
    expect(limit.limit({ type: 'cell', cell: cell(1) })).toEqual({ type: 'cell', cell: cell(1) });
    const numbers = cell(2);
    delete numbers.hessian;
    expect(limit.limit({ type: 'cell', cell: cell(2) })).toEqual({ type: 'cell', cell: numbers });
    expect(limit.limit({ type: 'spectrum', sampleSize: 3, trial: 2, measurement: spectrum })).toBeUndefined();
    expect(limit.limit(curve(1))).toEqual(curve(1));
  });

  test('is about trainings only', () => {
    const phase: EngineEvent = { type: 'phase', phase: 'judging' };
    expect(new DetailLimit(0).limit(phase)).toBe(phase);
  });
});
