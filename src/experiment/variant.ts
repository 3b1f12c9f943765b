import { Kind, type TObject, type TSchema } from '@sinclair/typebox';
import { flatVariants } from './words';

export type PlainObject = Record<string, unknown>;

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The property that tells the variants of a union apart, if it has one. */
export function discriminatorOf(schema: TSchema): string | undefined {
  return schema.discriminator?.propertyName;
}

/** The names that a discriminator may have, in the order of the schema. */
export function variantNames(schema: TSchema, discriminator: string): string[] {
  return (schema.anyOf as TObject[]).map((variant) => String(variant.properties[discriminator].const));
}

/**
 * The variant of a union that a value is written as: by its discriminator, where that is left out by the variant that can do
 * without and whose properties are there (of several the one that knows most of them), else by its JSON type, and of several objects the one
 * that knows most of its properties. Undefined when it is none, or a text among several that are allowed.
 */
export function chosenVariant(schema: TSchema, value: unknown): TSchema | undefined {
  const discriminator = discriminatorOf(schema);
  if (discriminator !== undefined) {
    if (!isPlainObject(value)) return undefined;
    if (!Object.hasOwn(value, discriminator)) return variantWithout(schema, discriminator, value);
    return (schema.anyOf as TObject[]).find((variant) => variant.properties[discriminator].const === value[discriminator]);
  }
  const variants = flatVariants(schema).filter((variant) => hasJsonTypeOf(variant, value));
  if (variants.length < 2 || !isPlainObject(value)) return variants[0];
  const known = (variant: TSchema): number => Object.keys(value).filter((key) => key in (variant.properties ?? {})).length;
  return variants.reduce((best, variant) => (known(variant) > known(best) ? variant : best));
}

function variantWithout(schema: TSchema, discriminator: string, value: PlainObject): TSchema | undefined {
  const fitting = (schema.anyOf as TObject[]).filter(
    ({ required = [] }) => !required.includes(discriminator) && required.every((name) => Object.hasOwn(value, name)),
  );
  const known = ({ properties }: TObject): number => Object.keys(value).filter((key) => key in properties).length;
  return fitting.reduce<TObject | undefined>((best, each) => (best && known(best) >= known(each) ? best : each), undefined);
}

function hasJsonTypeOf(schema: TSchema, value: unknown): boolean {
  switch (schema[Kind]) {
    case 'Literal':
      return schema.const === value;
    case 'Array':
    case 'Tuple':
      return Array.isArray(value);
    case 'Object':
    case 'Union':
      return isPlainObject(value);
    case 'Integer':
    case 'Number':
      return typeof value === 'number';
    case 'Boolean':
      return typeof value === 'boolean';
    default:
      return typeof value === 'string';
  }
}
