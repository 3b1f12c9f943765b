import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCells } from '../../../src/engine/plan';
import { parseExperiment } from '../../../src/experiment';
import type { ResolvedRecoveryExperiment, ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { placesOf, strongestDirection } from '../../../src/engine/studies/trajectories/neuronPlaces';
import { LiveResults } from '../../../src/engine/studies/liveResults';
import { TracePictures } from '../../../src/engine/studies/trajectories/telling';
import { movingMost, parameterName, type Trace } from '../../../src/engine/studies/trajectories/trace';
import { TracePlan } from '../../../src/engine/studies/trajectories/tracePlan';
import { twoLayer } from '../../../src/engine/models/twoLayer';
import type { CellResult, RecoveryResults } from '../../../src/protocol/events';
import type { FigureHeatMap, FigureLine, FigurePoints, ResultFigure } from '../../../src/protocol/figure';
import { applyEvent, emptyRecord } from '../../../src/protocol/reduce';
import { runText } from './runFile';

async function run(experiment: Record<string, unknown>) {
  const { events } = await runText(JSON.stringify({ experiment: 'recovery', ...experiment }));
  const figures = new Map(events.flatMap((event) => (event.type === 'figure' ? [[event.figure.id, event.figure]] : [])));
  const cells = events.flatMap((event): CellResult[] => (event.type === 'cell' ? [event.cell] : []));
  return { figures, cells, events };
}

const framesOf = (figures: Map<string, ResultFigure>, id: string) => figures.get(id)!.frames!.frames;

describe('parameters over a training', () => {
  it('are those of gradient descent on a quadratic, in closed form', async () => {
    // f = a·x at x = ±1 or so: each step multiplies a − 2 by 1 − 2η·mean(x²).
    const rate = 0.001;
    const { figures, cells } = await run({
      model: { kind: 'formula', inputs: ['x'], parameters: ['a', 'b'], expression: 'a*x + 0*b*x' },
      target: { kind: 'formula', expression: '2*x' },
      data: { sampleSizes: [2], inputs: { kind: 'points', values: [[-1], [3]] }, testSamples: 10 },
      training: {
        optimizer: { kind: 'gradientDescent', learningRate: rate },
        initialization: { kind: 'normal', scale: 0.5 },
        stop: { trainLoss: 1e-20, steps: 100_000 },
        trials: 3,
      },
    });
    const [frame, ...others] = framesOf(figures, 'parameterTrajectories');
    expect(others).toEqual([]);
    expect(frame.name).toBe('n = 2, trial 0');
    const [a, b] = frame.layers as FigureLine[];
    expect([a.label, b.label]).toEqual(['a', 'b']);
    const factor = 1 - 2 * rate * 5;
    const start = (a.y[0]! - 2) / factor;
    a.x.forEach((step, i) => expect(a.y[i]! - 2).toBeCloseTo(start * factor ** step, 9));
    expect(new Set(b.y).size).toBe(1);
    const { steps } = cells.find(({ trial }) => trial === 0)!;
    expect(a.x.at(-1)).toBe(steps);
    // From one step on, closer than a ratio of 1.25 where steps are many.
    expect(a.x.slice(0, 3)).toEqual([1, 2, 3]);
    for (let i = 12; i < a.x.length; i++) expect(a.x[i] / a.x[i - 1]).toBeLessThan(1.25);
  });

  it('are the 24 that moved most where there are more, by the names of the model', async () => {
    const { figures } = await run({
      model: { kind: 'matrixFactorization', rows: 4, columns: 4 },
      target: { kind: 'lowRank', rank: 1, seed: 3 },
      data: { sampleSizes: [1, 7], inputs: { kind: 'entries', order: 'bestConditioned' } },
      training: { trials: 2, stop: { trainLoss: 1e-6, steps: 20_000 } },
    });
    const frames = framesOf(figures, 'parameterTrajectories');
    expect(frames.map(({ cell }) => cell)).toEqual([
      { variant: 0, sampleSize: 1 },
      { variant: 0, sampleSize: 7 },
    ]);
    for (const { layers } of frames) {
      expect(layers).toHaveLength(24);
      for (const layer of layers) expect((layer as FigureLine).label).toMatch(/^[AB]\[[1-4],[1-4]\]$/);
    }
    expect(figures.get('parameterTrajectories')!.caption).toMatch(/^The 24 that moved most\./);
    expect(figures.has('condensation')).toBe(false);
  });

  it('are against the time of a gradient flow', async () => {
    const { figures } = await run({
      model: { kind: 'formula', inputs: ['x'], parameters: ['a'], expression: 'a*x' },
      target: { kind: 'formula', expression: '2*x' },
      data: { sampleSizes: [1], inputs: { kind: 'points', values: [[1]] }, testSamples: 10 },
      training: {
        optimizer: { kind: 'gradientFlow', relativeTolerance: 1e-10, absoluteTolerance: 1e-12 },
        initialization: { kind: 'normal', scale: 0.5 },
        stop: { trainLoss: 1e-14, steps: 10_000 },
        trials: 1,
      },
    });
    const figure = figures.get('parameterTrajectories')!;
    expect(figure.x.title).toBe('time');
    const [{ x, y }] = figure.frames!.frames[0].layers as FigureLine[];
    // a − 2 falls as e^(−2t).
    const start = (y[0]! - 2) * Math.exp(2 * x[0]);
    x.forEach((time, i) => expect(y[i]! - 2).toBeCloseTo(start * Math.exp(-2 * time), 7));
  });

  it('are told for a few cells, and the same with whatever varies', async () => {
    const vary = { kind: 'width', values: [2, 3] };
    const { figures } = await run({
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 2, hiddenBias: true },
      target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [2], bias: 0.5 }] },
      vary,
      data: { sampleSizes: [2, 4], inputs: { kind: 'uniform', low: -2, high: 2 }, testSamples: 50 },
      training: { trials: 2, stop: { steps: 100 } },
    });
    const frames = framesOf(figures, 'parameterTrajectories');
    expect(frames.map(({ name }) => name)).toEqual([
      'width 2, n = 2, trial 0',
      'width 2, n = 4, trial 0',
      'width 3, n = 2, trial 0',
      'width 3, n = 4, trial 0',
    ]);
    expect(frames[3].layers.map((layer) => (layer as FigureLine).label)).toEqual([
      ...['a[1]', 'a[2]', 'a[3]', 'w[1,1]', 'w[2,1]', 'w[3,1]', 'b[1]', 'b[2]', 'b[3]'],
    ]);
  });

  it('are told while others train, and are the same at the end whichever was faster', () => {
    const experiment = parseExperiment(
      JSON.stringify({
        experiment: 'recovery',
        model: { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 2 },
        target: { kind: 'teacher', width: 1, seed: 1 },
        vary: { kind: 'width', values: [2, 3] },
        data: { sampleSizes: [2, 4] },
      }),
    ).resolved as ResolvedRecoveryExperiment;
    const trace = (place: number): Trace => ({ steps: [0, 1, 2], parameters: [{ name: 'a[1]', values: [0, place, place] }] });
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.array(fc.nat(3)), (order, between) => {
        const record = emptyRecord({ id: '', fileName: '', startedAt: 0 });
        const live = new LiveResults((event) => applyEvent(record, event));
        const pictures = new TracePictures(experiment);
        const frames = () => record.figures.find(({ id }) => id === 'parameterTrajectories')?.frames?.frames ?? [];
        const told = order.map((place, i) => {
          pictures.add(live, place >> 1, place & 1, trace(place));
          // Trainings that are not followed.
          for (const other of between) pictures.add(live, other >> 1, other & 1, undefined);
          live.tell();
          // What comes later than the first training stands before it all the same.
          if (i === 0) applyEvent(record, { type: 'figure', figure: { ...record.figures[0], id: 'recoveredFunction' } });
          return frames().length;
        });
        expect(told).toEqual([1, 2, 2, 4]);
        expect(record.figures.map(({ id }) => id)).toEqual(['recoveredFunction', 'parameterTrajectories']);
        expect(frames().map(({ layers }) => (layers[0] as FigureLine).y[0])).toEqual([0, 1, 2, 3]);
      }),
    );
  });

  it('are in a search those of the first trainings on both sides of the threshold, as are the pictures of what was recovered', async () => {
    const { figures, events } = await run({
      model: { kind: 'matrixFactorization', rows: 3, columns: 3 },
      target: { kind: 'lowRank', rank: 1, seed: 3 },
      vary: {
        kind: 'target',
        values: [1, 2].map((rank) => ({ name: `rank ${rank}`, target: { kind: 'lowRank', rank, seed: 3 } })),
      },
      data: { sampleSizes: { from: 1, to: 9 }, search: {}, inputs: { kind: 'entries', order: 'bestConditioned' } },
      training: { trials: 50, stop: { trainLoss: 1e-9, steps: 50_000 } },
    });
    const finished = events.find((event) => event.type === 'finished')!;
    const { variants } = finished.summary!.results as RecoveryResults;
    const sides = variants!.flatMap(({ search }, variant) => [
      { variant, sampleSize: search!.threshold! - 1 },
      { variant, sampleSize: search!.threshold! },
    ]);
    // The model ranks r·(m + n − r) of matrices of ranks 1 and 2.
    expect(sides.map(({ sampleSize }) => sampleSize)).toEqual([4, 5, 7, 8]);
    // What the search is about stands first.
    expect([...figures.keys()].slice(0, 2)).toEqual(['phaseDiagram', 'medians']);
    for (const id of ['parameterTrajectories', 'recoveredMatrix', 'targetMatrix'])
      expect(framesOf(figures, id).map(({ cell }) => cell)).toEqual(sides);
    const trials = framesOf(figures, 'parameterTrajectories').map(({ name }) => name);
    expect(trials).toEqual([
      'rank 1, n = 4, trial 0',
      'rank 1, n = 5, trial 0',
      'rank 2, n = 7, trial 0',
      'rank 2, n = 8, trial 0',
    ]);
    const [recovered, target] = ['recoveredMatrix', 'targetMatrix'].map((id) =>
      framesOf(figures, id).map(({ layers }) => (layers[0] as FigureHeatMap).values.flat() as number[]),
    );
    const away = recovered.map((values, i) => Math.max(...values.map((value, k) => Math.abs(value - target[i][k]))));
    expect(away[1]).toBeLessThan(1e-3);
    expect(away[3]).toBeLessThan(1e-3);
    expect(Math.min(away[0], away[2])).toBeGreaterThan(0.01);
  });

  it('are of few cells of a large grid, and in a search of all trainings with the first starting point', () => {
    const resolve = (to: number, rest: object): ResolvedRecoveryExperiment =>
      parseExperiment(
        JSON.stringify({
          experiment: 'recovery',
          model: { kind: 'matrixFactorization', rows: 20, columns: 20 },
          target: { kind: 'lowRank', rank: 1, seed: 3 },
          data: { sampleSizes: { from: 1, to }, inputs: { kind: 'entries', order: 'random' }, ...rest },
          training: { trials: 3 },
        }),
      ).resolved as ResolvedRecoveryExperiment;
    const large = resolve(400, {});
    const plan = new TracePlan(large);
    const followed = planCells(large).filter((key) => plan.has(0, key));
    expect(followed.length).toBeGreaterThan(2);
    expect(followed.length).toBeLessThanOrEqual(4);
    expect(followed.every(({ trial }) => trial === 0)).toBe(true);
    const searched = resolve(20, { search: { confidence: 0.9 } });
    for (const key of planCells(searched)) expect(new TracePlan(searched).has(0, key)).toBe(key.trial === 0);
  });
});

describe('which parameters are shown', () => {
  it('are those of largest range, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, min: -5, max: 5 }), { minLength: 1, maxLength: 60 }), (moves) => {
        const places = moves.map((_, i) => i);
        const shown = movingMost({ places, points: [new Float64Array(moves.length), Float64Array.from(moves)] });
        expect(shown).toEqual([...shown].sort((a, b) => a - b));
        expect(shown).toHaveLength(Math.min(24, moves.length));
        const least = Math.min(...shown.map((at) => Math.abs(moves[at])));
        for (const at of places) if (!shown.includes(at)) expect(Math.abs(moves[at])).toBeLessThanOrEqual(least);
      }),
    );
  });

  it('have the names of their blocks', () => {
    const { layout, parameterCount } = twoLayer({
      kind: 'twoLayer',
      activation: 'tanh',
      inputs: 2,
      width: 2,
      hiddenBias: true,
      outputBias: true,
    });
    expect(Array.from({ length: parameterCount }, (_, i) => parameterName(layout, i))).toEqual([
      ...['a[1]', 'a[2]', 'w[1,1]', 'w[1,2]', 'w[2,1]', 'w[2,2]', 'b[1]', 'b[2]', 'c'],
    ]);
  });
});

describe('condensation of a solution', () => {
  it('has every neuron of the solution, which is near the target where that is recovered', async () => {
    const { figures, cells } = await run({
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 3 },
      target: { kind: 'teacher', neurons: [{ outputWeight: -1, inputWeights: [-2] }] },
      data: { sampleSizes: [8], inputs: { kind: 'uniform', low: -2, high: 2 }, testSamples: 100 },
      training: {
        optimizer: { kind: 'adam', learningRate: 0.01 },
        initialization: { kind: 'normal', scale: 0.01 },
        stop: { trainLoss: 1e-14, steps: 60_000 },
        trials: 2,
        seed: 3,
      },
    });
    expect(cells.find(({ trial }) => trial === 0)!.testError).toBeLessThan(1e-8);
    const figure = figures.get('condensation')!;
    expect([figure.x.title, figure.y.title]).toEqual(['input weight w', 'output weight a']);
    const [start, target, solution] = figure.frames!.frames[0].layers as FigurePoints[];
    expect([start.label, target.label, solution.label]).toEqual(['start', 'target', 'solution']);
    // −tanh(−2x) = tanh(2x).
    expect([target.x, target.y]).toEqual([[2], [1]]);
    expect(start.x).toHaveLength(3);
    expect(Math.max(...start.y.map(Math.abs))).toBeLessThan(0.1);
    // The same neurons as at the end of their paths, up to both signs.
    const lines = framesOf(figures, 'parameterTrajectories')[0].layers as FigureLine[];
    const last = new Map(lines.map(({ label, y }) => [label, y.at(-1)!]));
    for (let k = 0; k < 3; k++) {
      const [a, w] = [last.get(`a[${k + 1}]`)!, last.get(`w[${k + 1},1]`)!];
      expect([solution.x[k], solution.y[k]]).toEqual(w < 0 ? [-w, -a] : [w, a]);
    }
    // The function at x = 1 is that of the target: by its neurons as they are drawn.
    const value = ({ x, y }: FigurePoints) => x.reduce((sum, w, k) => sum + y[k] * Math.tanh(w), 0);
    expect(value(solution)).toBeCloseTo(value(target), 3);
  });

  const network = (activation: 'tanh' | 'relu', inputs: number, hiddenBias: boolean): ResolvedTwoLayer => ({
    kind: 'twoLayer',
    activation,
    inputs,
    width: 3,
    hiddenBias,
    outputBias: false,
  });
  const number = fc.double({ min: -3, max: 3, noNaN: true }).filter((value) => Math.abs(value) > 1e-6);

  it('places a neuron by the direction and length of its numbers, once for both signs', () => {
    fc.assert(
      fc.property(number, number, number, fc.boolean(), (outputWeight, w, bias, odd) => {
        const model = network(odd ? 'tanh' : 'relu', 1, true);
        const places = placesOf(model, [{ outputWeight, inputWeights: [w], bias }], null);
        const [x, y] = [places.x[0], places.y[0]];
        expect(y).toBeCloseTo(Math.abs(outputWeight) * Math.hypot(w, bias), 10);
        // (cos x, sin x) is the direction, or the opposite one.
        const cosine = (Math.cos(x) * w + Math.sin(x) * bias) / Math.hypot(w, bias);
        expect(odd ? Math.abs(cosine) : cosine).toBeCloseTo(1, 10);
        if (odd) expect(Math.abs(x)).toBeLessThanOrEqual(Math.PI / 2);
        const turned = placesOf(model, [{ outputWeight: -outputWeight, inputWeights: [-w], bias: -bias }], null);
        if (odd && Math.abs(w) > 1e-3) expect([turned.x[0], turned.y[0]]).toEqual([expect.closeTo(x, 10), expect.closeTo(y, 10)]);
      }),
    );
  });

  it('takes the angle to the strongest neuron where they have more than two numbers', () => {
    const model = network('relu', 3, false);
    const strong = { outputWeight: 2, inputWeights: [0, 3, 0], bias: 0 };
    const neurons = [
      { outputWeight: 1, inputWeights: [0, 1, 1], bias: 0 },
      strong,
      { outputWeight: 1, inputWeights: [0, -1, 0], bias: 0 },
    ];
    expect(strongestDirection(model, neurons)).toEqual([0, 3, 0]);
    const { x, y } = placesOf(model, neurons, [0, 3, 0]);
    expect(x).toEqual([expect.closeTo(Math.PI / 4, 12), expect.closeTo(0, 7), expect.closeTo(Math.PI, 12)]);
    expect(y).toEqual([expect.closeTo(Math.SQRT2, 12), 6, 1]);
    expect(placesOf(network('tanh', 3, false), [neurons[2]], [0, 3, 0]).x[0]).toBeCloseTo(0, 7);
    expect(strongestDirection(model, [{ outputWeight: 0, inputWeights: [1, 0, 0], bias: 0 }])).toBeNull();
  });
});
