import type { FuzzRandom } from './random';

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  '//',
  '/*',
  '*/',
  '\n',
  '\r',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u0000',
  'null',
  'NaN',
  '-',
  '1e999',
  '-1e999',
  '1e-999',
  '99999999999999999999',
  '100000',
  '"__proto__":{"polluted":1},',
  '"constructor":{"prototype":{"polluted":1}},',
  '"kind":"formula",',
  '0.1.2',
  '""',
  "'",
] as const;

/** Text with a few places changed as a broken disk, a broken program or somebody with bad intent would. */
export function mutateText(text: string, random: FuzzRandom): string {
  let mutated = text;
  for (let i = 1 + random.below(4); i > 0; i--) mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(text: string, random: FuzzRandom): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + random.below(random.chance(0.8) ? 12 : 2000));
  const with_ = (middle: string, end = at) => text.slice(0, at) + middle + text.slice(end);
  switch (random.below(12)) {
    case 0:
      return with_(String.fromCharCode(random.below(random.chance(0.7) ? 128 : 65_536)), at + 1);
    case 1:
      return with_('', to);
    case 2:
      return with_(text.slice(at, to).repeat(random.pick([2, 3, 50])), to);
    case 3:
      return with_(random.pick(['[', '{"a":', '(', '-', '[[', '{"model":']).repeat(random.pick([10, 65, 500, 20_000])));
    case 4:
      return text.slice(0, at);
    case 5:
      return `\ufeff${text}`;
    case 6:
      return with_('x'.repeat(random.pick([300, 11_000, 300_000])));
    case 7:
    case 8:
      return changeNumber(text, random);
    case 9: {
      const from = random.below(text.length + 1);
      return with_(text.slice(from, from + random.below(200)));
    }
    default:
      return with_(random.pick(TOKENS), random.chance(0.5) ? at : Math.min(text.length, at + 1));
  }
}

const HUGE = [
  '0',
  '-1',
  '7',
  '64',
  '101',
  '1000',
  '9999',
  '10000',
  '99999',
  '100000',
  '1000000',
  '1e9',
  '1e15',
  '1e308',
  '1e999',
  '1e-300',
  '9007199254740993',
  '0.5',
];

/** Another number in the place of one of the text's: the way to sizes that would fill the memory. */
function changeNumber(text: string, random: FuzzRandom): string {
  const numbers = [...text.matchAll(/-?\d+(\.\d+)?([eE][+-]?\d+)?/g)];
  if (numbers.length === 0) return text;
  const { index, 0: found } = random.pick(numbers);
  return text.slice(0, index) + random.pick(HUGE) + text.slice(index + found.length);
}

/** Bytes with a few places changed, cut or doubled; sometimes a whole number of 2, 4 or 8 bytes. */
export function mutateBytes(bytes: Uint8Array, random: FuzzRandom): Uint8Array {
  let mutated = Buffer.from(bytes);
  for (let i = 1 + random.below(4); i > 0; i--) {
    const at = random.below(mutated.length + 1);
    switch (random.below(7)) {
      case 0:
        mutated = Buffer.from(mutated.subarray(0, at));
        break;
      case 1:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(Math.min(mutated.length, at + random.below(64)))]);
        break;
      case 2:
        mutated = Buffer.concat([mutated, mutated.subarray(at)]);
        break;
      case 3: {
        const width = random.pick([1, 2, 4, 8]);
        if (at + width <= mutated.length) {
          const value = random.pick([0, 1, 0x7f, 0xff]);
          mutated.fill(value, at, at + width);
        }
        break;
      }
      default:
        if (at < mutated.length) mutated[at] ^= 1 << random.below(8);
    }
  }
  return mutated;
}
