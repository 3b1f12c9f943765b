import { expect, test } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
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
