import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseExperiment, variantsOf } from '../../../src/experiment';
import { cellText } from '../../../src/extension/experiments/cellText';

const TEXT = `// about
{
  "experiment": "recovery",
  "model": { "kind": "matrixFactorization", "rows": 4, "columns": 4 }, // the model
  "target": { "kind": "lowRank", "rank": 1 },
  "data": { "sampleSizes": { "from": 1, "to": 16 } },
  "expect": { "recoveredFrom": 7, "medianTestError": { "sampleSize": 6, "above": 0.1 } }
}
`;

test('one cell is the same experiment with one sample size, the trials asked for and nothing to judge', () => {
  const whole = parseExperiment(TEXT).resolved;
  const { resolved, problems } = parseExperiment(cellText(TEXT, { sampleSize: 7, trials: 3 }));
  expect(problems).toEqual([]);
  if (whole?.experiment !== 'recovery' || resolved?.experiment !== 'recovery') throw new Error('not read');
  expect(resolved).toEqual({
    ...whole,
    data: { ...whole.data, sampleSizes: [7] },
    training: { ...whole.training, trials: 3 },
    expect: {},
  });
});

test('comments stay', () => {
  expect(cellText(TEXT, { sampleSize: 7, trials: 3 })).toMatch(/^\/\/ about\n[\s\S]*\/\/ the model\n/);
});

const VARIES = {
  width: [2, 5],
  scale: [0.1, 1e-3],
  learningRate: [0.1, 0.01],
  dropout: [0, 0.25],
  target: [{ target: { kind: 'lowRank', rank: 2 } }, { name: 'given', target: { kind: 'lowRank', rank: 3, seed: 4 } }],
  model: [
    { model: { kind: 'matrixFactorization', rows: 4, columns: 4 } },
    { model: { kind: 'matrixFactorization', dimensions: [4, 4, 4] } },
  ],
};
const network = { model: { kind: 'twoLayer', inputs: 1, width: 3, activation: 'tanh' }, target: { kind: 'teacher', width: 1 } };
const matrix = { model: { kind: 'matrixFactorization', rows: 4, columns: 4 }, target: { kind: 'lowRank', rank: 1 } };

test.each(Object.entries(VARIES))('a cell of varied %s is the experiment of that value, and varies nothing', (kind, values) => {
  const base = kind === 'dropout' ? network : matrix;
  const text = JSON.stringify({
    experiment: 'recovery',
    ...base,
    data: { sampleSizes: [3, 7] },
    training: { trials: 5, ...(kind === 'dropout' ? { dropoutSteps: 10 } : {}) },
    vary: { kind, values },
  });
  const whole = parseExperiment(text);
  expect(whole.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (whole.resolved?.experiment !== 'recovery') throw new Error('not read');
  for (const [variant, { experiment }] of variantsOf(whole.resolved).entries()) {
    const { resolved, problems } = parseExperiment(cellText(text, { sampleSize: 7, trials: 2, variant }));
    expect(problems).toEqual([]);
    expect(resolved).toEqual({
      ...experiment,
      data: { ...experiment.data, sampleSizes: [7] },
      training: { ...experiment.training, trials: 2 },
      expect: {},
    });
  }
});

const folder = path.resolve(import.meta.dirname, '../../../examples');
const varied = readdirSync(folder)
  .map((name) => ({ name, text: name.endsWith('.recovery.json') ? readFileSync(path.join(folder, name), 'utf8') : '' }))
  .filter(({ text }) => text.includes('"vary"'));

test.each(varied)('the last value of $name can be run by itself', ({ text }) => {
  const { resolved: whole } = parseExperiment(text);
  if (whole?.experiment !== 'recovery' || !whole.vary) return;
  const variant = whole.vary.values.length - 1;
  const { model, target } = variantsOf(whole)[variant]!.experiment;
  const sampleSize = whole.data.sampleSizes[0]!;
  const { resolved, problems } = parseExperiment(cellText(text, { sampleSize, trials: 1, variant }));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(resolved).toMatchObject({ model, target, data: { sampleSizes: [sampleSize] } });
});
