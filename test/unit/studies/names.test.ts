import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventsOf } from './runFile';

/** Small files as somebody writes them who knows the names of the format alone, and the names by which results are read. */
let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'recovery-names-'))));
afterAll(() => rmSync(folder, { recursive: true }));

type Plain = Record<string, unknown>;

async function resultsOf(file: Plain): Promise<Plain> {
  const { events } = await eventsOf(JSON.stringify(file), path.join(folder, 'names.recovery.json'));
  const last = events.at(-1)!;
  if (last.type !== 'finished') throw new Error(JSON.stringify(last));
  // As a reader of summary.json sees it.
  return (JSON.parse(JSON.stringify(last.summary)) as { results: Plain }).results;
}

function expectNames(value: unknown, names: string): void {
  expect(value).toBeTypeOf('object');
  for (const name of names.split(' ')) expect(Object.keys(value as Plain)).toContain(name);
}

const firstOf = (value: unknown) => (value as Plain[])[0];
const twoLayer = { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 2 };

describe('models of a rank experiment', () => {
  it.each<[string, Plain, Plain, number]>([
    [
      'a product of four matrices',
      { kind: 'matrixFactorization', dimensions: [4, 5, 6, 5, 3] },
      { kind: 'lowRank', rank: 2 },
      2 * (4 + 3 - 2),
    ],
    ['two factors', { kind: 'matrixFactorization', rows: 3, columns: 4, inner: 2 }, { kind: 'lowRank', rank: 1 }, 6],
    ['a diagonal model', { kind: 'diagonal', inputs: 5, depth: 3 }, { kind: 'vector', values: [1, 0, 2, 0, 0] }, 2],
    [
      'a deep network with two outputs',
      { kind: 'deepNetwork', activation: 'tanh', inputs: 3, widths: [3, 3], outputs: 2, bias: true },
      { kind: 'teacher', widths: [2, 1] },
      3 * 2 + 2 + 2 + 1 + 2 + 2,
    ],
    [
      'a convolution in one dimension',
      { kind: 'convolution', activation: 'tanh', inputs: 5, kernel: 3, kernels: 2, sharing: true, hiddenBias: false },
      { kind: 'teacher', width: 1 },
      6,
    ],
    [
      'a convolution in two dimensions without sharing',
      { kind: 'convolution', activation: 'tanh', inputs: [4, 4], kernel: 2, kernels: 1, sharing: false, hiddenBias: true },
      { kind: 'teacher', width: 1 },
      (4 + 2) * 9,
    ],
  ])('%s', async (_, model, target, rank) => {
    const results = await resultsOf({ experiment: 'rank', model, target, points: [{ kind: 'null' }] });
    expect(results.modelRank).toBe(rank);
    expectNames(firstOf(results.table), 'target modelRank parameters exact formula source');
    // The theorems are about functions with one value; of several outputs there is the measured rank alone.
    expect(firstOf(results.table)[model.outputs === undefined ? 'modelRank' : 'measured']).toBe(rank);
    expectNames(firstOf(results.points), 'name modelRank empiricalRank tolerance gap certified');
    expect(firstOf(results.points).modelRank).toBe(rank);
  });
});

describe('a point that a user has', () => {
  it.each([
    ['in the file', { parameters: [1, 0, 0.6, -0.8, 0, 0] }],
    ['in a file beside it', { file: 'weights.json' }],
  ])('%s, as "point" and in the list "points"', async (_, point) => {
    writeFileSync(path.join(folder, 'weights.json'), '[1, 0, 0.6, -0.8, 0, 0]');
    const target = { kind: 'teacher', neurons: [{ inputWeights: [0.6, -0.8], outputWeight: 1 }] };
    const alone = await resultsOf({ experiment: 'rank', model: twoLayer, target, point });
    const listed = await resultsOf({ experiment: 'rank', model: twoLayer, target, points: [point] });
    expect(alone).toEqual(listed);
    expectNames(firstOf(alone.points), 'singularValues condensation');
    expect(firstOf(alone.points)).toMatchObject({
      modelRank: 3,
      condensation: { branch: { targetBlocks: [1], extraBlocks: [], zeroBlock: 1 } },
    });
  });

  it('which is not there is told at its place', async () => {
    const text = JSON.stringify({
      experiment: 'rank',
      model: twoLayer,
      target: { kind: 'teacher', width: 1 },
      point: { file: 'no.npz' },
    });
    const { exitCode, events } = await eventsOf(text, path.join(folder, 'names.recovery.json'));
    expect(exitCode).toBe(2);
    expect(events.at(-1)).toMatchObject({ type: 'failed', at: { path: ['point', 'file'] } });
  });
});

describe('names of results', () => {
  it('geometry', async () => {
    const results = await resultsOf({
      experiment: 'geometry',
      model: { kind: 'twoLayer', activation: 'exp', inputs: 2, width: 3 },
      target: { kind: 'teacher', width: 1 },
    });
    expect(results.totalBranches).toBe(10);
    expectNames(
      firstOf(results.branches),
      'targetBlocks extraBlocks count dimension codimension rank deficient threshold morseBott numericRank',
    );
    expect(firstOf(results.branches)).toMatchObject({ targetBlocks: [3], extraBlocks: [], count: 1, codimension: 7, rank: 3 });
  });

  it('independence', async () => {
    const results = await resultsOf({
      experiment: 'independence',
      activation: 'tanh',
      inputs: 2,
      neurons: [
        { inputWeights: [1, 2], bias: 0.5 },
        { inputWeights: [-1, -2], bias: -0.5 },
        {
          layers: [
            {
              weights: [
                [1, 0.5],
                [0.2, -1],
              ],
              bias: [0.1, 0.2],
            },
            { weights: [[1, -1]], bias: [0.3] },
          ],
        },
        { layers: [{ weights: [[1, 2]], bias: 0.5 }] },
      ],
      outputBias: true,
    });
    expect(results).toMatchObject({ count: 4, rank: 3, independent: false });
    // The fourth is the first, written as a deep one.
    expect(results.causes).toMatchObject([{ kind: 'signEqual', neurons: [1, 2, 4] }]);
  });

  it('lifting', async () => {
    const points = [1, -0.4, 0.7, 2, -1.5].map((x, i) => ({ x, y: Math.tanh(x) + [0.1, -0.2, 0.1, 0, 0.1][i] }));
    const model = { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 1 };
    const results = await resultsOf({ experiment: 'lifting', model, point: 'train', wide: { width: 2 }, data: { points } });
    expect(results.loss).toBeGreaterThan(0);
    expectNames(
      firstOf(results.points),
      'construction parameters outputDifference sampleIndependent gradientNorm classification',
    );
    const narrow = (results.narrow as { parameters: number[] }).parameters;
    const given = { experiment: 'lifting', model, point: { parameters: narrow }, wide: { width: 2 }, data: { points } };
    expect((await resultsOf(given)).loss).toBeCloseTo(results.loss as number, 14);
    expect((results.points as Plain[]).some((point) => 'certificate' in point)).toBe(true);
  });

  it('lifting of deep networks', async () => {
    const data = {
      points: [[1], [-0.3], [0.7], [2], [-1.4], [0.1]].map((x) => ({ x, y: [Math.tanh(1.3 * x[0]) + 0.1 * x[0] ** 2] })),
    };
    const model = { kind: 'deepNetwork', activation: 'tanh', inputs: 1, widths: [1, 1], outputs: 1, bias: true };
    const results = await resultsOf({ experiment: 'lifting', model, point: 'train', wide: { widths: [2, 2] }, data });
    expect((results.points as Plain[]).map(({ construction }) => construction)).toContain('splitting');
  });

  it('overlap, from the refined start of the two-point example', async () => {
    const results = await resultsOf({
      experiment: 'overlap',
      activation: 'sigmoid',
      start: { w: 0.91673203, a: 2.86488625 },
      datasets: [
        { x: 1, y: 1 },
        { x: 12.307, y: 1.4 },
      ],
    });
    expect(results).toMatchObject({ twoPoint: true, onePoint: false });
    const limits = results.limits as { w: number; a: number }[];
    for (const [i, [w, a]] of [
      [0.0799870633, 1.92312828854],
      [0.91624638656, 1.4000177385],
    ].entries()) {
      expect(Math.abs(limits[i].w - w)).toBeLessThan(1e-9);
      expect(Math.abs(limits[i].a - a)).toBeLessThan(1e-9);
    }
    expect(results.residuals).toHaveLength(2);
    for (const residual of (results.residuals as number[][]).flat()) expect(Math.abs(residual)).toBeLessThan(1e-9);
    expect(results.slopes).toHaveLength(2);
  });

  it('repopulation', async () => {
    const results = await resultsOf({
      experiment: 'repopulation',
      task: { kind: 'function', samples: 200, testSamples: 50 },
      network: { widths: [10, 10] },
      training: { epochs: 4 },
      repopulation: { epochs: [2] },
      analysis: { every: 2, segments: 50, neurons: [3], draws: 2 },
    });
    expectNames(firstOf(results.history), 'epoch trainError testError regularizer discretizationVariance importanceVariation');
    expect(results.convexity).toMatchObject({ segments: 50, violations: 0 });
    expectNames(firstOf(results.distillation), 'neurons importance uniform');
  });

  it('recovery with a search: what it found, how surely, and what it saved', async () => {
    const results = await resultsOf({
      experiment: 'recovery',
      model: { kind: 'matrixFactorization', rows: 3, columns: 3 },
      target: { kind: 'lowRank', rank: 1 },
      data: {
        sampleSizes: { from: 1, to: 9 },
        search: { confidence: 0.95 },
        inputs: { kind: 'entries', order: 'bestConditioned' },
      },
      training: { trials: 20 },
    });
    expectNames(results.search, 'threshold confidence');
    expect(results.search).toMatchObject({ threshold: 5 });
  });
});
