import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobCheckpoint } from '../../../src/engine/studies/jobCheckpoint';
import { JobParts, numbersForm } from '../../../src/engine/studies/jobParts';
import { NO_NEWS } from '../../../src/engine/studies/slice';
import type { JobProgress } from '../../../src/engine/studies/study';
import { SavedFields } from '../../../src/engine/training/savedState';
import { expectSameFromEverywhere, Notebook, wholeJob } from './cutting';

/** Counts to `length`, and saves how far it is. */
function* counting(length: number, done: number[], checkpoint?: JobCheckpoint): Generator<JobProgress, { value: number }> {
  const saved = checkpoint?.read();
  // What was told is told again.
  let told = 0;
  let at = saved === undefined ? 0 : new SavedFields(saved).number('at', { least: 0, most: length, whole: true });
  while (at < length) {
    at++;
    done.push(at);
    checkpoint?.write({ at });
    yield { ...NO_NEWS, steps: at - told };
    told = at;
  }
  if (at > told) yield { ...NO_NEWS, steps: at - told };
  return { value: length / 7 };
}

/** Parts of these lengths; `done` hears every piece of work. */
const counts = (lengths: readonly number[], done: number[] = []) =>
  function* (checkpoint?: JobCheckpoint): Generator<JobProgress, number[]> {
    const parts = new JobParts(checkpoint);
    const values: number[] = [];
    for (const length of lengths) {
      const part = yield* parts.next(numbersForm('value'), (own) => counting(length, done, own));
      values.push(part.value);
    }
    return values;
  };

describe('a job that is done part by part', () => {
  it('goes on from every state with what is left, and with nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 }), (lengths) => {
        const notebook = new Notebook();
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const uncut = wholeJob(counts(lengths, []), notebook);
        // One after each piece, and one after each part.
        expect(notebook.states.length).toBe(total + lengths.length);
        let worked = 0;
        for (const state of notebook.states) {
          const { at } = (JSON.parse(state) as { current?: { at: number } }).current ?? {};
          if (at !== undefined) worked++;
          const done: number[] = [];
          expect(wholeJob(counts(lengths, done), new Notebook(state))).toEqual(uncut);
          expect(done.length).toBe(total - worked);
        }
      }),
    );
  });

  it('has parts of parts', () => {
    const work = function* (checkpoint?: JobCheckpoint): Generator<JobProgress, { sums: number[] }> {
      const parts = new JobParts(checkpoint);
      const sums: number[] = [];
      for (const lengths of [[3, 2], [1], [2, 2, 2]]) {
        const { value } = yield* parts.next(numbersForm('value'), function* (own) {
          const values = yield* counts(lengths)(own);
          return { value: values.reduce((sum, each) => sum + each, 0) };
        });
        sums.push(value);
      }
      return { sums };
    };
    expect(expectSameFromEverywhere(work, 100)).toBe(3 + 2 + 2 + 1 + (1 + 1 + 1) + (6 + 3 + 1));
  });

  it('begins anew, with words, from the first part that is none', () => {
    const lengths = [2, 3, 4];
    const uncut = wholeJob(counts(lengths));
    const states = [
      ['[]', 'it is no record'],
      ['{"parts":1}', 'its parts are no list of at most 1000000'],
      ['{"parts":[{"steps":0,"result":{"value":"1"}}],"current":{"at":1}}', 'its value is no number'],
      [
        `{"parts":[{"steps":2,"result":{"value":${2 / 7}}},{"steps":0,"result":{}}],"current":{"at":1}}`,
        'its value is no number',
      ],
      ['{"parts":[{"steps":-1,"result":{"value":1}}]}', 'its steps is -1'],
      ['{"parts":[null]}', 'it is no record'],
    ];
    for (const [state, reason] of states) {
      const done: number[] = [];
      const notebook = new Notebook(state);
      expect(wholeJob(counts(lengths, done), notebook)).toEqual(uncut);
      expect(notebook.refused).toEqual([reason]);
      expect(done.length).toBe(state.includes(String(2 / 7)) ? 7 : 9);
    }
  });

  it('lets errors that are none of its own through', () => {
    const failing = function* (checkpoint?: JobCheckpoint): Generator<JobProgress, object> {
      return yield* new JobParts(checkpoint).next(
        {
          save: (value) => value,
          load: () => {
            throw new RangeError('a bug');
          },
        },
        function* () {
          yield NO_NEWS;
          return {};
        },
      );
    };
    expect(() => wholeJob(failing, new Notebook('{"parts":[{"steps":0,"result":{}}]}'))).toThrow('a bug');
  });
});
