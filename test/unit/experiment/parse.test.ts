import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getNodeValue, parse as parseJsonc, parseTree } from 'jsonc-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS, LineIndex, formatPath, parseExperiment, positionAt, type JsonPath } from '../../../src/experiment';
import { nearest } from '../../../src/experiment/nearest';

const EXAMPLES = join(__dirname, '../../../examples');
const texts = readdirSync(EXAMPLES)
  .filter((name) => name.endsWith('.recovery.json'))
  .map((name) => readFileSync(join(EXAMPLES, name), 'utf8'));

describe('parseExperiment', () => {
  it('answers any mutation of a good text with an experiment or with problems inside the text', () => {
    const junk = fc.constantFrom(
      '',
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '1e999',
      'NaN',
      'null',
      '//',
      '/*',
      '\\',
      '\0',
      '\uFEFF',
      '\ud800',
      '\r',
      '"__proto__":1,',
      'x',
    );
    const mutation = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(40), insert: junk });
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 4 }), (original, mutations) => {
        let text = original;
        for (const { at, cut, insert } of mutations) {
          const offset = Math.floor(at * text.length);
          text = text.slice(0, offset) + insert + text.slice(offset + cut);
        }
        const { problems, resolved, rangeOf } = parseExperiment(text);
        expect(resolved === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
        for (const { range, message } of problems) {
          expect(range.offset).toBeGreaterThanOrEqual(0);
          expect(range.offset + range.length).toBeLessThanOrEqual(text.length);
          expect(positionAt(text, range.offset)).toEqual({ line: range.line, column: range.column });
          expect(message.length).toBeLessThan(1200);
        }
        rangeOf(['data', 'sampleSizes', 0]);
      }),
      { numRuns: 3000 },
    );
  });

  it('answers any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { problems } = parseExperiment(JSON.stringify(value));
        expect(problems.length).toBeGreaterThan(0);
      }),
    );
  });

  it('replaces any one value of a good file by another JSON value and points into it or at its holder', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.jsonValue({ maxDepth: 1 }), (text, pick, value) => {
        const paths = pathsOf(parseJsonc(text) as unknown, []);
        const path = paths[pick % paths.length];
        const root = JSON.parse(JSON.stringify(parseJsonc(text))) as unknown;
        let owner = root as Record<string | number, unknown>;
        for (const step of path.slice(0, -1)) owner = owner[step] as Record<string | number, unknown>;
        owner[path[path.length - 1]] = value;
        const { problems, resolved } = parseExperiment(JSON.stringify(root));
        expect(problems.length > 0 || resolved !== undefined).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('answers a file of 10 MB without parsing it', () => {
    const text = `{ "experiment": ${'['.repeat(10_000_000)}`;
    const { problems } = parseExperiment(text);
    expect(problems.map(({ code }) => code)).toEqual(['file-too-large']);
    expect(problems[0].message).toContain('4 MB');
  });

  it('says at which path a number is too large or a property is double', () => {
    const { problems } = parseExperiment('{ "a": [1, { "b": 1e999 }], "c": { "d": 1, "d": 2 }, "e": -1e400 }');
    expect(problems.map(({ code, path }) => [code, formatPath(path)])).toEqual([
      ['number-not-finite', 'a[1].b'],
      ['duplicate-property', 'c.d'],
      ['number-not-finite', 'e'],
    ]);
  });

  it('counts the bytes of a file and not its characters', () => {
    const text = `{ "title": "${'€'.repeat(LIMITS.fileBytes / 3)}" }`;
    expect(text.length).toBeLessThan(LIMITS.fileBytes);
    expect(parseExperiment(text).problems[0].code).toBe('file-too-large');
  });

  it('tells at most a hundred problems', () => {
    const values = JSON.stringify(Array<string>(5000).fill('x'));
    const text = `{ "experiment": "rank", "model": { "kind": "matrixFactorization", "rows": 3, "columns": 3 }, "target": { "kind": "lowRank", "rank": 1 }, "data": { "sampleSizes": ${values} } }`;
    expect(parseExperiment(text).problems).toHaveLength(100);
  });

  it('judges sizes before it lists them', () => {
    const text = `{ "experiment": "recovery", "model": { "kind": "matrixFactorization", "rows": 10000, "columns": 10000, "inner": 10000 }, "target": { "kind": "lowRank", "rank": 10000 }, "data": { "sampleSizes": { "from": 1, "to": 100000 } }, "training": { "trials": 100000 } }`;
    expect(parseExperiment(text).problems.map(({ code }) => code)).toEqual(['too-many-parameters']);
  });

  it('warns without refusing', () => {
    const text =
      '{ "experiment": "rank", "model": { "kind": "formula", "parameters": ["a", "b"], "inputs": ["x"], "expression": "a*x" }, "target": { "kind": "formula", "expression": "x" } }';
    const { problems, resolved } = parseExperiment(text);
    expect(problems.map(({ code, severity, path }) => [code, severity, formatPath(path)])).toEqual([
      ['unused-name', 'warning', 'model.parameters[1]'],
    ]);
    expect(resolved).toBeDefined();
  });

  it('suggests the name that was meant', () => {
    const suggestionFor = (text: string): string | undefined => parseExperiment(text).problems[0].suggestion;
    expect(suggestionFor('{ "experiment": "recvery" }')).toBe('recovery');
    expect(suggestionFor('{ "experiment": "rank", "trget": {}, "model": { "kind": "formula" } }')).toBe('target');
    expect(suggestionFor('{ "experiment": "sharpness" }')).toBeUndefined();
  });
});

describe('ranges', () => {
  const text = '{\n  "experiment": "rank",\n  "data": {\n    "sampleSizes": [1,\n 2]\n  }\n}';
  const { rangeOf, keyRangeOf } = parseExperiment(text);
  const slice = ({ offset, length }: { offset: number; length: number }): string => text.slice(offset, offset + length);

  it('are those of values, and of the nearest ancestor where there is none', () => {
    expect(slice(rangeOf(['experiment']))).toBe('"rank"');
    expect(slice(rangeOf(['data', 'sampleSizes', 1]))).toBe('2');
    expect(slice(rangeOf(['data', 'sampleSizes', 7]))).toBe('[1,\n 2]');
    expect(slice(rangeOf(['expect', 'modelRank']))).toBe(text);
    expect(rangeOf(['data', 'sampleSizes'])).toMatchObject({ line: 4, column: 20, endLine: 5, endColumn: 4 });
  });

  it('of properties hold the name and the first line of the value', () => {
    expect(slice(keyRangeOf(['experiment']))).toBe('"experiment": "rank"');
    expect(slice(keyRangeOf(['data']))).toBe('"data": {');
    expect(slice(keyRangeOf(['data', 'sampleSizes']))).toBe('"sampleSizes": [1,');
    expect(slice(keyRangeOf(['data', 'inputs']))).toBe('"data": {');
  });

  it('work on a text with errors, as far as it could be read', () => {
    const broken = parseExperiment('{ "data": { "sampleSizes": 3, } "model" }');
    expect(broken.problems).toHaveLength(1);
    expect(broken.rangeOf(['data', 'sampleSizes'])).toMatchObject({ line: 1, column: 28, length: 1 });
  });

  it('agree with counting line breaks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '\n', '\r\n', '\r', '𝔽', ' ')).map((parts) => parts.join('')),
        fc.nat(30),
        (sample, at) => {
          const offset = Math.min(at, sample.length);
          if (sample[offset - 1] === '\r' && sample[offset] === '\n') return;
          const lines = sample.slice(0, offset).split(/\r\n|\r|\n/);
          expect(new LineIndex(sample).positionAt(offset)).toEqual({
            line: lines.length,
            column: (lines.at(-1) ?? '').length + 1,
          });
        },
      ),
    );
  });

  it('are where jsonc-parser sees the value of every path of the examples', () => {
    for (const example of texts) {
      const parsed = parseExperiment(example);
      for (const path of pathsOf(parsed.file, [])) {
        const { offset, length } = parsed.rangeOf(path);
        const tree = parseTree(example.slice(offset, offset + length));
        const value = path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)[step], parsed.file);
        expect(tree && (getNodeValue(tree) as unknown)).toEqual(value);
      }
    }
  });
});

describe('nearest', () => {
  it.each([
    ['lernRate', ['learningRate', 'loss'], 'learningRate'],
    ['learnRate', ['learningRate'], 'learningRate'],
    ['KIND', ['kind', 'rank'], 'kind'],
    ['knid', ['kind'], 'kind'],
    ['wdith', ['width', 'kind'], 'width'],
    ['xyz', ['kind', 'width'], undefined],
    ['a', ['b'], undefined],
    ['', ['a'], undefined],
  ])('%s among %j is %s', (written, valid, expected) => {
    expect(nearest(written, valid)).toBe(expected);
  });
});

function pathsOf(value: unknown, path: JsonPath): JsonPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value) ? value.map((item: unknown, i) => [i, item] as const) : Object.entries(value);
  const deeper = inner.flatMap(([step, item]) => pathsOf(item, [...path, step]));
  return path.length === 0 ? deeper : [path, ...deeper];
}
