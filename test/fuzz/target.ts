import type { FuzzRandom } from './random';

/** Something that reads what others wrote. */
export interface FuzzTarget<Input = unknown> {
  readonly name: string;
  /** An input: data that `encodeExact` can keep. */
  make(random: FuzzRandom): Input;
  /**
   * Reads the input as the product does. Throws for a crash; an error in words for a person is an answer. Returns what was read:
   * its objects must be plain ones.
   */
  read(input: Input): unknown;
}

/** Before any input; call `unpolluted` after each. */
const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype].map(
  (prototype) => ({
    prototype,
    keys: Reflect.ownKeys(prototype).length,
  }),
);

/** What an input has done to the language: prototypes that have more properties than before. */
export function pollution(): string | undefined {
  const polluted = PROTOTYPES.find(({ prototype, keys }) => Reflect.ownKeys(prototype).length !== keys);
  return polluted && `a prototype has other properties: ${Reflect.ownKeys(polluted.prototype).map(String).join(', ')}`;
}

/** A place of what was read whose object has a prototype that somebody chose; looked for without recursion, in a bounded part. */
export function strangePrototype(root: unknown): string | undefined {
  const pending: unknown[] = [root];
  for (let seen = 0; pending.length > 0 && seen < 2000; seen++) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set) continue;
    const prototype: unknown = Object.getPrototypeOf(value);
    const isClass =
      typeof prototype === 'object' &&
      prototype !== null &&
      Object.hasOwn(prototype, 'constructor') &&
      !Object.keys(prototype).length;
    if (prototype !== null && !isClass) return `an object has a prototype with ${Object.keys(prototype as object).join(', ')}`;
    for (const each of Object.values(value).slice(0, 200)) pending.push(each);
  }
  return undefined;
}
