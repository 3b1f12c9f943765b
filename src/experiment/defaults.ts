import { Kind, type TObject, type TSchema } from '@sinclair/typebox';
import { chosenVariant, isPlainObject } from './variant';

/** The default that the schema gives to a value. */
export function defaultOf<T>(schema: TSchema): T {
  if (schema.default === undefined) throw new Error(`The schema "${schema.title}" has no default.`);
  return structuredClone(schema.default) as T;
}

/**
 * A value that is right by the schema, with the defaults of the schema for what it leaves out. Properties come in the order of
 * the schema, so that two files that mean the same read the same.
 */
export function withDefaults(schema: TSchema, value: unknown): unknown {
  const given = value === undefined ? structuredClone(schema.default) : value;
  if (given === undefined) return undefined;
  if (schema[Kind] === 'Union') {
    const variant = chosenVariant(schema, given);
    return variant ? withDefaults(variant, given) : given;
  }
  if (schema[Kind] === 'Array' && Array.isArray(given)) return given.map((item) => withDefaults(schema.items, item));
  if (schema[Kind] !== 'Object' || !isPlainObject(given)) return given;
  const filled: Record<string, unknown> = {};
  for (const [key, property] of Object.entries((schema as TObject).properties)) {
    const inner = withDefaults(property, given[key]);
    if (inner !== undefined) filled[key] = inner;
  }
  return filled;
}
