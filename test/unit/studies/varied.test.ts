import { describe, expect, it } from 'vitest';
import type { VariantResult, RecoveryResults } from '../../../src/protocol/events';
import { runText } from './runFile';

const M1 = [
  [1, 0.3, 0.7],
  [2, 0.6, 1.4],
  [4, 1.2, 2.8],
];
const IDENTITY = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

interface Experiment {
  model: Record<string, unknown>;
  target: Record<string, unknown>;
  data: Record<string, unknown>;
  training: Record<string, unknown>;
}

/** Completion of a 3×3 matrix of rank 1: model rank 5. */
const matrix: Experiment = {
  model: { kind: 'matrixFactorization', rows: 3, columns: 3 },
  target: { kind: 'matrix', values: M1 },
  data: { sampleSizes: [4, 5, 6], inputs: { kind: 'entries', order: 'bestConditioned' } },
  training: {
    optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
    initialization: { kind: 'normal', scale: 1e-4 },
    trials: 3,
  },
};

const network: Experiment = {
  model: { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 2 },
  target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [2, 1] }] },
  data: { sampleSizes: [2, 6], inputs: { kind: 'normal', scale: 1 }, testSamples: 50 },
  training: {
    optimizer: { kind: 'adam', learningRate: 0.01 },
    initialization: { kind: 'normal', scale: 0.1 },
    stop: { steps: 300 },
    trials: 2,
  },
};

async function run(experiment: Experiment, more: Record<string, unknown> = {}) {
  const { events, finished, exitCode } = await runText(JSON.stringify({ experiment: 'recovery', ...experiment, ...more }));
  const tables = new Map(events.flatMap((event) => (event.type === 'table' ? [[event.table.id, event.table]] : [])));
  return { events, exitCode, tables, verdicts: finished.summary.verdicts, results: finished.summary.results as RecoveryResults };
}

async function variants(experiment: Experiment, more: Record<string, unknown>): Promise<VariantResult[]> {
  const { results } = await run(experiment, more);
  expect(results.sampleSizes).toEqual([]);
  return results.variants!;
}

const withTraining = (experiment: Experiment, training: Record<string, unknown>): Experiment => ({
  ...experiment,
  training: { ...experiment.training, ...training },
});

describe('a value of what an experiment varies', () => {
  const scale = (value: number) => withTraining(matrix, { initialization: { kind: 'normal', scale: value } });
  const rate = (value: number) => withTraining(matrix, { optimizer: { kind: 'gradientDescent', learningRate: value } });
  const width = (value: number): Experiment => ({ ...network, model: { ...network.model, width: value } });
  const inner = (value: number): Experiment => ({ ...matrix, model: { ...matrix.model, inner: value } });
  const target = (values: number[][]): Experiment => ({ ...matrix, target: { kind: 'matrix', values } });
  const targets = [{ name: 'rank 1', target: { kind: 'matrix', values: M1 } }, { target: { kind: 'matrix', values: IDENTITY } }];

  const convolution = { kind: 'convolution', activation: 'tanh', inputs: 2, kernel: 2, kernels: 1 };
  const kernels = { kind: 'teacher', kernels: [{ weights: [2, 1], outputWeights: [1] }] };
  const connected: Experiment = { ...network, model: convolution, target: kernels };
  const models = [
    { name: 'wide', model: { ...network.model, width: 5 } },
    { model: convolution, target: kernels },
  ];

  it.each<[string, Experiment, Record<string, unknown>, string[], Experiment[]]>([
    ['width', network, { kind: 'width', values: [1, 5] }, ['width 1', 'width 5'], [width(1), width(5)]],
    ['inner dimension', matrix, { kind: 'width', values: [1, 4] }, ['width 1', 'width 4'], [inner(1), inner(4)]],
    [
      'scale',
      matrix,
      { kind: 'scale', values: [0.1, 1e-6] },
      ['initial scale 0.1', 'initial scale 0.000001'],
      [scale(0.1), scale(1e-6)],
    ],
    [
      'learning rate',
      matrix,
      { kind: 'learningRate', values: [0.02, 0.06] },
      ['learning rate 0.02', 'learning rate 0.06'],
      [rate(0.02), rate(0.06)],
    ],
    [
      'dropout',
      network,
      { kind: 'dropout', values: [0, 0.25] },
      ['dropout 0', 'dropout 0.25'],
      [network, withTraining(network, { dropout: 0.25 })],
    ],
    ['target', matrix, { kind: 'target', values: targets }, ['rank 1', 'target 2'], [target(M1), target(IDENTITY)]],
    ['model', network, { kind: 'model', values: models }, ['wide', 'model 2'], [width(5), connected]],
  ])('has the numbers of an experiment with this %s alone', async (_, base, vary, names, plain) => {
    const found = await variants(base, { vary });
    expect(found.map(({ name }) => name)).toEqual(names);
    for (const [i, experiment] of plain.entries()) {
      const alone = await run(experiment);
      const { sampleSizes, modelRank, recoveredFrom, linearlyStableFrom } = found[i];
      expect({ sampleSizes, modelRank, recoveredFrom, linearlyStableFrom }).toEqual({
        sampleSizes: alone.results.sampleSizes,
        modelRank: alone.results.modelRank,
        recoveredFrom: alone.results.recoveredFrom,
        linearlyStableFrom: alone.results.linearlyStableFrom,
      });
      const accepted = alone.events.find((event) => event.type === 'accepted');
      expect(found[i].predicted).toBe(accepted!.predictions.optimisticSampleSize);
      expect(found[i].parameters).toBe(accepted!.predictions.parameters);
    }
    // What is varied has an effect.
    expect(found[0].sampleSizes).not.toEqual(found[1].sampleSizes);
  });
});

it('drops neurons for as many steps as asked for', async () => {
  const { sampleSizes } = (await run(withTraining(network, { dropout: 0.25 }))).results;
  const until = async (dropoutSteps: number) =>
    (await run(withTraining(network, { dropout: 0.25, dropoutSteps }))).results.sampleSizes;
  expect(await until(300)).toEqual(sampleSizes);
  expect(await until(299)).not.toEqual(sampleSizes);
  // The mask of the first step alone is not none.
  expect(await until(1)).not.toEqual((await run(network)).results.sampleSizes);
});

describe('what a varied experiment tells', () => {
  it('is a table of values, one of medians, and figures; no cells', async () => {
    const { events, tables, results } = await run(matrix, { vary: { kind: 'scale', values: [1e-4, 1] } });
    expect(events.some(({ type }) => type === 'cell' || type === 'sampleSize')).toBe(false);
    expect([...tables.keys()].sort()).toEqual(['medians', 'variants']);
    expect(tables.get('variants')!.rows[0]).toEqual(['initial scale 0.0001', 18, 5, 5, 5, 5]);
    const medians = tables.get('medians')!;
    expect(medians.columns.map(({ title }) => title)).toEqual(['Initial scale', 'n = 4', 'n = 5', 'n = 6']);
    expect(medians.rows).toEqual(
      results.variants!.map(({ name, sampleSizes }) => [name, ...sampleSizes.map(({ medianTestError }) => medianTestError)]),
    );
    const figures = events.flatMap((event) => (event.type === 'figure' ? [event.figure] : []));
    expect(new Set(figures.map(({ id }) => id))).toEqual(
      new Set(['phaseDiagram', 'medians', 'parameterTrajectories', 'recoveredMatrix', 'targetMatrix', 'recoveredSingularValues']),
    );
    const [heatMap, line] = figures.filter(({ id }) => id === 'phaseDiagram').at(-1)!.layers;
    expect(heatMap).toMatchObject({ kind: 'heatMap', x: [4, 5, 6], values: medians.rows.map((row) => row.slice(1)) });
    expect(line).toMatchObject({ kind: 'line', x: [5, 5], y: [1, 2] });
  });

  it('has no table of medians for more sample sizes than one can read', async () => {
    const points = Array.from({ length: 21 }, (_, i) => i + 1);
    const many = withTraining({ ...network, data: { ...network.data, sampleSizes: points } }, { stop: { steps: 1 }, trials: 1 });
    const { tables } = await run(many, { vary: { kind: 'width', values: [1, 2] } });
    expect([...tables.keys()]).toEqual(['variants']);
  });
});

describe('a search', () => {
  const trials = (experiment: Experiment) => withTraining(experiment, { trials: 24 });
  const wide: Experiment = { ...matrix, data: { ...matrix.data, sampleSizes: { from: 1, to: 9 } } };
  const searched = (experiment: Experiment): Experiment => ({
    ...experiment,
    data: { ...experiment.data, search: { confidence: 0.95 } },
  });

  it('finds the threshold of the whole grid with fewer trainings', async () => {
    const grid = await run(trials(wide));
    const { results, verdicts, tables, events, exitCode } = await run(searched(trials(wide)), {
      expect: { threshold: 5, modelRank: 5 },
    });
    const { search, sampleSizes, recoveredFrom } = results;
    expect(search).toMatchObject({
      threshold: grid.results.recoveredFrom,
      decided: true,
      confidence: 0.95,
      gridTrainings: 9 * 24,
    });
    expect(search!.threshold).toBe(5);
    expect(recoveredFrom).toBe(5);
    // Predicted size and the one below, none other.
    expect(search!.sizes.map(({ sampleSize, recovered, trials: count }) => [sampleSize, recovered / count])).toEqual([
      [4, 0],
      [5, 1],
    ]);
    expect(search!.trainings).toBe(search!.sizes.reduce((sum, size) => sum + size.trials, 0));
    expect(search!.trainings).toBeLessThan((9 * 24) / 6);
    expect(sampleSizes.map(({ sampleSize, trials: count }) => [sampleSize, count])).toEqual(
      search!.sizes.map(({ sampleSize, trials: count }) => [sampleSize, count]),
    );
    expect(tables.get('search')!.rows).toHaveLength(2);
    expect(tables.get('variants')!.note).toContain(`${search!.trainings} trainings instead of 216.`);
    expect(tables.get('variants')!.note).toContain('95 %');
    expect(tables.has('medians')).toBe(false);
    // A map of one row, whose cells stand for their trials; sizes that were not looked at are blank.
    const maps = events.flatMap((event) => (event.type === 'figure' && event.figure.id === 'phaseDiagram' ? [event.figure] : []));
    expect(maps.at(-1)!.layers[0]).toMatchObject({
      kind: 'heatMap',
      trials: true,
      rowNames: ['all'],
      x: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    });
    const medians = new Map(sampleSizes.map(({ sampleSize, medianTestError }) => [sampleSize, medianTestError]));
    expect(maps.at(-1)!.layers[0]).toMatchObject({
      values: [Array.from({ length: 9 }, (_, i) => medians.get(i + 1) ?? null)],
    });
    expect(medians.size).toBe(2);
    expect(verdicts.map(({ id, result }) => [id, result])).toEqual([
      ['modelRank', 'met'],
      ['threshold', 'met'],
    ]);
    expect(exitCode).toBe(0);
  });

  it('finds a threshold that is not the predicted size, as the grid does', async () => {
    // Too large a start: more entries than the model rank.
    const start = trials(withTraining(wide, { initialization: { kind: 'normal', scale: 0.02 } }));
    const grid = await run(start);
    const { results } = await run(searched(start));
    // A size counts by most of its trials here, by its median there: the same for an odd number of them, and but for ties.
    expect(results.search!.threshold).toBe(grid.results.recoveredFrom);
    expect(results.search!.threshold).toBeGreaterThan(5);
    expect(results.search!.trainings).toBeLessThan(results.search!.gridTrainings);
  });

  it('says that nothing is recovered, and that trials did not suffice', async () => {
    const short = searched(withTraining(wide, { stop: { steps: 1 }, trials: 24 }));
    expect((await run(short)).results.search).toMatchObject({ threshold: null, decided: true });
    const { results, verdicts, exitCode } = await run(searched(withTraining(wide, { trials: 2 })), { expect: { threshold: 5 } });
    expect(results.search).toMatchObject({ threshold: 5, decided: false });
    expect(verdicts[0]).toMatchObject({ id: 'threshold', result: 'inconclusive' });
    expect(exitCode).toBe(1);
  });

  it('is one for every value of what is varied', async () => {
    const vary = { kind: 'scale', values: [1e-4, 1e-6] };
    const together = await variants(searched(trials(wide)), { vary });
    for (const [i, scale] of vary.values.entries()) {
      const alone = await run(searched(withTraining(trials(wide), { initialization: { kind: 'normal', scale } })));
      expect(together[i].search).toEqual(alone.results.search);
      expect(together[i].sampleSizes).toEqual(alone.results.sampleSizes);
    }
  });
});

describe('expectations of a varied experiment', () => {
  it('hold for every value, and those of one value stand instead', async () => {
    const { verdicts, exitCode } = await run(matrix, {
      vary: { kind: 'scale', values: [1e-4, 1] },
      expect: { modelRank: 5, recoveredFrom: 5, variants: [{}, { recoveredFrom: 6, notRecoveredBelow: 5 }] },
    });
    expect(verdicts.map(({ id, result, expected, at }) => [id, result, expected, at.join('.')])).toEqual([
      ['modelRank (initial scale 0.0001)', 'met', 5, 'expect.modelRank'],
      ['recoveredFrom (initial scale 0.0001)', 'met', 5, 'expect.recoveredFrom'],
      ['modelRank (initial scale 1)', 'met', 5, 'expect.modelRank'],
      ['recoveredFrom (initial scale 1)', 'failed', 6, 'expect.variants.1.recoveredFrom'],
      ['notRecoveredBelow (initial scale 1)', 'met', 5, 'expect.variants.1.notRecoveredBelow'],
    ]);
    expect(exitCode).toBe(1);
  });
});
