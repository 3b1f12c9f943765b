import { describe, expect, it } from 'vitest';
import type { FinishedEvent } from '../../../../src/protocol/events';
import type { GeometryResults } from '../../../../src/protocol/results/geometry';
import { exampleText, runText } from '../runFile';

const resultsOf = ({ finished }: { finished: FinishedEvent }): GeometryResults => finished.summary.results as GeometryResults;

const TWO_NEURONS = {
  experiment: 'geometry',
  model: { kind: 'twoLayer', activation: 'exp', inputs: 2, width: 2 },
  target: { kind: 'teacher', neurons: [{ outputWeight: 1.2, inputWeights: [0.6, -0.8] }] },
};

describe('the geometry study', () => {
  it.each([
    'geometry-branches-2-1',
    'geometry-branches-3-1',
    'geometry-branches-3-2',
    'geometry-ten-neurons',
    'geometry-two-neurons-exp',
    'geometry-tanh-companion',
  ])('meets every expectation of %s', async (name) => {
    const { exitCode, finished } = await runText(exampleText(name));
    expect(finished.summary.verdicts.filter(({ result }) => result !== 'met')).toEqual([]);
    expect(finished.summary.verdicts.length).toBeGreaterThan(5);
    expect(exitCode).toBe(0);
  });

  it('finds the errors of the published separation table within its orders', async () => {
    // Median generalisation errors of theory.md 5.6 (ε = 1e-2 and 1e-3), recorded from `separation.py` and `sep3.py`, 40 and 16 sets.
    const published: [number[], number[], Record<number, [number, number]>][] = [
      [[3], [], { 3: [4e-4, 4e-6] }],
      [[2], [1], { 2: [5e-2, 5e-3], 4: [2e-4, 2e-6], 5: [3e-5, 1e-6] }],
      [[1], [2], { 3: [5e-2, 5e-3], 4: [2e-2, 2e-3], 5: [9e-3, 9e-4] }],
      [[1], [1, 1], { 2: [5e-2, 5e-3], 3: [4e-2, 4e-3], 4: [8e-3, 8e-4] }],
    ];
    const file = { ...TWO_NEURONS, model: { ...TWO_NEURONS.model, width: 3 }, analysis: { ranks: false, separation: {} } };
    const { separation } = resultsOf(await runText(JSON.stringify({ ...file, data: { sampleSizes: { from: 2, to: 6 } } })));
    for (const [targetBlocks, extraBlocks, errors] of published) {
      const name = `(${targetBlocks})${extraBlocks.length > 0 ? ` | (${extraBlocks})` : ''}`;
      for (const [n, expected] of Object.entries(errors)) {
        const test = separation.find(({ branch, sampleSize }) => branch === name && sampleSize === Number(n))!;
        expected.forEach((error, e) => {
          const ratio = test.epsilons[e]!.median! / error;
          expect(ratio, `${name}, n = ${n}`).toBeGreaterThan(1 / 12);
          expect(ratio, `${name}, n = ${n}`).toBeLessThan(12);
        });
      }
      for (const test of separation.filter(({ branch, predicted }) => branch === name && predicted === 'separated'))
        expect(test.epsilons.every(({ median }) => median !== null && median < 1e-9)).toBe(true);
    }
  });

  it('finds the same thresholds for tanh: 5 where both neurons are condensed, 4 where one has no output weight', async () => {
    const model = { ...TWO_NEURONS.model, activation: 'tanh' };
    const analysis = { separation: { trials: 12 } };
    const file = { ...TWO_NEURONS, model, analysis, data: { sampleSizes: { from: 3, to: 6 } } };
    const { branches } = resultsOf(await runText(JSON.stringify(file)));
    const [condensed, single] = [branches.find(({ name }) => name === '(2)'), branches.find(({ name }) => name === '(1) | (1)')];
    expect(condensed).toMatchObject({ threshold: 5, rank: 3, numericRank: 3, separatedFrom: 5 });
    expect(single).toMatchObject({ threshold: 4, rank: 4, numericRank: 4, separatedFrom: 4 });
  });

  it('sees linear rates at Morse–Bott branches, and elsewhere algebraic ones in the kernel of the Hessian', async () => {
    const text = JSON.stringify({ ...TWO_NEURONS, analysis: { ranks: false, decay: { trials: 4 } } });
    const { decay } = resultsOf(await runText(text));
    expect(decay.map(({ branch, sampleSize }) => [branch, sampleSize])).toEqual([
      ...Array.from({ length: 4 }, () => ['(2)', 5]),
      ...Array.from({ length: 4 }, () => ['(1) | (1)', 4]),
    ]);
    for (const flow of decay) {
      expect(flow.generalizationError).toBeLessThan(1e-8);
      if (flow.branch === '(2)') {
        expect(flow.kind).toBe('algebraic');
        // Loss ~ t^(−2), distance ~ t^(−1/2), and what lies in the range of the Hessian is of second order (Thm 5.3).
        expect(flow.exponent).toBeCloseTo(2, 1);
        expect(flow.normalExponent).toBeCloseTo(0.5, 1);
        const order = flow.normalRange / (flow.normalKernel * flow.normalKernel);
        expect(order).toBeGreaterThan(1e-3);
        expect(order).toBeLessThan(100);
      } else {
        expect(flow.kind).toBe('linear');
        expect(flow.rate).toBeGreaterThan(0);
        // There is no direction normal to the branch outside of the range.
        expect(flow.normalKernel).toBeLessThan(1e-10 * flow.normalRange + 1e-14);
      }
    }
  });

  it('depends on nothing but the file', async () => {
    const text = JSON.stringify({ ...TWO_NEURONS, analysis: { separation: { trials: 3 }, decay: { trials: 1 } } });
    const [first, second] = [resultsOf(await runText(text)), resultsOf(await runText(text))];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    const other = resultsOf(await runText(JSON.stringify({ ...JSON.parse(text), seed: 2 })));
    expect(other.separation).not.toEqual(first.separation);
    expect(other.branches.map(({ rank }) => rank)).toEqual(first.branches.map(({ rank }) => rank));
  });

  it('tells tables and figures', async () => {
    const file = {
      ...TWO_NEURONS,
      points: [{ parameters: [0.5, 0.7, 0.6, -0.8, 0.6, -0.8] }],
      data: { sampleSizes: [3, 4] },
      analysis: { separation: { trials: 2 }, separatedFraction: { trials: 2 }, decay: { trials: 1 } },
    };
    const { events } = await runText(JSON.stringify(file));
    const tables = new Set(events.flatMap((event) => (event.type === 'table' ? [event.table.id] : [])));
    expect([...tables].sort()).toEqual(['branches', 'decay', 'points', 'separation']);
    const figures = new Set(events.flatMap((event) => (event.type === 'figure' ? [event.figure.id] : [])));
    expect([...figures].sort()).toEqual(['axis', 'decay', 'epsilon', 'fractions', 'lattice', 'separation']);
    const lattice = events.flatMap((event) =>
      event.type === 'figure' && event.figure.id === 'lattice' ? [event.figure] : [],
    )[0]!;
    const [graph] = lattice.layers;
    expect(graph).toMatchObject({ kind: 'graph', edges: [['1', '0']] });
  });

  it('fails what does not come out, and leaves open what is not there', async () => {
    const expectations = {
      totalBranches: 4,
      branches: [
        { targetBlocks: [2], rank: 4, morseBott: true },
        { targetBlocks: [1], extraBlocks: [2], rank: 3 },
      ],
    };
    const { exitCode, finished } = await runText(JSON.stringify({ ...TWO_NEURONS, expect: expectations }));
    expect(exitCode).toBe(1);
    expect(finished.summary.verdicts.map(({ id, result }) => [id, result])).toEqual([
      ['totalBranches', 'failed'],
      ['branches[0].rank', 'failed'],
      ['branches[0].morseBott', 'failed'],
      ['branches[1].rank', 'inconclusive'],
    ]);
  });

  it('counts small starts that recover as "Disentangle sample size and initialization effect" does', async () => {
    const file = {
      ...TWO_NEURONS,
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 2, hiddenBias: true },
      target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [1], bias: 1 }] },
      data: { sampleSizes: [2, 3] },
      imbalance: { dataSets: 2, ratios: { count: 6 } },
      expect: {
        imbalance: [
          {
            sampleSize: 3,
            dataSetsBetween: { above: 0 },
            scales: [
              { scale: 1e-8, medianError: { above: 1e-8 } },
              { scale: 1, medianError: { above: 1e-8 } },
            ],
          },
        ],
      },
    };
    const heard = await runText(JSON.stringify(file));
    expect(heard.finished.summary.verdicts.map(({ id, result }) => [id, result])).toEqual([
      ['imbalance[0].dataSetsBetween', 'failed'],
      ['imbalance[0].scales[0].medianError', 'met'],
      ['imbalance[0].scales[1].medianError', 'inconclusive'],
    ]);
    const { imbalance } = resultsOf(heard);
    expect(imbalance.map(({ dataSetsBetween }) => dataSetsBetween)).toEqual([0, 0]);
    expect(
      imbalance.map(({ sampleSize, recoveredBetween, recoveredAtEnds }) => [sampleSize, recoveredBetween, recoveredAtEnds]),
    ).toEqual([
      [2, 0, false],
      [3, 0, true],
    ]);
  });
});
