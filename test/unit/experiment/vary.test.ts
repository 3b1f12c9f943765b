import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';

const BAD = join(__dirname, '../../fixtures/experiments/bad');

// What is wrong is said at the value or the expectation, and how to put it right where that is not plain.
it.each([
  ['vary-no-width', 'vary.kind', 'This model has no width that could vary.'],
  ['vary-no-scale', 'vary.kind', 'The initialization "fanIn" has no scale. Use "normal" or "uniform".'],
  ['vary-no-rate', 'vary.kind', 'A gradient flow has no learning rate.'],
  ['vary-dropout-of-matrix', 'vary.kind', 'Dropout is for models of kind "twoLayer".'],
  ['vary-target-shape', 'vary.values.0.target.values', 'The target is 3 × 2, but the model is 2 × 2 (rows × columns).'],
  [
    'vary-width-too-many',
    'vary.values.1',
    '1000 samples of a model of this size need 1000 × 100000 = 100000000 numbers at once. The most is 50000000.',
  ],
  [
    'vary-expectations',
    'expect.variants',
    '"variants" has 2 expectations for 3 values of "vary". Give one for each, {} where nothing is expected.',
  ],
  [
    'vary-expectation-outside-grid',
    'expect.variants.1.recoveredFrom',
    'The sample size 12 is not run: it is not among "sampleSizes" in "data".',
  ],
  [
    'threshold-without-search',
    'expect.threshold',
    '"threshold" is expected, but nothing is searched: "data" has no "search". Add it, or expect "recoveredFrom".',
  ],
])('%s', (name, path, message) => {
  const { problems } = parseExperiment(readFileSync(join(BAD, `${name}.recovery.json`), 'utf8'));
  expect(problems.map((problem) => [problem.path.join('.'), problem.message])).toEqual([[path, message]]);
});
