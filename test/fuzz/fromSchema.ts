import { Kind, type TObject, type TSchema } from '@sinclair/typebox';
import type { FuzzRandom } from './random';
import { ODD_NUMBERS, oddString, oddValue } from './values';

/**
 * A value that the schema of the file format nearly always allows, drawn from its grammar: what passes goes on to the checks of
 * meaning and to the theory. `strange` is the probability with which any place gets something else.
 */
export function fromSchema(schema: TSchema, random: FuzzRandom, strange = 0.01): unknown {
  if (random.chance(strange)) return oddValue(random);
  switch (schema[Kind]) {
    case 'Literal':
      return schema.const;
    case 'Union':
      return fromSchema(random.pick(schema.anyOf as TSchema[]), random, strange);
    case 'Boolean':
      return random.chance(0.5);
    case 'Integer':
      return integer(schema, random);
    case 'Number':
      return number(schema, random);
    case 'String':
      return text(random);
    case 'Array':
      return list(schema, random, strange);
    case 'Tuple':
      return ((schema.items ?? []) as TSchema[]).map((item) => fromSchema(item, random, strange));
    case 'Object': {
      const value: Record<string, unknown> = {};
      const { properties, required = [] } = schema as TObject;
      for (const [name, property] of Object.entries(properties))
        if (required.includes(name) || random.chance(0.35)) value[name] = fromSchema(property, random, strange);
      return value;
    }
    default:
      return oddValue(random);
  }
}

/** Small in most places, else nothing would pass the bounds on products of sizes; at the bounds in some. */
function integer({ minimum = 0, maximum = 2 ** 53 - 1 }: TSchema, random: FuzzRandom): number {
  const [least, most] = [Number(minimum), Number(maximum)];
  if (random.chance(0.9)) return Math.min(most, least + random.below(6));
  return random.pick([least, most, Math.min(most, least + random.below(200)), Math.floor(most / 2), Math.min(most, 10_000)]);
}

function number({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: TSchema, random: FuzzRandom): number {
  const least = Number(minimum ?? exclusiveMinimum ?? -3);
  const most = Number(maximum ?? exclusiveMaximum ?? Math.max(3, least + 3));
  if (random.chance(0.04)) return random.pick(ODD_NUMBERS);
  if (random.chance(0.2)) return Math.max(least, Math.min(most, Math.round(least) + random.below(4)));
  return least + (most - least) * ((1 + random.below(1_000_000)) / 1_000_001);
}

const EXPRESSIONS = [
  'x',
  'x1',
  'a*x1 + b',
  'tanh(a*x1)',
  'x1^2 - x2',
  'exp(x)/(1+x^2)',
  'a',
  'b',
  'w*tanh(x1)',
  '1/0',
  'e^e^e^e^e',
  'square(relu(x))',
];

function text(random: FuzzRandom): string {
  return random.chance(0.85) ? random.pick(EXPRESSIONS) : oddString(random);
}

function list(schema: TSchema, random: FuzzRandom, strange: number): unknown[] {
  const least = Number(schema.minItems ?? 0);
  const most = Number(schema.maxItems ?? 1000);
  const length = random.chance(0.98) ? Math.min(most, least + random.below(4)) : Math.min(most, least + random.below(300));
  return Array.from({ length }, () => fromSchema(schema.items, random, strange));
}
