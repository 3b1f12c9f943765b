import { Kind, type TObject, type TSchema } from '@sinclair/typebox';
import { Errors, ValueErrorType, type ValueError } from '@sinclair/typebox/errors';
import { Check } from '@sinclair/typebox/value';
import type { Finding } from './finding';
import { nearest } from './nearest';
import type { JsonPath } from './problem';
import { PROBLEM_LIMIT } from './syntax';
import { chosenVariant, discriminatorOf, isPlainObject, variantNames } from './variant';
import { describeAllowed, describeValue, either, flatVariants, quoted } from './words';

/**
 * What is wrong with a value by the schema of the file format: at most one finding for one cause, at most `PROBLEM_LIMIT`.
 * In a union only the variant counts that the value is written as.
 */
export function validate(schema: TSchema, value: unknown): Finding[] {
  // Nearly always nothing is wrong, and to see that is much faster than to look for errors.
  if (Check(schema, value)) return [];
  const found = new Map<string, Finding>();
  for (const finding of schemaFindings(schema, value, [])) {
    const key = JSON.stringify(finding.path);
    if (!found.has(key)) found.set(key, finding);
    if (found.size >= PROBLEM_LIMIT) break;
  }
  return withoutMisspelt([...found.values()]);
}

/** A property that is missing because its name is misspelt is told once, as the misspelt name. */
function withoutMisspelt(findings: Finding[]): Finding[] {
  const meant = new Set<string>();
  for (const { code, path, suggestion } of findings) {
    if (code === 'unknown-property' && suggestion !== undefined) meant.add(JSON.stringify([...path.slice(0, -1), suggestion]));
  }
  return findings.filter(({ code, path }) => code !== 'missing-property' || !meant.has(JSON.stringify(path)));
}

function* schemaFindings(schema: TSchema, value: unknown, path: JsonPath): Generator<Finding> {
  if (schema[Kind] === 'Union') {
    yield* unionFindings(schema, value, path);
    return;
  }
  for (const error of Errors(schema, value)) {
    const inner = [...path, ...pathOf(error.path, value)];
    if (error.type === ValueErrorType.Union) yield* unionFindings(error.schema, error.value, inner);
    else yield findingOf(error, inner, ownerOf(error, value));
  }
}

function* unionFindings(schema: TSchema, value: unknown, path: JsonPath): Generator<Finding> {
  const variant = chosenVariant(schema, value);
  if (variant && variant[Kind] !== 'Literal') {
    yield* schemaFindings(variant, value, path);
    return;
  }
  if (variant) return;
  const discriminator = discriminatorOf(schema);
  yield discriminator !== undefined
    ? discriminatorFinding(schema, discriminator, value, path)
    : choiceFinding(schema, value, path);
}

/** A union whose variant cannot be told: its discriminator is absent, misspelt or none of the names. */
function discriminatorFinding(schema: TSchema, discriminator: string, value: unknown, path: JsonPath): Finding {
  const names = variantNames(schema, discriminator);
  const allowed = `Allowed: ${names.map(quoted).join(', ')}.`;
  if (!isPlainObject(value)) {
    const message = `${nameOf(path)} must be an object with ${quoted(discriminator)}, not ${describeValue(value)}. ${allowed}`;
    return value === undefined ? missing(schema, path) : { code: 'wrong-type', message, path };
  }
  if (Object.hasOwn(value, discriminator)) return unknownName([...path, discriminator], value[discriminator], names);
  const misspelt = Object.keys(value).find((key) => nearest(key, [discriminator]) === discriminator);
  if (misspelt !== undefined) {
    const message = `Unknown property ${quoted(misspelt)}. Did you mean ${quoted(discriminator)}? ${allowed}`;
    return { code: 'unknown-property', message, path: [...path, misspelt], at: 'key', suggestion: discriminator };
  }
  const message = `The property ${quoted(discriminator)} is missing. ${allowed}`;
  return { code: 'missing-property', message, path: [...path, discriminator], at: 'holder' };
}

/** A value that is of none of the types, or a text that is none of the names, of a union without discriminator. */
function choiceFinding(schema: TSchema, value: unknown, path: JsonPath): Finding {
  const names = flatVariants(schema)
    .filter((variant) => variant[Kind] === 'Literal')
    .map((variant) => String(variant.const));
  if (value === undefined) return missing(schema, path);
  if (typeof value === 'string' && names.length > 0) return unknownName(path, value, names, describeAllowed(schema));
  return {
    code: 'wrong-type',
    message: `${nameOf(path)} must be ${describeAllowed(schema)}, not ${describeValue(value)}.`,
    path,
  };
}

function unknownName(path: JsonPath, value: unknown, names: string[], allowed = either(names.map(quoted))): Finding {
  const suggestion = typeof value === 'string' ? nearest(value, names) : undefined;
  const hint = suggestion === undefined ? '' : ` Did you mean ${quoted(suggestion)}?`;
  const message = `${nameOf(path)} must be ${allowed}, not ${describeValue(value)}.${hint}`;
  return {
    code: typeof value === 'string' ? 'unknown-value' : 'wrong-type',
    message,
    path,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function missing(schema: TSchema, path: JsonPath): Finding {
  const name = String(path.at(-1));
  const meaning = schema.description ? ` ${schema.title}: ${schema.description}` : '';
  return { code: 'missing-property', message: `The property ${quoted(name)} is missing.${meaning}`, path, at: 'holder' };
}

/** The object in which the property of an error stands. */
function ownerOf(error: ValueError, root: unknown): unknown {
  let owner = root;
  for (const step of pathOf(error.path, root).slice(0, -1)) owner = (owner as Record<string | number, unknown>)[step];
  return owner;
}

function findingOf(error: ValueError, path: JsonPath, owner: unknown): Finding {
  const { schema, value } = error;
  switch (error.type) {
    case ValueErrorType.ObjectRequiredProperty:
      return missing(schema, path);
    case ValueErrorType.ObjectAdditionalProperties:
      return unknownProperty(schema as TObject, path, owner);
    case ValueErrorType.ArrayMinItems:
      return {
        code: 'list-length',
        message:
          schema.minItems > 1
            ? `${nameOf(path)} must have at least ${schema.minItems} items, not ${(value as unknown[]).length}.`
            : `${nameOf(path)} must not be empty.`,
        path,
      };
    case ValueErrorType.ArrayMaxItems:
      return {
        code: 'list-length',
        message: `${nameOf(path)} must have at most ${schema.maxItems} items, not ${(value as unknown[]).length}.`,
        path,
      };
    case ValueErrorType.TupleLength:
      return {
        code: 'list-length',
        message:
          `${nameOf(path)} must have ${schema.maxItems} values, not ${(value as unknown[]).length}. ${schema.description ?? ''}`.trimEnd(),
        path,
      };
    case ValueErrorType.ArrayUniqueItems:
      return duplicateItem(value as unknown[], path);
    case ValueErrorType.StringMaxLength:
      return {
        code: 'out-of-range',
        message: `${nameOf(path)} must have at most ${schema.maxLength} characters, not ${(value as string).length}.`,
        path,
      };
    case ValueErrorType.StringPattern:
      return {
        code: 'invalid-name',
        message: `${nameOf(path)} is not a valid name: ${describeValue(value)}. ${schema.description}`,
        path,
      };
    case ValueErrorType.Literal:
      return unknownName(path, value, [String(schema.const)]);
    default:
      return {
        code: isOutOfRange(error) ? 'out-of-range' : 'wrong-type',
        message: `${nameOf(path)} must be ${describeAllowed(schema)}, not ${describeValue(value)}.`,
        path,
      };
  }
}

function isOutOfRange({ schema, value }: ValueError): boolean {
  if (schema[Kind] === 'String') return typeof value === 'string';
  if (typeof value !== 'number') return false;
  return schema[Kind] === 'Number' || (schema[Kind] === 'Integer' && Number.isInteger(value));
}

function unknownProperty(schema: TObject, path: JsonPath, owner: unknown): Finding {
  const name = String(path.at(-1));
  const names = Object.keys(schema.properties);
  const free = isPlainObject(owner) ? names.filter((each) => !Object.hasOwn(owner, each)) : names;
  const suggestion = nearest(name, free);
  const hint = suggestion === undefined ? '' : ` Did you mean ${quoted(suggestion)}?`;
  const allowed = `Allowed here: ${names
    .filter((each) => !each.startsWith('$'))
    .map(quoted)
    .join(', ')}.`;
  return {
    code: 'unknown-property',
    message: `Unknown property ${quoted(name)}.${hint} ${allowed}`,
    path,
    at: 'key',
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function duplicateItem(items: unknown[], path: JsonPath): Finding {
  const index = items.findIndex((item, i) => items.indexOf(item) < i);
  return {
    code: 'duplicate-item',
    message: `${nameOf(path)} lists ${describeValue(items[index])} twice.`,
    path: [...path, index],
  };
}

/** The name by which a message calls a value: its property, with the places in lists: `"values[0][2]"`. */
function nameOf(path: JsonPath): string {
  let from = path.length - 1;
  while (from >= 0 && typeof path[from] !== 'string') from -= 1;
  if (from < 0) return 'The experiment';
  const places = path.slice(from + 1).map((step) => `[${step}]`);
  return quoted(`${path[from]}${places.join('')}`);
}

/** A JSON pointer as a path; only the value tells whether `0` is a place in a list or a property. */
function pathOf(pointer: string, root: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  let value = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replace(/~1/g, '/').replace(/~0/g, '~');
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return path;
}
