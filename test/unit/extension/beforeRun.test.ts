import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isQuick } from '../../../src/engine/theory';
import { cellCount } from '../../../src/engine/plan';
import { parseExperiment, TEMPLATES, withProperty, type ExperimentKindName } from '../../../src/experiment';
import { exampleSummary } from '../../../src/extension/experiments/exampleSummary';
import { expectationCandidates } from '../../../src/extension/experiments/expectationCandidates';
import type { ExperimentAnalysis } from '../../../src/extension/experiments/experimentDocument';
import { byLine, expectationStates } from '../../../src/extension/experiments/expectationStates';
import { factsOf, predictionPath } from '../../../src/extension/experiments/facts';
import { withPaperLinks } from '../../../src/extension/experiments/paperLinks';
import { sampleSizesFrom } from '../../../src/extension/experiments/sampleSizesAtPrediction';
import { TrainingTimes, type Memory } from '../../../src/extension/runs/trainingTimes';
import { askTheory } from '../../../src/extension/theory/theoryAnswer';
import type { Summary, Verdict } from '../../../src/protocol/events';
import { emptyRecord } from '../../../src/protocol/reduce';

const folder = path.resolve(import.meta.dirname, '../../../examples');
const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.recovery.json'))
  .map((file) => ({ file, text: readFileSync(path.join(folder, file), 'utf8') }));

function analyse(text: string): ExperimentAnalysis {
  const parsed = parseExperiment(text);
  const prediction = parsed.resolved && askTheory(parsed.resolved).prediction;
  return { text, parsed, inexpressible: [], prediction, isPending: false };
}

function recovery(text: string = TEMPLATES.recovery) {
  const { resolved } = parseExperiment(text);
  if (resolved?.experiment !== 'recovery') throw new Error('no recovery experiment');
  return resolved;
}

describe('what the theory says while a person types', () => {
  test.each(examples)('$file is among what is known at once', ({ text }) => {
    expect(isQuick(parseExperiment(text).resolved!)).toBe(true);
  });

  test('goes to a thread for long formulas and many branches', () => {
    const formula = (count: number) => ({
      experiment: 'rank',
      model: {
        kind: 'formula',
        parameters: Array.from({ length: count }, (_, i) => `a${i}`),
        inputs: ['x'],
        expression: Array.from({ length: count }, (_, i) => `a${i}*x^${i}`).join(' + '),
      },
      target: { kind: 'formula', expression: 'x' },
    });
    const geometry = (width: number) => ({
      experiment: 'geometry',
      model: { kind: 'twoLayer', activation: 'exp', inputs: 2, width },
      target: { kind: 'teacher', width: 3, seed: 1 },
    });
    const quick = (file: object) => isQuick(parseExperiment(JSON.stringify(file)).resolved!);
    expect([formula(4), formula(12), geometry(6), geometry(20)].map(quick)).toEqual([true, false, true, false]);
  });
});

describe('facts before a run', () => {
  test.each(examples)('of $file stand at values that it has, once each', ({ text }) => {
    const analysis = analyse(text);
    const facts = factsOf(analysis);
    for (const { path: at } of facts) expect(analysis.parsed.has(at)).toBe(true);
    expect(new Set(facts.map(({ kind }) => kind)).size).toBe(facts.length);
    expect(analysis.parsed.has(predictionPath(analysis))).toBe(true);
  });

  test('count the trainings that the engine plans', () => {
    for (const { text } of examples) {
      const analysis = analyse(text);
      for (const fact of factsOf(analysis))
        if (fact.kind === 'trainings') expect(fact.trainings).toBe(cellCount(analysis.parsed.resolved!));
    }
  });

  test('range over what is varied', () => {
    const text = examples.find(({ file }) => file.startsWith('phase-diagram'))!.text;
    // Ranks 1 to 4 of 4×4 matrices: r(4 + 4 − r).
    expect(factsOf(analyse(text))).toContainEqual(
      expect.objectContaining({ kind: 'sampleSize', smallest: 7, largest: 16, exact: true }),
    );
  });

  test('are none in a file with errors', () => {
    expect(factsOf(analyse(TEMPLATES.recovery.replace('"rank": 1', '"rank": 9')))).toEqual([]);
  });
});

describe('times of trainings', () => {
  const memory = (): Memory => {
    const kept = new Map<string, unknown>();
    return {
      get: <T>(key: string, byDefault: T) => (kept.get(key) as T | undefined) ?? byDefault,
      update: (key, value) => Promise.resolve(void kept.set(key, structuredClone(value))),
    };
  };
  const record = (text: string, progress: { done: number; steps: number; elapsedMs: number }) => {
    const made = emptyRecord({ id: '1', fileName: 'a', startedAt: 0 });
    made.accepted = { config: recovery(text) } as typeof made.accepted;
    made.progress = { total: 1000, remainingMs: null, ...progress };
    return made;
  };
  const withTrials = (trials: number) => withProperty(TEMPLATES.recovery, ['training', 'trials'], trials);

  test('are not known before anything ran', () => {
    expect(new TrainingTimes(memory()).estimate(recovery(), 90)).toBeUndefined();
  });

  test('are those of the same trainings, whatever their number', async () => {
    const times = new TrainingTimes(memory());
    await times.learn(record(withTrials(5), { done: 40, steps: 4e5, elapsedMs: 800 }));
    expect(times.estimate(recovery(withTrials(50)), 450)).toEqual({ milliseconds: 9000, isMost: false });
  });

  test('are at most those of all steps for others of the same model', async () => {
    const times = new TrainingTimes(memory());
    await times.learn(record(TEMPLATES.recovery, { done: 40, steps: 4e5, elapsedMs: 800 }));
    const other = recovery(withProperty(TEMPLATES.recovery, ['training', 'stop', 'steps'], 1000));
    // 90 trainings of 1000 steps at 500 steps a millisecond.
    expect(times.estimate(other, 90)).toEqual({ milliseconds: 180, isMost: true });
    const wider = recovery(withProperty(TEMPLATES.recovery, ['model', 'rows'], 5));
    expect(times.estimate(wider, 90)).toBeUndefined();
  });

  test('learn nothing from runs without trainings or too short to tell', async () => {
    const times = new TrainingTimes(memory());
    await times.learn(record(TEMPLATES.recovery, { done: 0, steps: 0, elapsedMs: 800 }));
    await times.learn(record(TEMPLATES.recovery, { done: 2, steps: 10, elapsedMs: 3 }));
    expect(times.estimate(recovery(), 90)).toBeUndefined();
  });
});

describe('expectations that a file could have', () => {
  const candidates = (text: string, summary?: Summary) => {
    const { parsed, prediction } = analyse(text);
    return expectationCandidates(text, parsed.file!, prediction, summary).map(
      ({ path: at, value, source }) => `${at.slice(1).join('.')} ${value} ${source}`,
    );
  };
  const without = (kind: ExperimentKindName) => withProperty(TEMPLATES[kind], ['expect'], undefined);

  test('are the prediction before a run', () => {
    expect(candidates(without('recovery'))).toEqual(['modelRank 7 predicted', 'recoveredFrom 7 predicted']);
    expect(candidates(without('rank'))).toEqual(['modelRank 4 predicted', 'linearlyStableFrom 4 predicted']);
    expect(candidates(without('geometry'))).toEqual([
      'thresholds.optimistic 3 predicted',
      'thresholds.firstSeparated 4 predicted',
      'thresholds.lastSeparated 5 predicted',
      'thresholds.everything 7 predicted',
    ]);
  });

  test('are results once there are some, where they may be expected', () => {
    const results = { modelRank: 7, recoveredFrom: 8, linearlyStableFrom: null, sampleSizes: [] };
    const summary = { experiment: 'recovery', results } as unknown as Summary;
    expect(candidates(without('recovery'), summary)).toEqual(['modelRank 7 measured', 'recoveredFrom 8 measured']);
    // 40 is no sample size of the grid.
    const outside = { experiment: 'recovery', results: { recoveredFrom: 40 } } as unknown as Summary;
    expect(candidates(TEMPLATES.recovery, outside)).toEqual([]);
  });

  test('are not those that the file has, nor upper bounds', () => {
    expect(candidates(TEMPLATES.recovery)).toEqual([]);
    const relu = withProperty(without('rank'), ['model', 'activation'], 'relu');
    expect(analyse(relu).prediction?.exact).not.toBe(true);
    expect(candidates(relu)).toEqual([]);
  });
});

describe('sample sizes from the prediction on', () => {
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: 40 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
    fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 })).map(([from, more]) => ({ from, to: from + more })),
  );

  test('begin there and lose nothing above', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 40 }), (written, size) => {
        const text = (value: unknown) =>
          withProperty(withProperty(TEMPLATES.recovery, ['expect'], undefined), ['data', 'sampleSizes'], value);
        const before = recovery(
          withProperty(withProperty(text(written), ['data', 'inputs'], undefined), ['model'], {
            kind: 'matrixFactorization',
            rows: 9,
            columns: 9,
          }),
        ).data.sampleSizes;
        const { file } = parseExperiment(text(written));
        const changed = file && sampleSizesFrom(file, size);
        if (changed === undefined) return void (file && expect(Math.min(...before)).toBe(size));
        const { from, to, step } =
          typeof changed === 'object' && !Array.isArray(changed) ? changed : { from: 0, to: -1, step: 1 };
        const range = Array.from(
          { length: Math.max(0, Math.floor((to - from) / (step ?? 1)) + 1) },
          (_, i) => from + i * (step ?? 1),
        );
        const after = typeof changed === 'number' ? [changed] : Array.isArray(changed) ? changed : range;
        expect(Math.min(...after)).toBe(size);
        if (typeof written !== 'number') expect(after).toEqual(expect.arrayContaining(before.filter((each) => each > size)));
      }),
    );
  });
});

describe('states of expectations', () => {
  const verdict = (id: string, at: (string | number)[]): Verdict => ({
    id,
    result: 'met',
    value: 7,
    expected: 7,
    reasons: [],
    at,
  });

  test('are verdicts where there are some, in the order of the text', () => {
    const analysis = analyse(TEMPLATES.recovery);
    const judged = { text: TEMPLATES.recovery, verdicts: [verdict('recoveredFrom', ['expect', 'recoveredFrom'])] };
    const states = expectationStates(analysis, judged);
    expect(states.map(({ id, verdict: of }) => [id, of?.result])).toEqual([
      ['modelRank', undefined],
      ['recoveredFrom', 'met'],
    ]);
    expect([...byLine(states, analysis).values()].map((onLine) => onLine.length)).toEqual([2]);
  });

  test('are stale when the text is another, and gone with their expectation', () => {
    const judged = {
      text: 'before',
      verdicts: [verdict('modelRank', ['expect', 'modelRank']), verdict('threshold', ['expect', 'threshold'])],
    };
    const states = expectationStates(analyse(TEMPLATES.recovery), judged);
    expect(states.map(({ id, isStale }) => [id, isStale])).toEqual([
      ['modelRank', true],
      ['recoveredFrom', false],
    ]);
  });
});

describe('examples of the gallery', () => {
  test.each(examples)('$file has a title, its kind, and data files that are there', ({ text }) => {
    const summary = exampleSummary(text)!;
    expect(summary.title.length).toBeGreaterThan(5);
    for (const file of summary.dataFiles) expect(readFileSync(path.join(folder, file)).length).toBeGreaterThan(0);
  });

  test('name paper and figure', () => {
    const of = (name: string) => exampleSummary(examples.find(({ file }) => file === `${name}.recovery.json`)!.text);
    expect(of('matrix-completion')).toMatchObject({ kind: 'recovery', paper: '2211.11623', place: 'Fig. 2' });
    expect(of('rank-stratification-tanh')).toMatchObject({ paper: '2211.11623', place: 'Table 2' });
    expect(of('overlap-recipe')).toMatchObject({ paper: '2201.12198', place: 'Theorem 6.1' });
    expect(of('repopulation-digits')?.dataFiles).toEqual(['data/digits.csv']);
    expect(of('quick-start')?.paper).toBeUndefined();
  });
});

test('sources in Markdown link their papers and are taken literally otherwise', () => {
  expect(withPaperLinks('"Optimistic estimate" (arXiv 2307.08921): a_b *c*')).toBe(
    '"Optimistic estimate" \\([arXiv 2307.08921](https://arxiv.org/abs/2307.08921)\\): a\\_b \\*c\\*',
  );
});
