import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/errors';
import { arrangeParameters, readWeights } from '../../../src/engine/weights';

function refusal(bytes: Uint8Array, name: string): string {
  try {
    readWeights(bytes, name);
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
  throw new Error('It was read.');
}

function npy(shape: string, content = new Uint8Array(8), descr = '|u1'): Uint8Array {
  const header = Buffer.from(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`);
  const head = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, header, content]);
}

function safetensors(header: string, content = new Uint8Array(0)): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([head, Buffer.from(header), content]);
}

describe('weights that would take the memory or the time of the machine', () => {
  it('an archive whose directory claims four milliards of files', () => {
    const zip = Buffer.from(zipSync({ 'a.npy': npy('(8,)') }));
    const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    const record = Buffer.alloc(56);
    record.write('PK\x06\x06', 'latin1');
    record.writeUInt32LE(0xffff_ffff, 32);
    record.writeUInt32LE(zip.indexOf(Buffer.from('PK\x01\x02', 'latin1')), 48);
    const locator = Buffer.alloc(20);
    locator.write('PK\x06\x07', 'latin1');
    locator.writeUInt32LE(end, 8);
    const lying = Buffer.concat([zip.subarray(0, end), record, locator, zip.subarray(end)]);
    expect(refusal(lying, 'w.npz')).toContain('more than 10000 files');
  });

  it('an archive that says it unpacks to more than is read', () => {
    const zip = Buffer.from(zipSync({ 'a.npy': npy('(8,)') }));
    zip.writeUInt32LE(0x7fff_ffff, zip.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    expect(refusal(zip, 'w.npz')).toContain('more than 128 MB');
  });

  it('arrays that say they have more numbers than are read', () => {
    expect(refusal(npy('(4294967296, 4294967296)'), 'w.npy')).toContain('more than 16777216 numbers');
    expect(refusal(npy(`(${'9'.repeat(400)}, 0)`), 'w.npy')).toContain('more than 16777216 numbers');
    expect(refusal(npy(`(${'1,'.repeat(2000)})`), 'w.npy')).toContain('2000 axes');
    const content = new Uint8Array(1 << 20);
    const entry = { dtype: 'U8', shape: [content.length], data_offsets: [0, content.length] };
    const header = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`w${i}`, entry]));
    expect(refusal(safetensors(JSON.stringify(header), content), 'w.safetensors')).toContain('more than 16777216 numbers');
  });

  it('lists that are nested deeper than the stack', () => {
    const depth = 100_000;
    expect(refusal(Buffer.from('['.repeat(depth) + ']'.repeat(depth)), 'w.json')).toContain('more than 64 deep');
  });

  it('types and names that no message can bear', () => {
    const odd = '{"w": {"dtype": {"toString": 1, "valueOf": 1}, "shape": [], "data_offsets": [0, 0]}}';
    expect(refusal(safetensors(odd), 'w.safetensors')).toContain('of no type that is known');
    const long = { [`w${'x'.repeat(100_000)}`]: { dtype: 'U4', shape: [], data_offsets: [0, 0] } };
    expect(refusal(safetensors(JSON.stringify(long)), 'w.safetensors').length).toBeLessThan(300);
    const many = readWeights(
      Buffer.from(JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`w${i}`, 1])))),
      'w.json',
    );
    expect(() => arrangeParameters(many, [{ name: 'a', offset: 0, shape: [2] }])).toThrow(
      /w39 \(a single number\), … \(5000 in all\)/,
    );
  });
});
