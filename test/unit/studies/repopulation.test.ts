import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import type { EngineEvent, RepopulationResults, Verdict } from '../../../src/protocol/events';
import { eventsOf } from './runFile';

const events = async (text: string, fileName?: string) => (await eventsOf(text, fileName)).events;

function outcome(heard: EngineEvent[]): { results: RepopulationResults; verdicts: Verdict[] } {
  const last = heard[heard.length - 1];
  if (last.type !== 'finished' || last.summary.experiment !== 'repopulation') throw new Error(JSON.stringify(last));
  return { results: last.summary.results, verdicts: last.summary.verdicts };
}

const small = (changes: object = {}) =>
  JSON.stringify({
    experiment: 'repopulation',
    task: { kind: 'function', expression: 'cos(x)', samples: 600, testSamples: 100 },
    network: { widths: [20, 20] },
    training: { epochs: 30, batch: 20, learningRate: 0.01, decays: [0, 0.01, 1] },
    repopulation: { epochs: [10, 20] },
    analysis: { segments: 200, neurons: [3, 10], draws: 5 },
    expect: {
      testError: { below: 0.1 },
      neverRaised: true,
      convexityViolations: 0,
      pathBarrier: { below: 1e-12 },
      distillation: [{ neurons: 10, importance: { above: 0 } }],
    },
    ...changes,
  });

describe('a small experiment', () => {
  test('learns, repopulates, and meets what theory says', async () => {
    const heard = await events(small());
    const { results, verdicts } = outcome(heard);
    expect(verdicts.map(({ id, result }) => `${id} ${result}`)).toEqual([
      'testError met',
      'neverRaised met',
      'convexityViolations met',
      'pathBarrier met',
      'distillation[0].importance met',
    ]);
    expect(results.history.map(({ epoch }) => epoch)).toEqual([0, 10, 20, 30]);
    // The same net until the first repopulation, at the end of epoch 10.
    expect(results.history[0]).toEqual(results.baseline[0]);
    expect(results.history[1]).not.toEqual(results.baseline[1]);
    expect(results.repopulations.map(({ epoch }) => epoch)).toEqual([10, 20]);
    for (const each of results.repopulations) {
      const { before, optimal, gap, variationBefore, variationOptimal, marginalBefore, marginalOptimal } = each;
      expect(optimal).toBeLessThan(before);
      expect(gap).toBeLessThan(1e-6);
      expect(variationOptimal).toBeLessThan(0.2 * variationBefore);
      expect(marginalOptimal).toBeLessThan(0.01 * marginalBefore);
    }
    expect(results.importance.repopulated.length).toBe(20);
    expect(results.path!.raw[0]).toBeCloseTo(results.path!.repopulated[0], 12);
    expect(results.path!.raw[20]).toBeCloseTo(results.path!.repopulated[20], 12);
    const figures = heard.flatMap((event) => (event.type === 'figure' ? [event.figure.id] : []));
    for (const id of ['errors', 'testErrors', 'regularizer', 'importanceVariation', 'importance', 'path', 'distillation'])
      expect(figures).toContain(id);
  });

  test('gives the same numbers again, and others with another seed', async () => {
    const [first, second] = [outcome(await events(small())), outcome(await events(small()))];
    expect(second.results).toEqual(first.results);
    const training = { epochs: 30, batch: 20, learningRate: 0.01, decays: [0, 0.01, 1], seed: 2 };
    expect(outcome(await events(small({ training }))).results.history).not.toEqual(first.results.history);
  });

  test('does without a path, a convexity test and distillation', async () => {
    const analysis = { segments: 0, path: false, neurons: [] };
    const { results, verdicts } = outcome(await events(small({ analysis, expect: { convexityViolations: 0, pathBarrier: 0 } })));
    expect([results.convexity, results.path, results.distillation]).toEqual([null, null, []]);
    expect(verdicts.map(({ result }) => result)).toEqual(['inconclusive', 'inconclusive']);
  });

  test('all layers can be repopulated', async () => {
    const { results } = outcome(
      await events(small({ repopulation: { epochs: [10], layers: 'all', drawing: 'independent' }, expect: {} })),
    );
    expect(results.repopulations[0].optimal).toBeLessThan(results.repopulations[0].before);
  });
});

describe('classes from a file beside the experiment', () => {
  const text = (file: string) =>
    JSON.stringify({
      experiment: 'repopulation',
      task: { kind: 'classes', file },
      network: { widths: [8] },
      training: { epochs: 20, batch: 10, learningRate: 0.02 },
      repopulation: { epochs: [10] },
      analysis: { segments: 20, neurons: [2] },
      expect: { testErrorRate: { below: 0.2 } },
    });

  test('are learnt, and the hash of the file is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recovery-classes-'));
    try {
      // Two classes by the sign of x − y.
      const lines = Array.from({ length: 200 }, (_, i) => {
        const [x, y] = [Math.sin(3 * i), Math.cos(5 * i)];
        return `${x},${y},${x > y ? 1 : 0}`;
      });
      writeFileSync(join(folder, 'data.csv'), `# x, y, class\n${lines.join('\n')}\n`);
      const { results, verdicts } = outcome(await events(text('data.csv'), join(folder, 'test.recovery.json')));
      expect(verdicts.map(({ result }) => result)).toEqual(['met']);
      expect(results.distillationMeasure).toBe('errorRate');
      expect(results.dataHash).toMatch(/^[0-9a-f]{64}$/);
      expect([results.inputs, results.outputs, results.trainSamples, results.testSamples]).toEqual([2, 2, 140, 60]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each(['missing.csv', '../data.csv', join(tmpdir(), 'data.csv')])(
    'a file that is missing or outside fails with words (%#)',
    async (file) => {
      const heard = await events(text(file));
      const last = heard[heard.length - 1];
      expect(last).toMatchObject({ type: 'failed', code: 'invalid-experiment', at: { path: ['task', 'file'] } });
    },
  );
});

test('examples are right, and a resolved experiment is an experiment', () => {
  for (const name of ['repopulation-cosine', 'repopulation-digits']) {
    const parsed = parseExperiment(readFileSync(join(__dirname, `../../../examples/${name}.recovery.json`), 'utf8'));
    expect(parsed.problems).toEqual([]);
    expect(parseExperiment(JSON.stringify(parsed.resolved)).resolved).toEqual(parsed.resolved);
  }
});
