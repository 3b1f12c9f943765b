import { Kind, type TArray, type TObject, type TSchema, type TTuple } from '@sinclair/typebox';
import { markdownOf, type JsonSchema } from './jsonSchema';
import { ExperimentSchema } from './kinds';
import { discriminatorOf, variantNames } from './variant';
import { flatVariants, quoted } from './words';

/**
 * The JSON schema that VS Code's JSON language server gets: completion and hover, and not one squiggle. This extension tells
 * all problems itself, with better words, so nothing in it may constrain a value: no types, no enumerations, no constants but
 * in conditions, no required or additional properties. What was allowed is offered as snippets instead. A union with a
 * discriminator offers its names, and from the moment that one is written, the properties of that variant alone.
 */
export function editorJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'recovery-experiment-editor',
    ...editorSchemaOf(ExperimentSchema),
    allowComments: true,
    allowTrailingCommas: true,
  };
}

interface Snippet {
  label: string;
  description?: string;
  body: unknown;
}

function editorSchemaOf(schema: TSchema): JsonSchema {
  const snippets = snippetsOf(schema);
  return { ...notesOf(schema), ...structureOf(schema), ...(snippets.length > 0 ? { defaultSnippets: snippets } : {}) };
}

/** Title, descriptions and default of a value. */
function notesOf(schema: TSchema): JsonSchema {
  const notes: JsonSchema = {};
  for (const name of ['title', 'description', 'default']) if (schema[name] !== undefined) notes[name] = schema[name];
  const markdownDescription = markdownOf(schema);
  return markdownDescription === undefined ? notes : { ...notes, markdownDescription };
}

/** Properties, items and conditions: where to look for the schema of an inner value. */
function structureOf(schema: TSchema): JsonSchema {
  if (discriminatorOf(schema) !== undefined) return conditional(schema);
  switch (schema[Kind]) {
    case 'Object':
      return { properties: propertiesOf(schema as TObject) };
    case 'Array':
      return { items: editorSchemaOf((schema as TArray).items) };
    case 'Tuple':
      return { items: ((schema as TTuple).items ?? []).map(editorSchemaOf) };
    case 'Union':
      // Properties speak to objects alone and items to lists alone, so that the variants can stand side by side.
      return Object.assign({}, ...flatVariants(schema).map(structureOf)) as JsonSchema;
    default:
      return {};
  }
}

function propertiesOf(schema: TObject): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, editorSchemaOf(property)]));
}

/**
 * `if` the discriminator is written, `then` the properties of its variant. The schema inside the condition is kept out of the
 * proposals: the names are offered, with their descriptions, by the property beside it.
 */
function conditional(schema: TSchema): JsonSchema {
  const discriminator = discriminatorOf(schema) ?? '';
  const variants = schema.anyOf as TObject[];
  const names = variants.map((variant) => nameSnippet(variant.properties[discriminator]));
  const description = `Decides which properties follow: ${variantNames(schema, discriminator).join(', ')}.`;
  return {
    properties: { [discriminator]: { description, defaultSnippets: names } },
    allOf: variants.map((variant) => {
      const name = variant.properties[discriminator];
      return {
        if: { properties: { [discriminator]: { const: name.const, doNotSuggest: true } }, required: [discriminator] },
        then: { ...notesOf(variant), properties: { ...propertiesOf(variant), [discriminator]: notesOf(name) } },
      };
    }),
  };
}

/** What completion offers as a whole value. */
function snippetsOf(schema: TSchema): Snippet[] {
  const discriminator = discriminatorOf(schema);
  if (discriminator !== undefined) {
    return (schema.anyOf as TObject[]).map((variant) => ({
      label: `{ ${quoted(discriminator)}: ${quoted(String(variant.properties[discriminator].const))}, … }`,
      description: variant.description,
      body: skeletonOf(variant),
    }));
  }
  switch (schema[Kind]) {
    case 'Union':
      return flatVariants(schema).flatMap(snippetsOf);
    case 'Literal':
      return [nameSnippet(schema)];
    case 'Boolean':
      return [true, false].map((value) => ({ label: String(value), body: value }));
    case 'Object':
      return [
        {
          label: `{ ${Object.keys((schema as TObject).properties).join(', ')} }`,
          description: schema.description,
          body: skeletonOf(schema as TObject),
        },
      ];
    case 'Array':
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
