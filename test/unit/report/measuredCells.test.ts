import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeasuredCells, readMeasured } from '../../../src/engine/report/measuredCells';
import { RunKeeper } from '../../../src/engine/report/runKeeper';
import { packCell, unpackCell } from '../../../src/engine/studies/cellOutput';
import type { AcceptedEvent, CellResult } from '../../../src/protocol/events';

function cell(trial: number, length: number): CellResult {
  const singularValues = Array.from({ length }, (_, i) => 1 / (i + 3));
  const rank = { rank: 1, tolerance: 1e-9, gap: 1e5, conclusive: true, singularValues, rows: 1, columns: length };
  return {
    sampleSize: 4,
    trial,
    trainLoss: 1e-9 / 3,
    testError: null,
    steps: 12,
    stopReason: 'trainLoss',
    recovered: false,
    gradientNorm: 0.1,
    empiricalRank: rank,
    linearlyStable: null,
    solutionRank: rank,
    hessian: { eigenvalues: singularValues, residual: 1e-16, converged: true },
  };
}

const unpacked = (trial: number, length: number) => unpackCell(packCell(cell(trial, length)), { sampleSize: 4, trial });

describe('a cell on its way to the main thread', () => {
  it('comes whole, as lines, and plain, as numbers', () => {
    const { lines, cell: plain, empiricalRank } = unpackCell(structuredClone(packCell(cell(7, 5))), { sampleSize: 4, trial: 7 });
    expect(readMeasured(lines)).toEqual({ cell: cell(7, 5), spectrum: cell(7, 5).hessian });
    expect(empiricalRank).toBe(1);
    const rest: Partial<CellResult> = cell(7, 5);
    for (const measurement of ['empiricalRank', 'solutionRank', 'hessian'] as const) delete rest[measurement];
    expect(plain).toEqual({ ...rest, hessianFacts: { smallest: 1 / 3, largest: 1 / 7, residual: 1e-16, converged: true } });
    expect(lines.endsWith('\n')).toBe(true);
    expect(lines.split('\n')).toHaveLength(3);
  });
});

describe('MeasuredCells', () => {
  it('keeps the last cells of the plan within its bound, in whatever order they come', () => {
    const lengths = Array.from({ length: 60 }, (_, i) => 3 + ((i * 7) % 20));
    const texts = lengths.map((length, trial) => unpacked(trial, length).lines);
    const most = 15_000;
    let expected = 0;
    let from = texts.length;
    while (expected + texts[from - 1].length <= most) expected += texts[--from].length;
    expect(from).toBeGreaterThan(20);
    expect(from).toBeLessThan(55);
    const order = fc.shuffledSubarray([...texts.keys()], { minLength: texts.length });
    fc.assert(
      fc.property(order, (places) => {
        const measured = new MeasuredCells(most);
        for (const place of places) measured.add(place, { sampleSize: 4, trial: place }, texts[place]);
        const kept = [...measured].map(({ trial }) => trial).sort((a, b) => a - b);
        expect(kept).toEqual([...texts.keys()].slice(from));
        expect([...measured].every(({ id, trial, lines }) => id === `4/${trial}` && lines === texts[trial])).toBe(true);
      }),
    );
  });
});

describe('RunKeeper', () => {
  it('keeps a bounded number of cells of very many, without what they measured', () => {
    const keeper = new RunKeeper({ id: 'x', fileName: 'x', startedAt: 0 });
    const cells = 20_000;
    keeper.apply({ type: 'accepted', cells } as AcceptedEvent);
    for (let index = 0; index < cells; index++) keeper.addCell(unpacked(index, 3), index);
    const kept = Object.values(keeper.record.cells);
    expect(kept).toHaveLength(8000);
    expect(kept.at(-1)!.trial).toBe(cells - 1);
    expect(kept.every((each) => !each.empiricalRank && !each.solutionRank && !each.hessian)).toBe(true);
    expect([...keeper.measured].length).toBeGreaterThan(1000);
  });
});
