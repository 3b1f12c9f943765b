import { createHash, type Hash } from 'node:crypto';

/** SHA-256 of data, the same for equal data: of its structure and the bits of its numbers. Large typed arrays cost no copy. */
export function hashValue(...values: unknown[]): string {
  const hash = createHash('sha256');
  for (const value of values) update(hash, value);
  return hash.digest('hex');
}

const number = new Float64Array(1);
const numberBytes = new Uint8Array(number.buffer);

/** Every value begins with a letter for its type, and those of any length say how long they are: no two share a text. */
function update(hash: Hash, value: unknown): void {
  if (typeof value === 'number') {
    number[0] = value;
    hash.update('n').update(numberBytes);
  } else if (typeof value === 'string') hash.update(`s${value.length}:`).update(value);
  else if (typeof value !== 'object' || value === null) hash.update(`p${String(value)};`);
  else if (ArrayBuffer.isView(value)) {
    hash.update(`t${value.constructor.name}${value.byteLength}:`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (Array.isArray(value)) {
    hash.update(`a${value.length}:`);
    for (const each of value) update(hash, each);
  } else {
    const entries = Object.entries(value);
    hash.update(`o${entries.length}:`);
    for (const [key, each] of entries) {
      hash.update(`k${key.length}:`).update(key);
      update(hash, each);
    }
  }
}
