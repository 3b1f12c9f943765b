import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../../../src/experiment';
import { expectationItems, flatten, overall, verdictsByItem } from '../../../../src/extension/tests/expectationItems';
import type { Verdict } from '../../../../src/protocol/events';

const verdict = (at: (string | number)[], result: Verdict['result'] = 'met'): Verdict => ({
  id: at.join('.'),
  result,
  value: 1,
  expected: 1,
  reasons: [],
  at,
});
const EXPECT = {
  modelRank: 7,
  medianTestError: [
    { sampleSize: 6, above: 0.1 },
    { sampleSize: 7, below: 1e-6 },
  ],
  variants: [{ at: 2, recoveredFrom: 5 }],
};

describe('expectations as tests', () => {
  const items = expectationItems(EXPECT);

  test('each property is one, each entry of a list one below it, and what a variant expects below that', () => {
    expect(flatten(items).map(({ path: place, label }) => [place.join('.'), label])).toEqual([
      ['expect.modelRank', 'modelRank: 7'],
      ['expect.medianTestError', 'medianTestError'],
      ['expect.medianTestError.0', '[0]'],
      ['expect.medianTestError.1', '[1]'],
      ['expect.variants', 'variants'],
      ['expect.variants.0', '[0]'],
      ['expect.variants.0.at', 'at: 2'],
      ['expect.variants.0.recoveredFrom', 'recoveredFrom: 5'],
    ]);
  });

  test('a verdict belongs to the innermost test around its place', () => {
    const places = [
      ['expect', 'modelRank'],
      ['expect', 'medianTestError', 1],
      ['expect', 'variants', 0, 'recoveredFrom'],
      ['expect', 'medianTestError', 0, 'above'],
      ['elsewhere'],
    ];
    const found = verdictsByItem(
      items,
      places.map((at) => verdict(at)),
    );
    expect([...found].map(([item, list]) => [item.path.join('.'), list.map(({ id }) => id)])).toEqual([
      ['expect.modelRank', ['expect.modelRank']],
      ['expect.medianTestError.1', ['expect.medianTestError.1']],
      ['expect.variants.0.recoveredFrom', ['expect.variants.0.recoveredFrom']],
      ['expect.medianTestError.0', ['expect.medianTestError.0.above']],
    ]);
  });

  test('nothing expected, no tests', () => {
    for (const value of [undefined, null, {}, []]) expect(expectationItems(value)).toEqual([]);
  });

  test('of several verdicts the worst counts', () => {
    expect(overall([verdict([]), verdict([], 'inconclusive'), verdict([], 'failed')])).toBe('failed');
    expect(overall([verdict([]), verdict([], 'inconclusive')])).toBe('inconclusive');
    expect(overall([verdict([]), verdict([])])).toBe('met');
  });
});

test('in the examples every test stands where its expectation is', () => {
  const folder = path.resolve(import.meta.dirname, '../../../../examples');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.recovery.json'))) {
    const text = readFileSync(path.join(folder, name), 'utf8');
    const { file, keyRangeOf } = parseExperiment(text);
    for (const item of flatten(expectationItems(file?.expect))) {
      const { offset } = keyRangeOf(item.path);
      const last = item.path.at(-1);
      const start = text.slice(offset).trimStart();
      if (typeof last === 'string') expect(start, `${name} ${item.path.join('.')}`).toMatch(new RegExp(`^"${last}"`));
      else expect(start, `${name} ${item.path.join('.')}`).toMatch(/^[[{]/);
    }
  }
});
