import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeFlag, judgeList, judgeNumber, judgeText } from '../../../src/engine/studies/verdicts/expected';

describe('an expected number', () => {
  it.each([
    [7, 7, 'met'],
    [7, 8, 'failed'],
    [0.1, 0.1 * (1 + 1e-10), 'met'],
    [0.1, 0.1 * (1 + 1e-8), 'failed'],
    [0, 1e-300, 'failed'],
    [{ value: 2, within: 0.5 }, 2.5, 'met'],
    [{ value: 2, within: 0.5 }, 2.51, 'failed'],
    [{ below: 1e-6 }, 1e-6, 'failed'],
    [{ below: 1e-6 }, 9e-7, 'met'],
    [{ above: 1, below: 2 }, 1.5, 'met'],
    [{ above: 1, below: 2 }, 1, 'failed'],
    [{ below: 1 }, -Infinity, 'met'],
  ] as const)('%j and %d: %s', (expected, value, result) => {
    expect(judgeNumber('count', expected, { value }).result).toBe(result);
  });

  it('is inconclusive without a value, with NaN, and with a doubt, whatever the value', () => {
    expect(judgeNumber('rank', 3, { value: null, doubt: 'Nothing was measured.' })).toEqual({
      id: 'rank',
      result: 'inconclusive',
      value: null,
      expected: 3,
      reasons: ['There is no value of rank.', 'Nothing was measured.'],
      at: ['expect', 'rank'],
    });
    expect(judgeNumber('rank', { below: 3 }, { value: NaN })).toMatchObject({ result: 'inconclusive', value: 'NaN' });
    fc.assert(
      fc.property(fc.double(), fc.double(), (expected, value) => {
        expect(judgeNumber('x', expected, { value, doubt: 'The gap is 2.' }).result).toBe('inconclusive');
      }),
    );
  });

  it('says what came out, what was expected and what stands behind it, at its place', () => {
    const verdict = judgeNumber(['branches', 2, 'rank'], { above: 4 }, { value: 3, reasons: ['Gap 1e9.'] });
    expect(verdict).toEqual({
      id: 'branches[2].rank',
      result: 'failed',
      value: 3,
      expected: 'above 4',
      reasons: ['branches[2].rank is 3; expected was above 4.', 'Gap 1e9.'],
      at: ['expect', 'branches', 2, 'rank'],
    });
  });
});

describe('an expected yes or no, and a text', () => {
  it('are met when they are equal', () => {
    expect(judgeFlag('independent', true, { value: true })).toMatchObject({ result: 'met', value: true, expected: true });
    expect(judgeFlag('independent', true, { value: false }).result).toBe('failed');
    expect(judgeFlag('independent', false, { value: null }).result).toBe('inconclusive');
    expect(judgeText('classification', 'strict saddle', { value: 'minimum' }).result).toBe('failed');
  });
});

describe('an expected list', () => {
  const rows = [
    { sizes: [1, 1], dimension: 4, exact: true },
    { sizes: [2, 1], dimension: 3, exact: false },
  ];

  it('is as long, and its objects have what the file names', () => {
    expect(judgeList('rows', [{ dimension: 4 }, { sizes: [2, 1] }], { value: rows }).result).toBe('met');
    expect(judgeList('rows', [{ dimension: 4 }], { value: rows })).toMatchObject({
      result: 'failed',
      reasons: [expect.any(String), 'The list has 2 items, not 1.'],
    });
    expect(judgeList('rows', [{ dimension: 4 }, { sizes: [2, 2] }], { value: rows }).reasons).toContain(
      '[1].sizes[1] is 1; expected was 2.',
    );
    expect(judgeList('rows', [{ absent: 1 }, {}], { value: rows }).result).toBe('failed');
    expect(judgeList('rows', [], { value: null }).result).toBe('inconclusive');
  });

  it('may come in any order, each item once', () => {
    const backwards = [{ dimension: 3 }, { dimension: 4 }];
    expect(judgeList('rows', backwards, { value: rows }).result).toBe('failed');
    expect(judgeList('rows', backwards, { value: rows }, { anyOrder: true }).result).toBe('met');
    expect(judgeList('rows', [{ dimension: 3 }, { dimension: 3 }], { value: rows }, { anyOrder: true }).result).toBe('failed');
  });

  it('has numbers within a tolerance where one is given', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1 }), fc.nat(), (numbers, at) => {
        const moved = numbers.map((each, i) => (i === at % numbers.length ? each + 0.5 : each));
        expect(judgeList('x', numbers, { value: moved }).result).toBe('failed');
        expect(judgeList('x', numbers, { value: moved }, { within: 0.501 }).result).toBe('met');
        expect(judgeList('x', numbers, { value: moved }, { within: 0.499 }).result).toBe('failed');
      }),
    );
  });
});
