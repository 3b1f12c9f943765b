import { describe, expect, test } from 'vitest';
import { predict } from '../../../src/engine/theory';
import { validate } from '../../../src/engine/validate';
import { parseExperiment } from '../../../src/experiment';
import type { EngineEvent, OverlapResults, Verdict } from '../../../src/protocol/events';
import { exampleText, runText } from './runFile';

/** Runs a file in this thread. */
async function run(text: string): Promise<{ results: OverlapResults; verdicts: Verdict[]; events: EngineEvent[] }> {
  const { events, finished } = await runText(text);
  if (finished.summary.experiment !== 'overlap') throw new Error(finished.summary.experiment);
  return { results: finished.summary.results, verdicts: finished.summary.verdicts, events };
}

describe('published examples', () => {
  test.each(['overlap-two-point-sigmoid', 'overlap-one-point-softplus', 'overlap-recipe'])(
    '%s meets what it expects',
    async (name) => {
      const { verdicts, events } = await run(exampleText(name));
      expect(verdicts.map(({ result }) => result)).toEqual(verdicts.map(() => 'met'));
      const figures = events.flatMap((event) => (event.type === 'figure' ? [event.figure] : []));
      for (const { layers } of figures) {
        for (const layer of layers) {
          if (layer.kind !== 'line' && layer.kind !== 'points') continue;
          expect(layer.x.length).toBe(layer.y.length);
          expect([...layer.x, ...layer.y].every((value) => value === null || Number.isFinite(value))).toBe(true);
        }
      }
      expect(figures.map(({ id }) => id)).toContain('paths');
    },
  );

  test('the start as the paper rounds it has no overlap, and its limits are those of an independent integration', async () => {
    const { results } = await run(
      '{ "experiment": "overlap", "activation": "sigmoid", "start": { "w": 0.922, "a": 2.868 }, "datasets": [{ "x": 1, "y": 1 }, { "x": 12.307, "y": 1.4 }] }',
    );
    expect(results.twoPoint).toBe(false);
    expect(results.start).toEqual({ w: 0.922, a: 2.868, refined: false });
    // LSODA at 1e-12.
    expect(results.limits[0].a).toBeCloseTo(1.9208445, 7);
    expect(results.residuals[0][1]).toBeCloseTo(9.8522e-3, 7);
    expect(results.residuals[1][0]).toBeCloseTo(1.51102e-3, 7);
    expect(results.candidates).toEqual([]);
  });

  test('a start with all its digits needs no refinement', async () => {
    const { results } = await run(
      '{ "experiment": "overlap", "activation": "sigmoid", "start": { "w": [0.9167320276916], "a": 2.8648862458704 }, "datasets": [{ "x": 1, "y": 1 }, { "x": 12.307, "y": 1.4 }] }',
    );
    expect(results.start.refined).toBe(false);
    expect(results.twoPoint).toBe(true);
    expect(results.pair).toEqual([1, 2]);
    for (const row of results.residuals) for (const residual of row) expect(Math.abs(residual)).toBeLessThan(1e-9);
    expect(results.limits[0].w).toBeCloseTo(0.07998706330032, 9);
  });

  test('the rounded start of the paper, refined', async () => {
    const { results } = await run(
      '{ "experiment": "overlap", "activation": "sigmoid", "start": { "w": 0.922, "a": 2.868, "refine": "always" }, "datasets": [{ "x": 1, "y": 1 }, { "x": 12.307, "y": 1.4 }] }',
    );
    expect(results.start.refined).toBe(true);
    expect(results.start.w).toBeCloseTo(0.91673203, 8);
    expect(results.twoPoint).toBe(true);
  });
});

test('limits wanted of the exponential, in a file', async () => {
  const { results } = await run(
    '{ "experiment": "overlap", "activation": "exp", "start": { "w": [0.5, -0.2], "a": 1.3 }, "datasets": [{ "limit": { "w": [1.1, 0.4], "a": 2 } }] }',
  );
  expect((results.datasets[0].x as number[])[0]).toBeCloseTo(0.519481, 6);
  expect(results.datasets[0].y).toBeCloseTo(4.359546, 6);
  expect(results.limits[0].a).toBeCloseTo(2, 12);
  expect(results.slopes).toEqual([null]);
});

test('what can be said before running: limits, slopes, and why a recipe cannot be made', () => {
  const hint = (text: string) => predict(parseExperiment(text).resolved!).headline;
  expect(hint(exampleText('overlap-one-point-softplus'))).toContain('-2.40785, -1.48728, -1.09488, -0.87857');
  expect(hint(exampleText('overlap-recipe'))).toBe('limits (1.1, 0.4, 2) and (1, -1.2, 1.8)');
  const { problems } = validate(
    '{ "experiment": "overlap", "activation": "exp", "start": { "w": 0.5, "a": 1.3 }, "datasets": [{ "limit": { "w": 1, "a": -1.3 } }] }',
    'test.recovery.json',
  );
  expect(problems[0].message).toContain('same square');
  expect(problems[0].path).toEqual(['datasets', 0, 'limit']);
});

test('a resolved experiment is an experiment', () => {
  for (const name of ['overlap-two-point-sigmoid', 'overlap-one-point-softplus', 'overlap-recipe']) {
    const { resolved } = parseExperiment(exampleText(name));
    expect(parseExperiment(JSON.stringify(resolved)).resolved).toEqual(resolved);
  }
});
