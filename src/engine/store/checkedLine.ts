import zlib from 'node:zlib';

/** `{"check":"1a2b3c4d",` and then what is checked: the rest of the line, without its line break. */
const OPENING = '{"check":"';
const DIGITS = 8;
const CLOSING = '",';
const PREFIX = OPENING.length + DIGITS + CLOSING.length;

/** Bytes of a line up to the end of its checksum. */
export const CHECKED_START = OPENING.length + DIGITS;

type Crc32 = (bytes: Uint8Array) => number;

/** Chosen when the first line is written or read: a short run has none, and need not load zlib. */
let chosen: Crc32 | undefined;
const crc32: Crc32 = (bytes) => (chosen ??= (zlib as { crc32?: Crc32 }).crc32 ?? tableCrc32)(bytes);

/** A line of JSON with a checksum of itself: `json` is a whole object. */
export function checkedLine(json: string): Buffer {
  const length = Buffer.byteLength(json) - 1;
  const line = Buffer.allocUnsafe(PREFIX + length + 1);
  line.write(json, PREFIX - 1);
  line.write(OPENING + hex(crc32(line.subarray(PREFIX, PREFIX + length))) + CLOSING, 0, 'latin1');
  line[PREFIX + length] = 0x0a;
  return line;
}

/** The JSON of a line without its line break; undefined when it is not what was written. */
export function readCheckedLine(line: Buffer): string | undefined {
  if (line.length <= PREFIX || line.toString('latin1', 0, OPENING.length) !== OPENING) return undefined;
  const check = line.toString('latin1', OPENING.length, OPENING.length + DIGITS);
  const rest = line.subarray(PREFIX);
  if (check !== hex(crc32(rest)) || line.toString('latin1', PREFIX - CLOSING.length, PREFIX) !== CLOSING) return undefined;
  return `{${rest.toString('utf8')}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(DIGITS, '0');
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of ISO 3309, as zlib has it since Node.js 20.15; exported for its test. */
export function tableCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
