import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { editorJsonSchema, parseExperiment, TEMPLATES } from '../../../src/experiment';
import { SpokenWords } from '../../../src/extension/spokenWords';
import type { AcceptedEvent } from '../../../src/protocol/events';
import { exampleText, runText } from '../studies/runFile';

const root = path.resolve(import.meta.dirname, '../../..');
const bundle = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.de.json'), 'utf8')) as Record<string, string>;
const german = new SpokenWords(bundle);

/** Words, without what stays as it is in every language: quoted names, code, sets of properties, titles of papers. */
const words = (text: string) =>
  text
    .replace(/"[^"]*"|“[^”]*”|„[^“]*“|`[^`]*`|\{[^{}]*\}|\([^()]*arXiv[^()]*\)/g, ' ')
    .match(/(?<![\p{L}\d_.-])\p{L}{2,}(?![\p{L}\d_(*])/gu) ?? [];

const translations = Object.entries(bundle).filter(([key]) => key.endsWith('/spoken'));
const ofGerman = new Set(translations.flatMap(([, text]) => words(text)));
/** Words that only English has: who meets one in German meets a text that was not translated. */
const ofEnglish = new Set(translations.flatMap(([key]) => words(key.slice(0, -7))).filter((word) => !ofGerman.has(word)));
const english = (text: string) => words(german.say(text)).filter((word) => ofEnglish.has(word));

/** Texts that are no names in a file, each with the English words that are left in its translation. */
const untranslated = (texts: Iterable<string>) =>
  [...new Set(texts)]
    .filter((text) => !/^[a-z]\w*( \d+)?$/.test(text))
    .flatMap((text) => (english(text).length === 0 ? [] : [{ text, german: german.say(text), left: english(text) }]));

/** What a schema says to people; what is written into a file is none of it. */
function notesOf(schema: unknown, isNames = false): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]: [string, unknown]) => {
    if (!isNames && (name === 'body' || name === 'default')) return [];
    if (!isNames && /^(title|description|markdownDescription)$/.test(name) && typeof value === 'string') return [value];
    return notesOf(value, !isNames && name === 'properties');
  });
}

/** One small experiment of every kind, and further ones for what only some of a kind say. */
const STUDIES: [string, string][] = [
  ...Object.entries(TEMPLATES).filter(([kind]) => kind !== 'recovery'),
  ...[
    'geometry-tanh-companion',
    'independence-causes',
    'independence-sigmoid-pair',
    'learning-coefficient',
    'lifting-exp-saddle',
    'local-recovery-trained',
    'quick-start',
    'rank-stratification-tanh',
    'search-matrix',
  ].map((name): [string, string] => [name, exampleText(name)]),
];

const NOTHING = { optimisticSampleSize: null, exact: false, formula: '', source: '', parameters: null };

const bad = path.join(root, 'test/fixtures/experiments/bad');

describe('what an editor says, in German', () => {
  test('the words that tell the languages apart are many', () => {
    expect(ofEnglish.size).toBeGreaterThan(1000);
    expect(untranslated(['There is no such sentence.'])).toHaveLength(1);
  });

  test('all problems of invalid files', () => {
    const messages = readdirSync(bad).flatMap((name) =>
      parseExperiment(readFileSync(path.join(bad, name), 'utf8')).problems.map(({ message }) => message),
    );
    expect(messages.length).toBeGreaterThan(150);
    expect(untranslated(messages)).toEqual([]);
  });

  test('all titles and descriptions of the file format', () => {
    const texts = notesOf(editorJsonSchema()).flatMap((text) => text.split('\n\n'));
    expect(new Set(texts).size).toBeGreaterThan(600);
    expect(untranslated(texts)).toEqual([]);
  });

  test.each(STUDIES)('all figures, tables and reasons of %s', async (_, text) => {
    const said = new Set<string>();
    const listener = new (class extends SpokenWords {
      override say(words: string) {
        said.add(words);
        return super.say(words);
      }
    })(bundle);
    const { events } = await runText(text);
    for (const event of events) listener.event(event);
    expect(events.some(({ type }) => type === 'table' || type === 'figure')).toBe(true);
    expect(said.size).toBeGreaterThan(20);
    expect(untranslated(said)).toEqual([]);
  });

  test('published numbers still meet the series that they name', () => {
    const published = [{ source: 'A paper', values: [{ x: 1, y: 2, series: 'flow 1' }] }];
    const event = { type: 'accepted', predictions: NOTHING, config: { published } } as unknown as AcceptedEvent;
    expect((german.event(event) as AcceptedEvent).config.published?.[0].values[0].series).toBe(german.say('flow 1'));
    expect(german.say('flow 1')).toBe('Fluss 1');
  });
});
