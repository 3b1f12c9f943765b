import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import type { ResolvedRecoveryExperiment } from '../../../src/experiment/resolved';
import { PicturePlan } from '../../../src/engine/studies/recovered/picturePlan';
import type { CellResult } from '../../../src/protocol/events';
import type { FigureHeatMap, FigureLine, FigurePoints, ResultFigure } from '../../../src/protocol/figure';
import { runText } from './runFile';

async function run(experiment: Record<string, unknown>) {
  const { events } = await runText(JSON.stringify({ experiment: 'recovery', ...experiment }));
  const figures = new Map(events.flatMap((event) => (event.type === 'figure' ? [[event.figure.id, event.figure]] : [])));
  const cells = events.flatMap((event): CellResult[] => (event.type === 'cell' ? [event.cell] : []));
  return { figures, cells, events };
}

const framesOf = (figures: Map<string, ResultFigure>, id: string) => figures.get(id)!.frames!.frames;

describe('the recovered function of one input', () => {
  const quadratic = {
    model: { kind: 'formula', inputs: ['x'], parameters: ['a', 'b'], expression: 'a*x + b*x^2' },
    target: { kind: 'formula', expression: 'x + 0.5*x^2' },
    data: { sampleSizes: [1, 3], inputs: { kind: 'uniform', low: -1, high: 3 }, testSamples: 100 },
    training: {
      optimizer: { kind: 'gradientDescent', learningRate: 0.008 },
      initialization: { kind: 'normal', scale: 0.1 },
      stop: { trainLoss: 1e-22, steps: 400_000 },
      trials: 5,
    },
  };

  it('is of the model, goes through the samples, is the target where they determine it, and of the training with the median test error', async () => {
    const { figures, cells } = await run(quadratic);
    const frames = framesOf(figures, 'recoveredFunction');
    expect(frames.map(({ cell }) => cell)).toEqual([
      { variant: 0, sampleSize: 1 },
      { variant: 0, sampleSize: 3 },
    ]);
    for (const { name, cell, layers } of frames) {
      const [target, recovered, samples] = layers as [FigureLine, FigureLine, FigurePoints];
      expect(target.x).toHaveLength(201);
      expect([target.x[0], target.x.at(-1)]).toEqual([-1, 3]);
      target.x.forEach((x, i) => expect(target.y[i]).toBeCloseTo(x + 0.5 * x * x, 12));
      expect(samples.x).toHaveLength(cell!.sampleSize);
      samples.x.forEach((x, i) => expect(samples.y[i]).toBeCloseTo(x + 0.5 * x * x, 12));
      // a and b from two of its points; then it has the others, too.
      const [i, j] = [20, 150];
      const [u, v] = [recovered.x[i], recovered.x[j]];
      const b = (recovered.y[i]! / u - recovered.y[j]! / v) / (u - v);
      const a = recovered.y[i]! / u - b * u;
      recovered.x.forEach((x, k) => expect(recovered.y[k]).toBeCloseTo(a * x + b * x * x, 9));
      samples.x.forEach((x, k) => expect(a * x + b * x * x).toBeCloseTo(samples.y[k], 8));
      if (cell!.sampleSize === 3) expect([a, b]).toEqual([expect.closeTo(1, 6), expect.closeTo(0.5, 6)]);
      else expect(Math.abs(a - 1) + Math.abs(b - 0.5)).toBeGreaterThan(0.01);
      const errors = cells.filter(({ sampleSize }) => sampleSize === cell!.sampleSize);
      const sorted = errors.map(({ testError }) => testError!).sort((a, b) => a - b);
      const median = errors.find(({ testError }) => testError === sorted[2])!;
      expect(name).toBe(`n = ${cell!.sampleSize}, trial ${median.trial}`);
    }
  });

  it('has a picture for each value of what varies, told a few times only', async () => {
    const vary = { kind: 'learningRate', values: [0.008, 0.004] };
    const { figures, events } = await run({
      ...quadratic,
      training: { ...quadratic.training, trials: 40, stop: { steps: 200 } },
      vary,
    });
    expect(framesOf(figures, 'recoveredFunction').map(({ cell }) => `${cell!.variant} ${cell!.sampleSize}`)).toEqual([
      '0 1',
      '0 3',
      '1 1',
      '1 3',
    ]);
    const told = events.filter((event) => event.type === 'figure' && event.figure.id === 'recoveredFunction');
    // 4 cells of 40 trials: after 4, 8, 16, … and at the end.
    expect(told.length).toBeLessThanOrEqual(7);
  });
});

describe('the recovered function of two inputs', () => {
  it('stands beside the target and its difference, on the same grid and colours', async () => {
    const { figures } = await run({
      model: { kind: 'formula', inputs: ['u', 'v'], parameters: ['a', 'b'], expression: 'a*u + b*v' },
      target: { kind: 'formula', expression: '3*u - v' },
      data: { sampleSizes: [4], inputs: { kind: 'normal', scale: 0.5 }, testSamples: 50 },
      training: {
        optimizer: { kind: 'gradientDescent', learningRate: 0.2 },
        initialization: { kind: 'normal', scale: 0.1 },
        stop: { trainLoss: 1e-24, steps: 20_000 },
        trials: 3,
      },
    });
    const map = (id: string) => framesOf(figures, id)[0].layers[0] as FigureHeatMap;
    const [recovered, target, difference] = ['recoveredSurface', 'targetSurface', 'recoveredDifference'].map(map);
    expect([figures.get('recoveredSurface')!.x.title, figures.get('recoveredSurface')!.y.title]).toEqual(['u', 'v']);
    expect([target.x.length, target.y.length, target.x[0], target.y.at(-1)]).toEqual([41, 41, -1.5, 1.5]);
    target.y.forEach((v, row) =>
      target.x.forEach((u, column) => {
        expect(target.values[row][column]).toBeCloseTo(3 * u - v, 12);
        expect(recovered.values[row][column]).toBeCloseTo(3 * u - v, 8);
        expect(difference.values[row][column]).toBe(recovered.values[row][column]! - target.values[row][column]!);
      }),
    );
    // From −6 to 6, and a quarter of that beyond.
    expect(target.range![0]).toBeCloseTo(-9, 12);
    expect(recovered.range).toEqual(target.range);
  });
});

describe('the recovered matrix', () => {
  it('agrees with the target at the sampled entries, and has the singular values that it has, with their gap', async () => {
    const values = [
      [1, 2, -1],
      [2, 4, -2],
    ];
    const { figures } = await run({
      model: { kind: 'matrixFactorization', rows: 2, columns: 3 },
      target: { kind: 'matrix', values },
      data: { sampleSizes: [4, 6], inputs: { kind: 'entries', order: 'random' } },
      training: {
        optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
        initialization: { kind: 'normal', scale: 1e-6 },
        stop: { trainLoss: 1e-16, steps: 100_000 },
        trials: 3,
      },
    });
    const rowOf = (map: FigureHeatMap, row: number) => map.values[map.y.indexOf(-row)];
    framesOf(figures, 'recoveredMatrix').forEach(({ layers, cell }, place) => {
      const [map, samples] = layers as [FigureHeatMap, FigurePoints];
      const target = framesOf(figures, 'targetMatrix')[place].layers[0] as FigureHeatMap;
      expect(values.map((_, i) => rowOf(target, i + 1))).toEqual(values);
      expect(map.rowNames![map.y.indexOf(-2)]).toBe('2');
      expect(samples.x).toHaveLength(cell!.sampleSize);
      samples.x.forEach((column, s) =>
        expect(rowOf(map, -samples.y[s])[column - 1]).toBeCloseTo(values[-samples.y[s] - 1][column - 1], 6),
      );
      const [own, recovered, cut] = framesOf(figures, 'recoveredSingularValues')[place].layers as [
        FigureLine,
        FigureLine,
        object,
      ];
      const oracle = new SingularValueDecomposition(new Matrix(map.values.map((row) => row.map((value) => value!))).transpose())
        .diagonal;
      recovered.y.forEach((value, k) => expect(value).toBeCloseTo(oracle[k], 12));
      // σ of a matrix of rank 1 is its Frobenius norm.
      expect(own.y[0]).toBeCloseTo(Math.sqrt(30), 12);
      if (cell!.sampleSize === 6)
        expect(cut).toMatchObject({ kind: 'marker', axis: 'y', label: expect.stringMatching(/^rank 1, gap/) });
    });
    expect(framesOf(figures, 'recoveredMatrix')).toHaveLength(2);
  });
});

describe('what is kept for pictures', () => {
  const resolve = (file: object) =>
    parseExperiment(JSON.stringify({ experiment: 'recovery', ...file })).resolved as ResolvedRecoveryExperiment;

  it('is bounded, whatever the run', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (inputs, sizes, trials, variants, isSearch) => {
          const experiment = resolve({
            model: { kind: 'twoLayer', activation: 'tanh', inputs, width: 2 },
            target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: Array.from({ length: inputs }, () => 1) }] },
            data: { sampleSizes: { from: 1, to: sizes }, inputs: { kind: 'normal' }, ...(isSearch ? { search: {} } : {}) },
            training: { trials },
            vary: { kind: 'width', values: Array.from({ length: variants }, (_, k) => k + 1) },
          });
          const plan = new PicturePlan(experiment);
          let shown = 0;
          let kept = 0;
          for (let variant = 0; variant < variants; variant++)
            // Of a search any two sizes of a variant may be the ones on both sides of its threshold.
            for (let size = isSearch ? Math.max(0, sizes - 2) : 0; size < sizes; size++) {
              const points = plan.grids[variant]?.inputs.count ?? 0;
              if (!plan.hasCell(variant, size + 1)) continue;
              shown += points;
              kept += points * plan.trials;
              expect(plan.gridFor(variant, { sampleSize: size + 1, trial: plan.trials })).toBeNull();
              expect(plan.gridFor(variant, { sampleSize: size + 1, trial: plan.trials - 1 })).not.toBeNull();
            }
          expect(shown > 0).toBe(inputs < 3);
          expect(shown).toBeLessThanOrEqual(60_000);
          expect(kept).toBeLessThanOrEqual(2_000_000);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is nothing of functions of several outputs, and of large matrices', () => {
    const grid = (model: object, target: object, inputs: object) =>
      new PicturePlan(resolve({ model, target, data: { sampleSizes: [3], inputs } })).grids[0];
    const lowRank = { kind: 'lowRank', rank: 1, seed: 1 };
    const entries = { kind: 'entries', order: 'nested' };
    expect(grid({ kind: 'matrixFactorization', rows: 64, columns: 64, inner: 2 }, lowRank, entries)?.inputs.count).toBe(4096);
    expect(grid({ kind: 'matrixFactorization', rows: 65, columns: 64, inner: 2 }, lowRank, entries)).toBeNull();
  });
});
