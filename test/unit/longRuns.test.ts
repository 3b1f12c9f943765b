import { expect, test } from 'vitest';
import { listRuns } from '../long/runs';
import { streamRun } from '../long/stream';

test('a long run reaches the panel whole', async () => {
  let samples = 0;
  const { said, shown, cellsShown } = await streamRun({ hours: 0.05, cells: 3000, sample: () => samples++ });
  expect(samples).toBe(10);
  expect(cellsShown).toBe(3000);
  // Of ten reports on progress in a second the last is news.
  expect(shown).toBeLessThan(0.8 * said);
});

test('a thousand runs are grouped by their files, in the order of a result, pinned ones first', () => {
  const { entries, groups, filtered, results } = listRuns(1000);
  expect(entries).toHaveLength(1000);
  expect(groups).toHaveLength(20);
  expect(groups.flatMap((group) => group.entries)).toHaveLength(1000);
  expect(results).toEqual(['modelRank', 'recoveredFrom']);
  for (const { entries: inGroup } of groups) {
    const order = inGroup.map(({ pinned, results: { recoveredFrom } }) => (pinned ? -1000 : 0) + recoveredFrom);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  }
  // Every third fails; the word also fits the beginning of 7 alone, as no result is above 49.
  const wanted = entries.filter((_, i) => i % 3 === 0 && i % 50 === 7);
  expect(filtered).toEqual(wanted);
});
