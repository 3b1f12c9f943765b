import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert';
import { describe, expect, it } from 'vitest';
import { checkedLine, readCheckedLine, tableCrc32 } from '../../../src/engine/store/checkedLine';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { hashValue } from '../../../src/engine/store/hashValue';

const leaf = fc.oneof(
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 0, undefined, null, true, false, 5e-324, 1.7976931348623157e308),
  fc.string({ unit: 'binary' }),
  fc.float64Array(),
  fc.int32Array(),
  fc.uint8Array(),
  fc.float32Array(),
);
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('data')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'toJSON')), tie('data'), { noNullPrototype: true }),
  ),
}));

describe('exact JSON', () => {
  it('gives back what was written, bit for bit', () => {
    fc.assert(
      fc.property(data, (value) => {
        const text = encodeExact(value);
        JSON.parse(text);
        // Tells −0 from 0, undefined from what is missing, and one NaN from nothing.
        deepStrictEqual(decodeExact(text), value);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the bits of every float64 but NaN, which have one pattern', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (bits) => {
        const number = new Float64Array(BigUint64Array.of(bits).buffer)[0];
        const back = decodeExact(encodeExact(number)) as number;
        expect(Object.is(back, number)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('is plain JSON where JSON has the words', () => {
    expect(encodeExact({ a: [1, 'x', null], b: -0, c: NaN })).toBe('{"a":[1,"x",null],"b":{"$":"-0"},"c":{"$":"NaN"}}');
    expect(encodeExact([1.5, { deep: [true] }])).toBe('[1.5,{"deep":[true]}]');
  });

  it('refuses what is no data', () => {
    for (const value of [new Map(), new Date(0), () => 0, 1n, new DataView(new ArrayBuffer(8))])
      expect(() => encodeExact([value])).toThrow(TypeError);
  });
});

describe('a checked line', () => {
  it('has the CRC-32 of ISO 3309', () => {
    const bytes = Buffer.from('123456789');
    expect(tableCrc32(bytes)).toBe(0xcbf43926);
    expect(checkedLine('{123456789').toString()).toBe('{"check":"cbf43926",123456789\n');
  });

  it('is refused with any bit flipped and at any shorter length', () => {
    const line = checkedLine('{"run":0,"job":17,"text":"größer"}').subarray(0, -1);
    expect(readCheckedLine(line)).toBe('{"run":0,"job":17,"text":"größer"}');
    expect(JSON.parse(line.toString())).toMatchObject({ run: 0, job: 17 });
    for (let length = 0; length < line.length; length++) expect(readCheckedLine(line.subarray(0, length))).toBeUndefined();
    for (let bit = 0; bit < 8 * line.length; bit++) {
      const flipped = Buffer.from(line);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect(readCheckedLine(flipped)).toBeUndefined();
    }
  });
});

describe('the hash of a value', () => {
  it('is the same for equal data', () => {
    fc.assert(fc.property(data, (value) => hashValue(value) === hashValue(structuredClone(value))));
  });

  it('tells apart what differs in structure or in one bit', () => {
    const values = [
      [['ab', 'c']],
      [['a', 'bc']],
      [['abc']],
      [[], 'abc'],
      [0],
      [-0],
      ['0'],
      [null],
      [undefined],
      [NaN],
      [[0]],
      [{ a: 0 }],
      [{ b: 0 }],
      [Float64Array.of(0)],
      [new Uint8Array(8)],
      [],
    ];
    expect(new Set(values.map((each) => hashValue(...each))).size).toBe(values.length);
  });
});
