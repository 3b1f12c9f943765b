import type { FuzzRandom } from './random';

/** Names that mean something to the language, and some of the formats. */
export const ODD_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
  'hasOwnProperty',
  'then',
  'length',
  '0',
  '-1',
  '',
  ' ',
  '$',
  '$schema',
  'kind',
  'experiment',
  '../x',
  'a/b~1',
  '\ud800',
] as const;

export const ODD_NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  0.5,
  1e-320,
  -1e-9,
  1e308,
  1.7976931348623157e308,
  2 ** 31,
  2 ** 31 - 1,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  1e21,
  99_999,
  100_000,
  1_000_000,
  1e9,
  3.999999999999999,
] as const;

export function oddString(random: FuzzRandom): string {
  switch (random.below(12)) {
    case 0:
      return '';
    case 1:
      return 'x'.repeat(random.pick([100, 10_000, 10_001, 200_000]));
    case 2:
      return '\ud83d';
    case 3:
      return 'a\u0000b\u001b[31m\u202e\ufeff';
    case 4:
      return '('.repeat(random.below(3000));
    case 5:
      return random.pick([
        '../../etc/passwd',
        '/etc/passwd',
        'C:\\x',
        '\\\\host\\share\\x',
        'a\0b',
        '.',
        '..',
        'file:///etc/passwd',
      ]);
    case 6:
      return random.pick(['NaN', 'Infinity', '-0', '1e999', 'null', 'undefined', '[object Object]']);
    case 7:
      return random.pick(ODD_KEYS);
    case 8:
      return '𝔸é\u0301ß'.repeat(random.below(50));
    case 9:
      return String(random.pick(ODD_NUMBERS));
    default:
      return Array.from({ length: random.below(12) }, () => String.fromCharCode(32 + random.below(95))).join('');
  }
}

/** Any JSON value, mostly small, sometimes deep or long. */
export function oddValue(random: FuzzRandom, depth = 3): unknown {
  switch (random.below(depth > 0 ? 11 : 6)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
    case 3:
      return random.chance(0.5) ? random.pick(ODD_NUMBERS) : random.below(1000) - 100;
    case 4:
    case 5:
      return oddString(random);
    case 6:
      return Array.from({ length: random.below(5) }, () => oddValue(random, depth - 1));
    case 7:
      return new Array<unknown>(random.pick([100, 3000, 20_000])).fill(random.pick(ODD_NUMBERS));
    case 8: {
      let value: unknown = random.pick([1, 'x', null]);
      const levels = random.pick([70, 2000]);
      for (let i = 0; i < levels; i++) value = random.chance(0.5) ? [value] : { a: value };
      return value;
    }
    default:
      return objectOf(
        Array.from({ length: random.below(6) }, () => [
          random.chance(0.5) ? random.pick(ODD_KEYS) : oddString(random),
          oddValue(random, depth - 1),
        ]),
      );
  }
}

/** As JSON.parse makes objects: `__proto__` is a property like any other. */
export function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const value = {};
  for (const [key, each] of entries)
    Object.defineProperty(value, key, { value: each, enumerable: true, configurable: true, writable: true });
  return value;
}

/** A copy of JSON with one or a few places of it changed: another value, a place more, a place less, a renamed or doubled one. */
export function mutateValue(value: unknown, random: FuzzRandom, changes = 1 + random.below(3)): unknown {
  let mutated = value;
  for (let i = 0; i < changes; i++) mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(value: unknown, random: FuzzRandom): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.06)) return oddValue(random);
  if (Array.isArray(value)) {
    const items: unknown[] = [...(value as unknown[])];
    const at = random.below(Math.max(1, items.length));
    switch (random.below(6)) {
      case 0:
        items.splice(at, 1);
        break;
      case 1:
        items.splice(at, 0, oddValue(random));
        break;
      case 2:
        items.push(...items.slice(0, 100));
        break;
      default:
        if (items.length > 0) items[at] = mutateOnce(items[at], random);
    }
    return items;
  }
  const entries: [string, unknown][] = Object.entries(value);
  const at = random.below(Math.max(1, entries.length));
  switch (random.below(8)) {
    case 0:
      entries.splice(at, 1);
      break;
    case 1:
      entries.push([random.pick(ODD_KEYS), oddValue(random)]);
      break;
    case 2:
      if (entries.length > 0) entries[at] = [random.pick(ODD_KEYS), entries[at][1]];
      break;
    default:
      if (entries.length > 0) entries[at] = [entries[at][0], mutateOnce(entries[at][1], random)];
  }
  return objectOf(entries);
}
