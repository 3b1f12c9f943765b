import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it, test } from 'vitest';
import {
  jsonText,
  missingParts,
  parseExperiment,
  propertyEdits,
  TEMPLATES,
  templateValue,
  withProperty,
  type ExperimentKindName,
} from '../../../src/experiment';

const errors = (text: string) => parseExperiment(text).problems.filter(({ severity }) => severity === 'error');

/** The text with the first part of every missing property, until nothing is missing. */
function repaired(text: string): string {
  let now = text;
  for (let round = 0; round < 20; round++) {
    const [part] = errors(now).flatMap((problem) => missingParts(now, problem));
    if (!part) return now;
    now = withProperty(now, part.path, part.value);
  }
  return now;
}

describe('missing parts', () => {
  for (const kind of Object.keys(TEMPLATES) as ExperimentKindName[]) {
    test(`any one part of a ${kind} experiment can be put back`, () => {
      for (const name of Object.keys(templateValue(kind)).filter((each) => each !== 'experiment')) {
        const text = withProperty(TEMPLATES[kind], [name], undefined);
        // Others are optional, or missed elsewhere: by an expectation about them.
        if (errors(text).some(({ path }) => path[0] === name))
          expect(errors(repaired(text)), `${kind} without ${name}`).toEqual([]);
      }
    });

    test(`a bare ${kind} experiment becomes a whole one`, () => {
      expect(errors(repaired(`{ "experiment": "${kind}" }`))).toEqual([]);
    });
  }

  it('fit what is there already', () => {
    const text = '{ "experiment": "rank", "model": { "kind": "convolution", "inputs": 5, "kernel": 3, "kernels": 2 } }';
    const [problem] = errors(text);
    expect(missingParts(text, problem)).toEqual([{ path: ['target'], value: { kind: 'teacher', width: 1, seed: 1 } }]);
  });

  it('are all the names where the name of a kind is missing', () => {
    const text = '{ "experiment": "rank", "model": { "rows": 3 }, "target": { "kind": "lowRank", "rank": 1 } }';
    const names = errors(text).flatMap((problem) => missingParts(text, problem).map(({ value }) => value));
    expect(names).toContain('matrixFactorization');
  });

  it('are none for other problems', () => {
    const text = TEMPLATES.recovery.replace('"rows": 4', '"rows": -4');
    expect(errors(text).flatMap((problem) => missingParts(text, problem))).toEqual([]);
  });
});

describe('edits', () => {
  const value = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(null, true, false),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
      fc.string(),
      fc.array(tie('json'), { maxLength: 6 }),
      fc.dictionary(
        fc.string().filter((name) => name !== '__proto__'),
        tie('json'),
        { maxKeys: 5 },
      ),
    ),
  })).json;

  test('text of a value reads back as the value', () => {
    fc.assert(fc.property(value, (json) => void expect(JSON.parse(jsonText(json))).toEqual(json)));
  });

  test('setting a property changes this property alone', () => {
    fc.assert(
      fc.property(value, fc.constantFrom('target', 'data', 'new'), (json, name) => {
        const text = withProperty(TEMPLATES.recovery, [name], json);
        expect(parse(text)).toEqual({ ...templateValue('recovery'), [name]: json });
        expect(text.startsWith('// From how many samples on')).toBe(true);
      }),
    );
  });

  it('keep comments and trailing commas, and indent as the file does', () => {
    const text = '{\n\t// first\n\t"a": 1, // last\n}\n';
    const [edit] = propertyEdits(text, ['b'], { c: Array.from({ length: 60 }, (_, i) => i) }, '\t');
    const after = text.slice(0, edit.offset) + edit.content + text.slice(edit.offset + edit.length);
    expect(parse(after, [], { allowTrailingComma: true })).toMatchObject({ a: 1, b: { c: expect.arrayContaining([59]) } });
    expect(after).toContain('\n\t"b": {\n\t\t"c": [\n\t\t\t0,');
    expect(after).toContain('// last');
  });
});
