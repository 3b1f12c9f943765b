import { Kind, type TArray, type TObject, type TSchema, type TTuple } from '@sinclair/typebox';
import { markdownOf, PARAGRAPH, type JsonSchema } from './jsonSchema';
import { jsonText } from './edits';
import { ExperimentSchema, isExperimentKind } from './kinds';
import { blocksNamed, templateValue } from './templates/blocks';
import { TEMPLATES } from './templates/templates';
import { discriminatorOf, isPlainObject, variantNames } from './variant';
import { flatVariants, quoted } from './words';

/**
 * The JSON schema that VS Code's JSON language server gets: completion and hover, and not one squiggle. This extension tells
 * all problems itself, with better words, so nothing in it may constrain a value: no types, no enumerations, no constants but
 * in conditions, no required or additional properties. What was allowed is offered as snippets instead. A union with a
 * discriminator offers its names, and from the moment that one is written, the properties of that variant alone.
 */
export function editorJsonSchema(say: (text: string) => string = (text) => text): JsonSchema {
  return said(
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'recovery-experiment-editor',
      ...editorSchemaOf(ExperimentSchema, { blocks: templateValues() }),
      allowComments: true,
      allowTrailingCommas: true,
    },
    say,
  ) as JsonSchema;
}

/** The same with titles and descriptions in another language; values, and the names of properties, are none of them. */
function said(schema: unknown, say: (text: string) => string): unknown {
  if (Array.isArray(schema)) return schema.map((inner) => said(inner, say));
  if (!isPlainObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => {
      if (name === 'properties') return [name, mapped(value as JsonSchema, (inner) => said(inner, say))];
      if (name === 'default' || name === 'body') return [name, value];
      if (name === 'markdownDescription') return [name, String(value).split(PARAGRAPH).map(say).join(PARAGRAPH)];
      return [name, SPOKEN.has(name) && typeof value === 'string' ? say(value) : said(value, say)];
    }),
  );
}

const SPOKEN = new Set(['title', 'description']);

const mapped = (object: JsonSchema, change: (value: unknown) => unknown): JsonSchema =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

/** A whole experiment of every kind. */
const templateValues = () => Object.keys(TEMPLATES).filter(isExperimentKind).map(templateValue);

/** What is known to be good in a place: blocks for the variants of a union, a value for anything else. */
interface Good {
  blocks?: readonly unknown[];
  value?: unknown;
}

interface Snippet {
  label: string;
  description?: string;
  body: unknown;
}

function editorSchemaOf(schema: TSchema, good: Good = {}): JsonSchema {
  const snippets = snippetsOf(schema, good);
  return { ...notesOf(schema), ...structureOf(schema, good), ...(snippets.length > 0 ? { defaultSnippets: snippets } : {}) };
}

/** Title, descriptions and default of a value. */
function notesOf(schema: TSchema): JsonSchema {
  const notes: JsonSchema = {};
  for (const name of ['title', 'description', 'default']) if (schema[name] !== undefined) notes[name] = schema[name];
  const markdownDescription = markdownOf(schema);
  return markdownDescription === undefined ? notes : { ...notes, markdownDescription };
}

/** Properties, items and conditions: where to look for the schema of an inner value. */
function structureOf(schema: TSchema, good: Good = {}): JsonSchema {
  if (discriminatorOf(schema) !== undefined) return conditional(schema, good);
  switch (schema[Kind]) {
    case 'Object':
      return { properties: propertiesOf(schema as TObject, good.value) };
    case 'Array':
      return { items: editorSchemaOf((schema as TArray).items) };
    case 'Tuple':
      return { items: ((schema as TTuple).items ?? []).map((item) => editorSchemaOf(item)) };
    case 'Union':
      // Properties speak to objects alone and items to lists alone, so that the variants can stand side by side.
      return Object.assign({}, ...flatVariants(schema).map((variant) => structureOf(variant))) as JsonSchema;
    default:
      return {};
  }
}

function propertiesOf(schema: TObject, value?: unknown): Record<string, JsonSchema> {
  const goodOf = (name: string): Good => ({
    blocks: blocksNamed(name),
    value: isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined,
  });
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, editorSchemaOf(property, goodOf(name))]),
  );
}

/**
 * `if` the discriminator is written, `then` the properties of its variant. The schema inside the condition is kept out of the
 * proposals: the names are offered, with their descriptions, by the property beside it.
 */
function conditional(schema: TSchema, good: Good): JsonSchema {
  const discriminator = discriminatorOf(schema) ?? '';
  const variants = schema.anyOf as TObject[];
  const names = variants.map((variant) => nameSnippet(variant.properties[discriminator]));
  const description = `Decides which properties follow: ${variantNames(schema, discriminator).map(quoted).join(', ')}.`;
  return {
    properties: { [discriminator]: { description, defaultSnippets: names } },
    allOf: variants.map((variant) => {
      const name = variant.properties[discriminator];
      return {
        if: { properties: { [discriminator]: { const: name.const, doNotSuggest: true } }, required: [discriminator] },
        then: {
          ...notesOf(variant),
          properties: { ...propertiesOf(variant, blockOf(good, discriminator, name.const)), [discriminator]: notesOf(name) },
        },
      };
    }),
  };
}

/** The block of a variant, by the name in its discriminator. */
function blockOf({ blocks = [], value }: Good, discriminator: string, name: unknown): unknown {
  return [value, ...blocks].find((block) => isPlainObject(block) && block[discriminator] === name);
}

/** What completion offers as a whole value. */
function snippetsOf(schema: TSchema, good: Good = {}): Snippet[] {
  const discriminator = discriminatorOf(schema);
  if (discriminator !== undefined) {
    const named = (schema.anyOf as TObject[]).map((variant) => {
      const name: unknown = variant.properties[discriminator].const;
      const block = blockOf(good, discriminator, name);
      return {
        label: `{ ${quoted(discriminator)}: ${quoted(String(name))}, … }`,
        description: variant.description,
        body: block === undefined ? skeletonOf(variant) : blockBody(block),
      };
    });
    return named;
  }
  switch (schema[Kind]) {
    case 'Union':
      return [...valueSnippet(schema, good), ...flatVariants(schema).flatMap((variant) => snippetsOf(variant))];
    case 'Literal':
      return [nameSnippet(schema)];
    case 'Boolean':
      return [true, false].map((value) => ({ label: String(value), body: value }));
    case 'Object':
      return [
        {
          label: `{ ${Object.keys((schema as TObject).properties).join(', ')} }`,
          description: schema.description,
          body: isPlainObject(good.value) ? blockBody(good.value) : skeletonOf(schema as TObject),
        },
      ];
    case 'Array':
      if (Array.isArray(good.value)) return valueSnippet(schema, good);
      return [{ label: '[ … ]', description: schema.description, body: raw('[$1]') }];
    case 'Tuple':
      return [{ label: '[ …, … ]', description: schema.description, body: raw('[${1:1}, ${2:1}]') }];
    case 'String':
      return [{ label: '"…"', description: schema.description, body: '$1' }];
    default:
      return schema.default === undefined
        ? [{ label: exampleNumber(schema), description: schema.description, body: raw(`\${1:${exampleNumber(schema)}}`) }]
        : [];
  }
}

/** The good value of a place, where it is an object or a list; names and numbers are offered without it. */
function valueSnippet({ description }: TSchema, { value }: Good): Snippet[] {
  if (typeof value !== 'object' || value === null) return [];
  return [{ label: jsonText(value).replace(/\s+/g, ' '), description, body: blockBody(value) }];
}

/** A block as the body of a snippet: every number is a place to fill in, in the order of the text. */
function blockBody(block: unknown): unknown {
  let place = 0;
  const bodyOf = (value: unknown): unknown => {
    if (typeof value === 'number') return raw(`\${${++place}:${value}}`);
    if (Array.isArray(value)) return value.map(bodyOf);
    return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bodyOf(inner)])) : value;
  };
  return bodyOf(block);
}

function nameSnippet(literal: TSchema): Snippet {
  return { label: quoted(String(literal.const)), description: literal.description, body: literal.const };
}

/** An object with its required properties, or those that it names as its `skeleton`, each to be filled in. */
function skeletonOf(schema: TObject): unknown {
  const names = (schema.skeleton as string[] | undefined) ?? schema.required ?? [];
  if (names.length === 0) return raw('{$1}');
  const body: JsonSchema = {};
  let place = 1;
  for (const name of names) {
    const property = schema.properties[name];
    body[name] = property[Kind] === 'Literal' ? property.const : placeholderFor(property, place++);
  }
  return body;
}

function placeholderFor(schema: TSchema, place: number): unknown {
  if (discriminatorOf(schema) !== undefined || schema[Kind] === 'Object') return raw(`{$${place}}`);
  switch (schema[Kind]) {
    case 'String':
      return `$${place}`;
    case 'Array':
      return raw(`[$${place}]`);
    case 'Union':
      return raw(`$${place}`);
    default:
      return raw(`\${${place}:${exampleNumber(schema)}}`);
  }
}

function exampleNumber(schema: TSchema): string {
  return String(schema.default ?? Math.max(1, Number(schema.minimum ?? 1)));
}

/** In the body of a snippet, a text that begins with ^ is written without quotes. */
function raw(snippet: string): string {
  return `^${snippet}`;
}
