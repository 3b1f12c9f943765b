/** Key of an object that stands for a value which JSON has no word for: `{"$":"NaN"}`. */
const TAG = '$';

const TYPED_ARRAYS = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
} as const;

type TypedArrayName = keyof typeof TYPED_ARRAYS;

/**
 * Data as JSON from which `decodeExact` makes the same again, bit for bit: also NaN, ±Infinity, −0, undefined and typed arrays
 * (little-endian bytes in base64). What is no data (functions, maps, classes) is refused.
 */
export function encodeExact(value: unknown): string {
  return JSON.stringify(isPlain(value) ? value : mark(value));
}

export function decodeExact(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return text.includes(`{"${TAG}":`) ? unmark(value) : value;
}

/** Whether JSON says all of it by itself. */
function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      if (value === null) return true;
      if (Array.isArray(value)) {
        for (let i = 0; i < value.length; i++) if (!isPlain(value[i])) return false;
        return true;
      }
      if (!isRecord(value) || TAG in value || 'toJSON' in value) return false;
      for (const key in value) if (!isPlain(value[key])) return false;
      return true;
    default:
      return false;
  }
}

function mark(value: unknown): unknown {
  if (value === undefined) return { [TAG]: 'undefined' };
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { [TAG]: '-0' };
    return Number.isFinite(value) ? value : { [TAG]: String(value) };
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, mark);
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name;
    if (!(name in TYPED_ARRAYS)) throw new TypeError(`${name} cannot be kept`);
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { [TAG]: name, base64: bytes.toString('base64') };
  }
  if (!isRecord(value)) throw new TypeError(`${Object.prototype.toString.call(value)} cannot be kept`);
  const entries = Object.entries(value).map(([key, each]) => [key, mark(each)] as const);
  return TAG in value || 'toJSON' in value ? { [TAG]: 'object', entries } : Object.fromEntries(entries);
}

function unmark(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unmark);
  const record = value as Record<string, unknown>;
  if (!Object.hasOwn(record, TAG)) return fromEntries(Object.entries(record));
  const tag = record[TAG];
  switch (tag) {
    case 'undefined':
      return undefined;
    case '-0':
      return -0;
    case 'NaN':
    case 'Infinity':
    case '-Infinity':
      return Number(tag);
    case 'object':
      return fromEntries(record['entries'] as [string, unknown][]);
    default: {
      if (typeof tag !== 'string' || !Object.hasOwn(TYPED_ARRAYS, tag)) throw new SyntaxError(`unknown value ${String(tag)}`);
      const bytes = Uint8Array.from(Buffer.from(String(record['base64']), 'base64'));
      return new TYPED_ARRAYS[tag as TypedArrayName](bytes.buffer);
    }
  }
}

/** Object.fromEntries defines properties: a key such as `__proto__` is one like any other. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(([key, each]) => [key, unmark(each)]));
}

function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
