import { describe, expect, it } from 'vitest';
import type { EngineEvent, IndependenceResults } from '../../../src/protocol/events';
import { exampleText, runText } from './runFile';

const tables = (events: EngineEvent[]) => events.flatMap((event) => (event.type === 'table' ? [event.table.id] : []));

describe('examples of independence', () => {
  it.each(['random-deep', 'causes', 'sigmoid-pair', 'close-neurons'])('%s: all expectations are met', async (name) => {
    const { exitCode, finished } = await runText(exampleText(`independence-${name}`));
    expect(finished.summary.verdicts.map(({ result }) => result)).not.toContain('failed');
    expect(exitCode).toBe(0);
  });

  it('tells count, rank, independence and causes by the names of the format', async () => {
    const { events, finished } = await runText(exampleText('independence-causes'));
    const results = finished.summary.results as IndependenceResults;
    expect(results).toMatchObject({ count: 7, rank: 3, independent: false, conclusive: true });
    expect(results.certified).toMatchObject({ status: 'certified', rank: 3, upperBound: 3 });
    expect(results.causes.map(({ kind, neurons }) => [kind, neurons])).toEqual([
      ['zero', [3]],
      ['constants', [4, 5]],
      ['signEqual', [1, 2]],
      ['equal', [6, 7]],
    ]);
    expect(tables(events)).toEqual(['independence', 'causes']);
    expect(finished.summary.predictions.headline).toBe('rank at most 3 of 7 neurons');
  });

  it('fails an expectation that is wrong, and leaves an undecided one inconclusive', async () => {
    const text = exampleText('independence-close-neurons');
    const wrong = await runText(text.replace('"rank": 12', '"rank": 11'));
    expect(wrong.finished.summary.verdicts.map(({ result }) => result)).toEqual(['failed', 'met']);
    expect(wrong.exitCode).toBe(1);
    const undecided = await runText(text.replace('"expect"', '"analysis": { "certify": "never" }, "expect"'));
    expect(undecided.finished.summary.verdicts.map(({ result }) => result)).toEqual(['inconclusive', 'inconclusive']);
    expect((undecided.finished.summary.results as IndependenceResults).independent).toBeNull();
  });
});
