import { Kind, type TArray, type TObject, type TSchema, type TTuple } from '@sinclair/typebox';
import type { JsonPath } from './problem';
import { chosenVariant, discriminatorOf } from './variant';
import { flatVariants } from './words';

/** The schema of the value at a path, in the variants that the value is written as; undefined where there is none. */
export function schemaAt(schema: TSchema, value: unknown, path: JsonPath): TSchema | undefined {
  const variant = schema[Kind] === 'Union' ? chosenVariant(schema, value) : schema;
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  if (!variant) return undefined;
  const inner = innerSchema(variant, step);
  return inner && schemaAt(inner, (value as Record<string | number, unknown> | undefined)?.[step], rest);
}

function innerSchema(schema: TSchema, step: string | number): TSchema | undefined {
  switch (schema[Kind]) {
    case 'Object':
      return Object.hasOwn((schema as TObject).properties, step) ? (schema as TObject).properties[step] : undefined;
    case 'Array':
      return (schema as TArray).items;
    case 'Tuple':
      return ((schema as TTuple).items ?? [])[Number(step)];
    default:
      return undefined;
  }
}

/** A small value that the schema allows: defaults, least numbers, first names, and of objects what is required. */
export function exampleOf(schema: TSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  switch (schema[Kind]) {
    case 'Literal':
      return schema.const;
    case 'Boolean':
      return true;
    case 'Integer':
    case 'Number':
      return Math.max(1, Number(schema.minimum ?? 1));
    case 'String':
      return '';
    case 'Array':
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => exampleOf((schema as TArray).items));
    case 'Tuple':
      return ((schema as TTuple).items ?? []).map(exampleOf);
    case 'Union':
      return exampleOf(discriminatorOf(schema) === undefined ? flatVariants(schema)[0] : (schema.anyOf as TSchema[])[0]);
    default: {
      const { properties, required = [] } = schema as TObject;
      const names = (schema.skeleton as string[] | undefined) ?? required;
      return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name])]));
    }
  }
}
