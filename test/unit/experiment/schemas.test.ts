import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { editorJsonSchema, experimentJsonSchema, ExperimentSchema } from '../../../src/experiment';
import { RecoveryExperimentSchema, TrainingSchema } from '../../../src/experiment/schema';

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every schema inside a schema, with its path; conditions are told apart. */
function* schemasIn(value: unknown, path: string[] = []): Generator<{ schema: Json; path: string[] }> {
  if (Array.isArray(value)) {
    for (const [i, inner] of value.entries()) yield* schemasIn(inner, [...path, String(i)]);
  } else if (isJson(value)) {
    yield { schema: value, path };
    for (const name of ['properties', 'items', 'anyOf', 'allOf', 'if', 'then']) {
      const inner = value[name];
      if (name === 'properties' && isJson(inner)) {
        for (const [key, property] of Object.entries(inner)) yield* schemasIn(property, [...path, name, key]);
      } else if (inner !== undefined) {
        yield* schemasIn(inner, [...path, name]);
      }
    }
  }
}

describe('the JSON schema', () => {
  const schema = experimentJsonSchema();

  it('is draft 07 by its own meta-schema, and plain JSON', () => {
    expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true);
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(JSON.stringify(schema)).not.toContain('discriminator');
  });

  it('closes every object and teaches at every property', () => {
    for (const { schema: inner, path } of schemasIn(schema)) {
      if (inner.type === 'object') expect(inner.additionalProperties, path.join('.')).toBe(false);
      if (path.at(-2) !== 'properties') continue;
      expect(inner.title, path.join('.')).toEqual(expect.any(String));
      expect(inner.description, path.join('.')).toMatch(/[.!]$|\.\)$/);
      expect(inner.markdownDescription, path.join('.')).toContain(inner.description);
    }
  });

  it('says what is allowed and what is the default', () => {
    const text = JSON.stringify(schema);
    expect(text).toContain('Allowed: a whole number from 1 to 100000.\\n\\nDefault: `10`');
    expect(text).toContain(JSON.stringify(TrainingSchema.properties.trials.description).slice(1, -1));
    expect(text).toContain('"enumDescriptions":["No Hessian."');
  });
});

describe('the schema for the editor', () => {
  const schema = editorJsonSchema();

  it('constrains nothing outside of conditions', () => {
    const constraints = [
      'type',
      'enum',
      'const',
      'required',
      'additionalProperties',
      'additionalItems',
      'minimum',
      'maximum',
      'exclusiveMinimum',
      'exclusiveMaximum',
      'pattern',
      'minItems',
      'maxItems',
      'minLength',
      'maxLength',
      'uniqueItems',
      'anyOf',
      'oneOf',
      'not',
      'format',
      'deprecationMessage',
    ];
    for (const { schema: inner, path } of schemasIn(schema)) {
      if (path.includes('if')) continue;
      expect([path.join('.'), Object.keys(inner).filter((name) => constraints.includes(name))]).toEqual([path.join('.'), []]);
    }
  });

  it('is met by any value at all', () => {
    const isRight = new Ajv({ strict: false }).compile(schema);
    for (const value of [
      null,
      3,
      'x',
      [],
      [{}],
      { experiment: 5 },
      { experiment: 'rank', model: 3 },
      { experiment: 'recovery', model: { kind: 'twoLayer', width: 'x' }, data: [] },
    ]) {
      expect(isRight(value)).toBe(true);
    }
  });

  it('offers the properties of a variant once its name is written', () => {
    const kinds = ExperimentSchema.anyOf.map(({ properties }) => (properties.experiment as unknown as { const: string }).const);
    expect(kinds).toEqual(expect.arrayContaining(['recovery', 'rank', 'geometry']));
    const branches = schema.allOf as { if: Json; then: { properties: Record<string, Json> } }[];
    expect(branches.map((branch) => branch.if)).toEqual(
      kinds.map((name) => ({
        properties: { experiment: { const: name, doNotSuggest: true } },
        required: ['experiment'],
      })),
    );
    expect(Object.keys(branches[0].then.properties)).toEqual(Object.keys(RecoveryExperimentSchema.properties));
  });

  it('offers names with descriptions, and whole values', () => {
    const { then } = (schema.allOf as { then: { properties: Record<string, Json> } }[])[0];
    const model = then.properties.model as { properties: { kind: Json }; defaultSnippets: { label: string; body: unknown }[] };
    const names = model.properties.kind.defaultSnippets as { label: string; description: string; body: unknown }[];
    expect(names.map(({ body }) => body)).toEqual([
      'matrixFactorization',
      'twoLayer',
      'formula',
      'diagonal',
      'deepNetwork',
      'convolution',
    ]);
    for (const { description } of names) expect(description.length).toBeGreaterThan(10);
    expect(model.defaultSnippets[0].body).toEqual({ kind: 'matrixFactorization', rows: '^${1:4}', columns: '^${2:4}' });
    for (const { schema: inner } of schemasIn(schema)) {
      const labels = ((inner.defaultSnippets ?? []) as { label: string }[]).map(({ label }) => label);
      expect(new Set(labels).size).toBe(labels.length);
    }
  });
});
