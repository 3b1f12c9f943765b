import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { differingSettings } from '../../../src/protocol/settings';

test('only what differs, by its path', () => {
  const a = { training: { optimizer: { kind: 'adam', learningRate: 0.1 }, seed: 1 }, data: { sampleSizes: [1, 2, 3, 4] } };
  const b = { training: { optimizer: { kind: 'gradientFlow' }, seed: 1 }, data: { sampleSizes: [1, 2, 3, 7, 8] } };
  expect(differingSettings([a, b])).toEqual([
    { path: 'training.optimizer.kind', values: ['adam', 'gradientFlow'] },
    { path: 'training.optimizer.learningRate', values: [0.1, null] },
    { path: 'data.sampleSizes', values: ['1–4', '1–3, 7–8'] },
  ]);
});

test('lists of the same length are compared by element, long ones and objects against nothing as a whole or by their parts', () => {
  expect(
    differingSettings([
      [1, [2, 3]],
      [1, [2, 4]],
    ]),
  ).toEqual([{ path: '[1][1]', values: [3, 4] }]);
  const long = Array.from({ length: 40 }, (_, i) => i * 1.5);
  const [difference] = differingSettings([{ x: long }, { x: [...long].reverse() }]);
  expect(difference?.path).toBe('x');
  expect(String(difference?.values[0]).length).toBeLessThanOrEqual(80);
  expect(difference?.values[0]).not.toBe(difference?.values[1]);
  expect(differingSettings([{ search: { confidence: 0.9 } }, {}])).toEqual([{ path: 'search.confidence', values: [0.9, null] }]);
});

test('changing one leaf is told as this leaf alone, and equal experiments differ in nothing', () => {
  const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string());
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree'), { minKeys: 1, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, leaf, leaf, (rest, one, other) => {
      const at = (value: unknown) => ({ rest, deep: [{ value }] });
      expect(differingSettings([at(one), at(structuredClone(one)), at(one)])).toEqual([]);
      const expected = Object.is(one, other) || one === other ? [] : [{ path: 'deep[0].value', values: [one, other] }];
      expect(differingSettings([at(one), at(other)])).toEqual(expected);
    }),
  );
});
