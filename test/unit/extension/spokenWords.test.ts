import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isQuick, obstacles, predict } from '../../../src/engine/theory';
import { parseExperiment } from '../../../src/experiment';
import { SpokenWords } from '../../../src/extension/spokenWords';

const root = path.resolve(import.meta.dirname, '../../..');
const bundle = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.de.json'), 'utf8')) as Record<string, string>;
const german = new SpokenWords(bundle);

const experiments = [path.join(root, 'examples'), path.join(root, 'test/fixtures/experiments/good')].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.recovery.json'))
    .flatMap((name) => {
      const { resolved } = parseExperiment(readFileSync(path.join(folder, name), 'utf8'));
      return resolved && isQuick(resolved) ? [{ name, resolved }] : [];
    }),
);

/** Words of English sentences, outside of titles of papers. */
const english = (text: string) =>
  text
    .replace(/"[^"]*"/g, '')
    .replace(/[A-Z][^()]*\(arXiv [\d.]+\)/g, '')
    .match(/\b(the|of|with|from|and|is|are|not|for|no|by|at|to|as)\b/g) ?? [];
const numbers = (text: string) => (text.match(/\d+(\.\d+)*/g) ?? []).sort();

describe('what the theory says, in German', () => {
  test('there are experiments of every kind', () => {
    expect(new Set(experiments.map(({ resolved }) => resolved.experiment)).size).toBe(7);
  });

  test.each(experiments)('$name', ({ resolved }) => {
    const said =
      obstacles(resolved).length > 0
        ? obstacles(resolved).map(({ message }) => message)
        : [predict(resolved)].flatMap(({ headline = '', formula, source }) => [headline, formula, source]);
    for (const text of said) {
      expect([text, english(german.say(text))]).toEqual([text, []]);
      expect(numbers(german.say(text))).toEqual(numbers(text));
    }
  });

  test('keeps the values of a sentence, whatever they are', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.double({ noNaN: true }), (from, rank, error) => {
        expect(
          german.say(`At every sample size of the grid from ${from} on the empirical rank equals the model rank ${rank}.`),
        ).toBe(`Bei jeder Stichprobengröße des Rasters ab ${from} gleicht der empirische Rang dem Modellrang ${rank}.`);
        expect(
          german.say(`The median test error at n = ${from} is ${error} over 10 trainings; expected was below ${error}.`),
        ).toContain(`${error}`);
      }),
    );
  });

  test('a sentence that is not known stays as it is, and English stays English', () => {
    expect(german.say('Nobody ever said this of n = 5.')).toBe('Nobody ever said this of n = 5.');
    expect(new SpokenWords(undefined).say('No result covers this target.')).toBe('No result covers this target.');
  });
});
