import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  groupRuns,
  isLive,
  matches,
  resultNames,
  verdictState,
  type EntryState,
  type RunEntry,
} from '../../../../src/extension/tree/runEntry';

const entry = (id: string, more: Partial<RunEntry> = {}): RunEntry => ({
  id,
  state: 'met',
  file: 'file:///a.recovery.json',
  fileName: 'a.recovery.json',
  origin: undefined,
  folder: `file:///recovery-runs/${id}`,
  title: 'Matrix completion',
  kind: 'recovery',
  hash: 'abcdef',
  engine: '0.1.0',
  seed: 1,
  startedAt: 0,
  message: undefined,
  verdicts: { met: 1, failed: 0, inconclusive: 0 },
  results: {},
  hasReport: true,
  pinned: false,
  stale: false,
  progress: undefined,
  ...more,
});
const ids = (entries: RunEntry[], sort: Parameters<typeof groupRuns>[1]) =>
  groupRuns(entries, sort).flatMap((group) => group.entries.map(({ id }) => id));

describe('the order of runs', () => {
  test('is the latest first', () => {
    expect(ids([entry('old', { startedAt: 1 }), entry('new', { startedAt: 3 }), entry('mid', { startedAt: 2 })], 'time')).toEqual(
      ['new', 'mid', 'old'],
    );
  });

  test('by verdict puts what needs attention first', () => {
    const states: EntryState[] = ['met', 'cancelled', 'unmet', 'inconclusive', 'crashed'];
    expect(
      ids(
        states.map((state) => entry(state, { state })),
        'verdict',
      ),
    ).toEqual(['crashed', 'unmet', 'inconclusive', 'cancelled', 'met']);
  });

  test('by a result is ascending, runs without it last', () => {
    const runs = [entry('none'), entry('9', { results: { recoveredFrom: 9 } }), entry('7', { results: { recoveredFrom: 7 } })];
    expect(ids(runs, 'result:recoveredFrom')).toEqual(['7', '9', 'none']);
    expect(resultNames([...runs, entry('rank', { results: { modelRank: 3 } })])).toEqual(['modelRank', 'recoveredFrom']);
  });

  test('keeps every run once, live ones before pinned ones before the others in each group', () => {
    const states: EntryState[] = ['running', 'queued', 'met', 'unmet', 'failed', 'crashed'];
    const runs = fc.array(
      fc.record({
        state: fc.constantFrom(...states),
        pinned: fc.boolean(),
        startedAt: fc.nat(5),
        file: fc.constantFrom('file:///a', 'file:///b', undefined),
        results: fc.constantFrom<Record<string, number>>({}, { x: 1 }, { x: 2 }),
      }),
    );
    fc.assert(
      fc.property(runs, fc.constantFrom('time' as const, 'verdict' as const, 'result:x' as const), (given, sort) => {
        const entries = given.map((more, index) => entry(String(index), more));
        const groups = groupRuns(entries, sort);
        expect(groups.flatMap((group) => group.entries.map(({ id }) => Number(id))).sort((a, b) => a - b)).toEqual(
          entries.map((_, index) => index),
        );
        for (const group of groups) {
          expect(new Set(group.entries.map(({ file }) => file)).size).toBe(1);
          const ranks = group.entries.map((each) => (isLive(each) ? 0 : each.pinned ? 1 : 2));
          expect(ranks).toEqual([...ranks].sort());
        }
      }),
    );
  });
});

test('a run is as its verdicts are', () => {
  expect(verdictState({ met: 3, failed: 1, inconclusive: 1 })).toBe('unmet');
  expect(verdictState({ met: 3, failed: 0, inconclusive: 1 })).toBe('inconclusive');
  expect(verdictState({ met: 3, failed: 0, inconclusive: 0 })).toBe('met');
  expect(verdictState({ met: 0, failed: 0, inconclusive: 0 })).toBe('finished');
});

test('a filter wants all of its words, anywhere', () => {
  const run = entry('1', { results: { recoveredFrom: 7 }, stale: true });
  for (const filter of ['', 'MATRIX', 'recovery met', 'recoveredfrom=7 stale', 'abcd']) expect(matches(run, filter)).toBe(true);
  expect(matches(entry('2', { state: 'unmet' }), 'met')).toBe(false);
  for (const filter of ['pinned', 'matrix verdict', 'recoveredFrom=8']) expect(matches(run, filter)).toBe(false);
});
