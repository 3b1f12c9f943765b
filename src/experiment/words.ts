import { Kind, type TObject, type TSchema } from '@sinclair/typebox';

/** A value as it is named in a message: short, whatever it is. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return 'an object';
}

/** What a schema allows, in words that fit after "must be". */
export function describeAllowed(schema: TSchema): string {
  switch (schema[Kind]) {
    case 'Boolean':
      return 'true or false';
    case 'Integer':
      return `a whole number${bounds(schema)}`;
    case 'Number':
      return `a number${bounds(schema)}`;
    case 'String':
      return typeof schema.minLength === 'number' && schema.minLength > 0 ? 'a text that is not empty' : 'a text';
    case 'Literal':
      return quoted(String(schema.const));
    case 'Array':
      return 'a list';
    case 'Tuple':
      return `a list of ${(schema.items as TSchema[]).length} values`;
    case 'Union':
      return describeUnion(schema);
    default:
      return 'an object';
  }
}

function describeUnion(schema: TSchema): string {
  const variants = flatVariants(schema);
  if (schema.discriminator) return `an object with "${schema.discriminator.propertyName}"`;
  const literals = variants.filter((variant) => variant[Kind] === 'Literal').map((variant) => quoted(String(variant.const)));
  const others = variants.filter((variant) => variant[Kind] !== 'Literal').map((variant) => withProperties(variant));
  return either([...literals, ...others]);
}

/** `an object { from, to, step }`: in a union, an object is told by its properties. */
function withProperties(schema: TSchema): string {
  if (schema[Kind] !== 'Object') return describeAllowed(schema);
  return `an object { ${Object.keys((schema as TObject).properties).join(', ')} }`;
}

/** The variants of a union, with those of inner unions that have no discriminator of their own. */
export function flatVariants(schema: TSchema): TSchema[] {
  if (schema[Kind] !== 'Union') return [schema];
  return (schema.anyOf as TSchema[]).flatMap((variant) =>
    variant[Kind] === 'Union' && !variant.discriminator ? flatVariants(variant) : [variant],
  );
}

function bounds(schema: TSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Record<string, number | undefined>;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const lower =
    exclusiveMinimum !== undefined ? `greater than ${exclusiveMinimum}` : minimum !== undefined ? `at least ${minimum}` : '';
  const upper =
    exclusiveMaximum !== undefined ? `less than ${exclusiveMaximum}` : maximum !== undefined ? `at most ${maximum}` : '';
  const both = [lower, upper].filter((part) => part !== '').join(' and ');
  return both === '' ? '' : ` ${both}`;
}

export function either(choices: readonly string[]): string {
  if (choices.length <= 1) return choices.join('');
  return `${choices.slice(0, -1).join(', ')} or ${choices[choices.length - 1]}`;
}

/** Text in double quotes, cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** `1 entry`, `2 entries`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
