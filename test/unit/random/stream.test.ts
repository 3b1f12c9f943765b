import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox4x32 } from '../../../src/engine/random/philox';
import { randomStream } from '../../../src/engine/random/stream';

describe('philox4x32', () => {
  const known: [number[], number[], number[]][] = [
    // Known-answer tests of Random123 (kat_vectors, philox4x32 10).
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  it.each(known)('gives the known answer for counter %j and key %j', (counter, key, answer) => {
    const out = new Uint32Array(4);
    philox4x32(counter, key, out);
    expect([...out]).toEqual(answer);
  });

  it('agrees with a 64-bit integer implementation', () => {
    const mask = 0xffffffffn;
    const reference = (c: bigint[], k: bigint[]) => {
      let [c0, c1, c2, c3] = c as [bigint, bigint, bigint, bigint];
      let [k0, k1] = k as [bigint, bigint];
      for (let round = 0; round < 10; round++) {
        const p0 = 0xd2511f53n * c0;
        const p1 = 0xcd9e8d57n * c2;
        [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
        k0 = (k0 + 0x9e3779b9n) & mask;
        k1 = (k1 + 0xbb67ae85n) & mask;
      }
      return [c0, c1, c2, c3].map(Number);
    };
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        const out = new Uint32Array(4);
        philox4x32(counter, key, out);
        expect([...out]).toEqual(reference(counter.map(BigInt), key.map(BigInt)));
      }),
    );
  });
});

describe('randomStream', () => {
  it('is the same for the same name and another for any other name', () => {
    const first = (...coordinates: (string | number)[]) => randomStream(1, ...coordinates).uniform();
    expect(first('inputs', 3)).toBe(first('inputs', 3));
    const names: (string | number)[][] = [
      [],
      ['inputs', 3],
      ['inputs', '3'],
      ['inputs3'],
      ['inputs', 3, 0],
      [3, 'inputs'],
      [''],
      ['', ''],
      [-1],
      [0],
      [0.5],
    ];
    expect(new Set(names.map((name) => first(...name))).size).toBe(names.length);
    expect(randomStream(2, 'inputs', 3).uniform()).not.toBe(first('inputs', 3));
    expect(() => randomStream(NaN)).toThrow(RangeError);
  });

  it('keeps its numbers for ever', () => {
    // The first block of stream (1, "kept") in an independent computation: see kept-stream.py beside this file.
    const stream = randomStream(1, 'kept');
    expect([stream.uniform(), stream.uniform(), stream.uniform()]).toEqual([
      0.7110629929151867, 0.09577366420348399, 0.8756949973804223,
    ]);
  });

  it('jumps to any draw', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer(), (index, seed) => {
        const all = randomStream(seed, 'a');
        const normals = randomStream(seed, 'a');
        for (let i = 0; i < index; i++) {
          all.uniform();
          normals.normal();
        }
        expect(randomStream(seed, 'a').at(index).uniform()).toBe(all.uniform());
        expect(randomStream(seed, 'a').at(index).normal()).toBe(normals.normal());
        expect(all.at(index).uniform()).toBe(randomStream(seed, 'a').at(index).uniform());
      }),
    );
    expect(
      randomStream(1)
        .at(2 ** 40)
        .uniform(),
    ).not.toBe(
      randomStream(1)
        .at(2 ** 40 + 2 ** 33)
        .uniform(),
    );
  });

  it('never makes a uniform and a normal number from the same block', () => {
    const mixed = randomStream(5);
    const first = mixed.uniform();
    const normal = mixed.normal();
    const third = mixed.uniform();
    expect(first).toBe(randomStream(5).at(0).uniform());
    expect(normal).toBe(randomStream(5).at(2).normal());
    expect(third).toBe(randomStream(5).at(4).uniform());
  });

  it('fills and scales with the same normal numbers', () => {
    const filled = new Float64Array(7);
    randomStream(9, 'x').fillNormal(filled, 0.25);
    const one = randomStream(9, 'x');
    expect([...filled]).toEqual(Array.from(filled, () => 0.25 * one.normal()));
  });
});

describe('distributions', () => {
  const count = 100_000;
  /** Kolmogorov's statistic sup|F_n − F|·√n; above 2.2 with probability 1.3e-4. */
  const kolmogorov = (sample: number[], cdf: (x: number) => number) => {
    const sorted = Float64Array.from(sample).sort();
    let largest = 0;
    sorted.forEach(
      (x, i) => (largest = Math.max(largest, Math.abs(cdf(x) - i / sorted.length), Math.abs(cdf(x) - (i + 1) / sorted.length))),
    );
    return largest * Math.sqrt(sorted.length);
  };
  /** Φ by the series of the error function around 0 and a continued fraction outside. */
  const normalCdf = (x: number): number => {
    const t = Math.abs(x);
    let tail: number;
    if (t < 3) {
      let term = t;
      let sum = t;
      for (let n = 1; n < 200; n++) {
        term *= -(t * t) / (2 * n);
        sum += term / (2 * n + 1);
      }
      tail = 0.5 - sum / Math.sqrt(2 * Math.PI);
    } else {
      let fraction = 0;
      for (let n = 60; n > 0; n--) fraction = n / (t + fraction);
      tail = Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI) / (t + fraction);
    }
    return x < 0 ? tail : 1 - tail;
  };

  it('uniform numbers are uniform in [0, 1)', () => {
    const stream = randomStream(1, 'uniform');
    const sample = Array.from({ length: count }, () => stream.uniform());
    expect(Math.min(...sample.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(sample.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(kolmogorov(sample, (x) => x)).toBeLessThan(2.2);
    expect(kolmogorov(sample, (x) => x)).toBeGreaterThan(0.2);
  });

  it('normal numbers are normal: moments, distribution, and no correlation within pairs', () => {
    const stream = randomStream(1, 'normal');
    const sample = Array.from({ length: count }, () => stream.normal());
    const moment = (p: number) => sample.reduce((sum, x) => sum + x ** p, 0) / count;
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    expect(kolmogorov(sample, normalCdf)).toBeLessThan(2.2);
    for (const lag of [1, 2, 3]) {
      let product = 0;
      let squares = 0;
      for (let i = lag; i < count; i++) {
        product += sample[i]! * sample[i - lag]!;
        squares += (sample[i]! ** 2 - 1) * (sample[i - lag]! ** 2 - 1);
      }
      expect(Math.abs(product / count)).toBeLessThan(4.5 / Math.sqrt(count));
      expect(Math.abs(squares / count)).toBeLessThan(9 / Math.sqrt(count));
    }
  });

  it('neighbouring streams are independent', () => {
    const length = 2000;
    let worst = 0;
    for (let trial = 0; trial < 30; trial++) {
      const a = new Float64Array(length);
      const b = new Float64Array(length);
      randomStream(1, 'inputs', trial).fillNormal(a);
      randomStream(1, 'inputs', trial + 1).fillNormal(b);
      let dot = 0;
      for (let i = 0; i < length; i++) dot += a[i]! * b[i]!;
      worst = Math.max(worst, Math.abs(dot) / Math.sqrt(length));
    }
    expect(worst).toBeLessThan(4.2);
    expect(worst).toBeGreaterThan(0.5);
  });

  it('integers are equally likely and below the bound', () => {
    const stream = randomStream(3, 'integer');
    for (const bound of [1, 2, 3, 7, 10]) {
      const seen = new Array<number>(bound).fill(0);
      for (let i = 0; i < 20_000; i++) seen[stream.integer(bound)]!++;
      const expected = 20_000 / bound;
      const chiSquare = seen.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
      expect(chiSquare).toBeLessThan(bound - 1 + 5 * Math.sqrt(2 * bound));
    }
    // With this bound a plain remainder would give the lower half twice as often.
    let low = 0;
    for (let i = 0; i < 3000; i++) if (stream.integer(6004799503160661) < 3002399751580331) low++;
    expect(Math.abs(low / 3000 - 0.5)).toBeLessThan(0.05);
    for (const bad of [0, -1, 1.5, NaN, 2 ** 54]) expect(() => stream.integer(bad)).toThrow(RangeError);
  });

  it('shuffles are permutations, all equally likely', () => {
    const stream = randomStream(4, 'shuffle');
    const seen = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = stream.shuffle([0, 1, 2, 3]).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    const chiSquare = [...seen.values()].reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0);
    expect(chiSquare).toBeLessThan(60);
    expect(stream.shuffle([])).toEqual([]);
  });
});
