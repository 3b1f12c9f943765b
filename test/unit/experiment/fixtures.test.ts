import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { experimentJsonSchema, parseExperiment } from '../../../src/experiment';
import { BAD } from '../../fixtures/experiments/cases';

const FOLDER = join(__dirname, '../../fixtures/experiments');
const EXAMPLES = join(__dirname, '../../../examples');
const ENDING = '.recovery.json';

const filesOf = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(ENDING));
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

const isRightBySchema = new Ajv({ strict: false, allErrors: false }).compile(experimentJsonSchema());

/** Codes of what a JSON schema can say; the other codes are syntax before it and meaning beyond it. */
const SCHEMA_CODES = new Set([
  'wrong-type',
  'out-of-range',
  'unknown-property',
  'unknown-value',
  'missing-property',
  'list-length',
  'duplicate-item',
  'invalid-name',
]);

describe('bad experiment files', () => {
  it('are all in the table, and the table has no others', () => {
    expect(filesOf(join(FOLDER, 'bad')).sort()).toEqual(
      Object.keys(BAD)
        .map((name) => `${name}${ENDING}`)
        .sort(),
    );
  });

  for (const [name, expected] of Object.entries(BAD)) {
    it(`${name}: ${expected.map(([code]) => code).join(', ')}`, () => {
      const { problems, resolved } = parseExperiment(read(join(FOLDER, 'bad'), name + ENDING));
      expect(problems.map(({ code, range }) => [code, range.line, range.column, range.length])).toEqual(expected);
      expect(resolved).toBeUndefined();
      for (const { message } of problems) expect(message).toMatch(/^["A-Z0-9[].{15,}[.?…]$/su);
    });
  }

  it('are refused by an independent validator with the JSON schema exactly when the cause is one of the schema', () => {
    for (const [name, expected] of Object.entries(BAD)) {
      if (
        expected.some(([code]) => ['syntax', 'empty-file', 'too-deep', 'number-not-finite', 'duplicate-property'].includes(code))
      )
        continue;
      const { file } = parseExperiment(read(join(FOLDER, 'bad'), name + ENDING));
      const bySchema = expected.every(([code]) => SCHEMA_CODES.has(code));
      expect([name, file === undefined]).toEqual([name, bySchema]);
      const value: unknown = plainValue(read(join(FOLDER, 'bad'), name + ENDING));
      expect([name, isRightBySchema(value)]).toEqual([name, !bySchema]);
    }
  });
});

describe('good experiment files', () => {
  for (const folder of [join(FOLDER, 'good'), EXAMPLES]) {
    for (const name of filesOf(folder)) {
      it(`${name} has no problem, and an independent validator agrees`, () => {
        const { problems, file, resolved } = parseExperiment(read(folder, name));
        expect(problems).toEqual([]);
        expect(resolved).toBeDefined();
        expect(isRightBySchema(file), JSON.stringify(isRightBySchema.errors)).toBe(true);
        expect(isRightBySchema(withoutEmpty(resolved)), JSON.stringify(isRightBySchema.errors)).toBe(true);
      });
    }
  }

  it('of the examples begin with a comment that names what to expect and how long it takes', () => {
    for (const name of filesOf(EXAMPLES)) {
      const comment = read(EXAMPLES, name).split('{')[0];
      expect(comment, name).toMatch(/^\/\/ /);
      expect(comment, name).toMatch(/Expected: /);
      expect(comment, name).toMatch(/Takes /);
    }
  });
});

/** The value by JSON.parse: the bad files that reach the schema hold no comments. */
function plainValue(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

/** A rank experiment without sample sizes resolves to an empty list of them, which no file may write. */
function withoutEmpty(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key === 'sampleSizes' && Array.isArray(inner) && inner.length === 0 ? undefined : inner,
  );
}
