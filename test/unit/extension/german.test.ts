import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { editorJsonSchema, parseExperiment } from '../../../src/experiment';
import { CancelledError } from '../../../src/engine/errors';
import { symmetricEigen } from '../../../src/engine/linalg/symmetricEigen';
import { readSavedRun } from '../../../src/engine/store/savedRun';
import { readWeights } from '../../../src/engine/weights';
import { storeError } from '../../../src/engine/store/storeError';
import { SpokenWords } from '../../../src/extension/spokenWords';
import type { AcceptedEvent } from '../../../src/protocol/events';
import { eventsOf, runText } from '../studies/runFile';
import { bundle, german, ofEnglish, root, STUDIES, untranslated, wordsOf } from './germanWords';

/** What a schema says to people; what is written into a file is none of it. */
function notesOf(schema: unknown, isNames = false): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]: [string, unknown]) => {
    if (!isNames && (name === 'body' || name === 'default')) return [];
    if (!isNames && /^(title|description|markdownDescription)$/.test(name) && typeof value === 'string') return [value];
    return notesOf(value, !isNames && name === 'properties');
  });
}

/** What is thrown. */
function reasonOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

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
    expect(said.size).toBeGreaterThan(5);
    expect(untranslated(said)).toEqual([]);
  });

  test('all failures of runs that do not begin', async () => {
    const texts = readdirSync(bad)
      .slice(0, 60)
      .map((name) => readFileSync(path.join(bad, name), 'utf8'));
    const failures = [];
    for (const text of texts) {
      const last = (await eventsOf(text, 'x.recovery.json')).events.at(-1);
      if (last?.type === 'failed') failures.push(last);
    }
    const messages = failures.map((failure) => german.failed(failure).message);
    expect(messages.some((message) => / \(und \d+ mehr\)/.test(message))).toBe(true);
    expect(messages.filter((message) => wordsOf(message).some((word) => ofEnglish.has(word)))).toEqual([]);
    expect(untranslated(failures.flatMap(({ problems }) => problems!.map(({ message }) => message)))).toEqual([]);
  });

  test('failures of folders, files, weights and numbers', () => {
    const thrown = [
      ...['ENOSPC', 'EACCES', 'ENOTDIR', 'ENAMETOOLONG'].map((code) => storeError({ code }, '/a')),
      reasonOf(() => readSavedRun('/nowhere')),
      reasonOf(() => symmetricEigen({ rows: 1, columns: 1, values: Float64Array.of(NaN) }, 'Hessian')),
      ...['a.npz', 'a.npy', 'a.safetensors', 'a.txt'].map((name) =>
        reasonOf(() => readWeights(new TextEncoder().encode('no weights'), name)),
      ),
      new CancelledError(),
    ];
    expect(untranslated(thrown.map((error) => error.message))).toEqual([]);
    expect(thrown.filter(({ message }) => german.say(message) === message)).toEqual([]);
  });

  test('published numbers still meet the series that they name', () => {
    const published = [{ source: 'A paper', values: [{ x: 1, y: 2, series: 'flow 1' }] }];
    const event = { type: 'accepted', predictions: NOTHING, config: { published } } as unknown as AcceptedEvent;
    expect((german.event(event) as AcceptedEvent).config.published?.[0].values[0].series).toBe(german.say('flow 1'));
    expect(german.say('flow 1')).toBe('Fluss 1');
  });
});
