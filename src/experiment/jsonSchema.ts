import { Kind, type TObject, type TSchema } from '@sinclair/typebox';
import { ExperimentSchema } from './kinds';
import { describeAllowed } from './words';

/** A JSON schema as plain JSON. */
export type JsonSchema = Record<string, unknown>;

/**
 * The JSON schema (draft 07) of experiment files: strict, with titles, descriptions, defaults, and Markdown for editors. It is
 * derived from the same source as the validator and the types; semantic checks stand beyond it.
 */
export function experimentJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...jsonSchemaOf(ExperimentSchema),
    allowComments: true,
    allowTrailingCommas: true,
  };
}

function jsonSchemaOf(schema: TSchema): JsonSchema {
  const { title, description, default: byDefault } = schema;
  const notes = ifThere({ $id: schema.$id, title, description, default: byDefault, markdownDescription: markdownOf(schema) });
  switch (schema[Kind]) {
    case 'Object': {
      const { properties, required } = schema as TObject;
      const entries = Object.entries(properties).map(([name, property]) => [name, jsonSchemaOf(property)]);
      return {
        type: 'object',
        ...notes,
        properties: Object.fromEntries(entries),
        ...ifThere({ required }),
        additionalProperties: false,
      };
    }
    case 'Array':
      return {
        type: 'array',
        ...notes,
        items: jsonSchemaOf(schema.items),
        ...ifThere(pick(schema, ['minItems', 'maxItems', 'uniqueItems'])),
      };
    case 'Tuple': {
      const items = (schema.items as TSchema[]).map(jsonSchemaOf);
      return { type: 'array', ...notes, items, minItems: items.length, maxItems: items.length, additionalItems: false };
    }
    case 'Union':
      return { ...notes, ...unionOf(schema.anyOf) };
    case 'Literal':
      return { type: 'string', ...notes, const: schema.const };
    default:
      return { type: schema.type, ...notes, ...ifThere(pick(schema, CONSTRAINTS)) };
  }
}

const CONSTRAINTS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength', 'pattern'];

/** Names are one enumeration with a description each; other variants stand beside it. */
function unionOf(variants: TSchema[]): JsonSchema {
  const names = variants.filter((variant) => variant[Kind] === 'Literal');
  const others = variants.filter((variant) => variant[Kind] !== 'Literal').map(jsonSchemaOf);
  if (names.length === 0) return { anyOf: others };
  const descriptions = names.map(({ description }) => description ?? '');
  const enumeration = {
    type: 'string',
    enum: names.map((name) => name.const),
    enumDescriptions: descriptions,
    markdownEnumDescriptions: descriptions,
  };
  return others.length === 0 ? enumeration : { anyOf: [enumeration, ...others] };
}

/** Between what a hover says. */
export const PARAGRAPH = '\n\n';

/** What a hover shows: what it is, what is allowed, what it is by default. */
export function markdownOf(schema: TSchema): string | undefined {
  if (!schema.description) return undefined;
  const isObject = schema[Kind] === 'Object' || schema[Kind] === 'Literal' || schema.discriminator;
  const parts = [
    schema.description,
    ...(isObject ? [] : [`Allowed: ${describeAllowed(schema)}.`]),
    ...(schema.default === undefined ? [] : [`Default: \`${JSON.stringify(schema.default)}\``]),
  ];
  return parts.join(PARAGRAPH);
}

function pick(schema: TSchema, names: readonly string[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, schema[name]]));
}

function ifThere(properties: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
