import { zipSync } from 'fflate';
import { EngineError } from '../../../src/engine/errors';
import { arrangeParameters, readWeights } from '../../../src/engine/weights';
import type { FuzzRandom } from '../random';
import type { FuzzTarget } from '../target';
import { mutateBytes, mutateText } from '../texts';
import { mutateValue, ODD_KEYS } from '../values';

interface WeightsFile {
  name: string;
  bytes: Uint8Array;
}

function npy(random: FuzzRandom, content: Uint8Array): Uint8Array {
  const descr = random.pick(['<f8', '<f4', '>f8', '<f2', '<i8', '|u1', '|b1', '<u8', '<c16', '|O', '<f16', '']);
  const shape = random.pick([
    '(2, 4)',
    '(8,)',
    '()',
    '(0,)',
    '(99999999999,)',
    `(${'9'.repeat(400)}, 0)`,
    `(${'1,'.repeat(2000)})`,
    '(4294967296, 4294967296)',
    '(-1,)',
    '(2, 4',
  ]);
  const order = random.pick(['False', 'True', 'Maybe']);
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const header = Buffer.from(random.chance(0.2) ? mutateText(text, random) : text, 'latin1');
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(random.chance(0.95) ? Math.min(65_535, header.length) : random.below(65_536), 8);
  return Buffer.concat([head, header, content]);
}

function npz(random: FuzzRandom): Uint8Array {
  const names = ['W1.npy', 'b1.npy', '__proto__.npy', '../../x.npy', '/etc/x.npy', 'readme.txt', 'constructor.npy'];
  const files: Record<string, Uint8Array> = Object.fromEntries(
    Array.from({ length: 1 + random.below(3) }, () => [random.pick(names), npy(random, new Uint8Array(random.pick([0, 8, 64])))]),
  );
  // What is nothing packed is much unpacked.
  if (random.chance(0.01)) files['bomb.npy'] = new Uint8Array(4_000_000);
  const zip = Buffer.from(zipSync(files, { level: random.pick([0, 6]) }));
  if (random.chance(0.3)) lie(zip, random);
  if (random.chance(0.05)) return manyEntries(zip, random);
  return zip;
}

/** Another unpacked or packed size, place or count in the directory of an archive. */
function lie(zip: Buffer, random: FuzzRandom): void {
  const directory = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (directory < 0 || end < 0) return;
  const [at, width] = random.pick([
    [directory + 24, 4],
    [directory + 24, 4],
    [directory + 20, 4],
    [directory + 42, 4],
    [directory + 28, 2],
    [end + 8, 2],
    [end + 16, 4],
  ] as const);
  if (at + width > zip.length) return;
  zip.fill(random.pick([0, 1, 0x10, 0x3f, 0x7f, 0xff]), at, at + width);
}

/** A directory of the 64-bit kind that says it has milliards of entries. */
function manyEntries(zip: Buffer, random: FuzzRandom): Buffer {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const start = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeUInt32LE(random.pick([0xffff_ffff, 70_000, 3]), 32);
  record.writeUInt32LE(start, 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeUInt32LE(end, 8);
  return Buffer.concat([zip.subarray(0, end), record, locator, zip.subarray(end)]);
}

function safetensors(random: FuzzRandom): Uint8Array {
  const content = new Uint8Array(random.pick([0, 64, 4096]));
  const entry = () => ({
    dtype: random.pick(['F64', 'F32', 'BF16', 'I64', 'U8', 'BOOL']),
    shape: random.pick([[2, 4], [8], [], [0], [2 ** 40, 2 ** 40]]),
    data_offsets: random.pick([
      [0, 64],
      [0, 0],
      [64, 0],
      [0, 2 ** 52],
    ]),
  });
  const count = random.chance(0.01) ? 5000 : 1 + random.below(3);
  const header: unknown = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [random.chance(0.1) ? random.pick(ODD_KEYS) : `w${i}`, entry()]),
  );
  const json = JSON.stringify(random.chance(0.5) ? mutateValue(header, random) : header);
  const text = Buffer.from(random.chance(0.1) ? mutateText(json, random) : json);
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(
    random.chance(0.95) ? BigInt(text.length) : BigInt(random.pick([0, 1, 2 ** 40])) * BigInt(random.pick([1, 2 ** 20])),
  );
  return Buffer.concat([head, text, content]);
}

function json(random: FuzzRandom): Uint8Array {
  if (random.chance(0.05))
    return Buffer.from(
      '['.repeat(random.pick([10, 3000, 100_000])) + random.pick(['', '1']) + ']'.repeat(random.pick([0, 3000, 100_000])),
    );
  const value: unknown = random.pick([
    [1, 2, 3, 4, 5, 6, 7, 8],
    {
      W1: [
        [1, 2],
        [3, 4],
      ],
      b1: [1, 2],
    },
    [[1, 2], [3]],
  ]);
  const text = JSON.stringify(mutateValue(value, random));
  return Buffer.from(random.chance(0.2) ? mutateText(text, random) : text);
}

const LAYOUT = [
  { name: 'W1', offset: 0, shape: [2, 2] },
  { name: 'b1', offset: 4, shape: [4] },
];

export const weightsTarget: FuzzTarget<WeightsFile> = {
  name: 'weight files',
  make(random) {
    const [ending, content] = random.pick([
      ['npy', () => npy(random, new Uint8Array(64))],
      ['npz', () => npz(random)],
      ['npz', () => npz(random)],
      ['safetensors', () => safetensors(random)],
      ['json', () => json(random)],
    ] as const);
    const bytes = content();
    return { name: `w.${ending}`, bytes: random.chance(0.3) ? mutateBytes(bytes, random) : bytes };
  },
  read({ name, bytes }) {
    try {
      const tensors = readWeights(bytes, name);
      return arrangeParameters(tensors, LAYOUT).length;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.message.length > 20_000) throw new Error(`a message of ${error.message.length} characters`, { cause: error });
      return error.code;
    }
  },
};
