import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatrix, matrixFrom, multiply, type Matrix } from '../../../src/engine/linalg/matrix';
import { NumericalError } from '../../../src/engine/numbers/numericalError';
import { numericalRank } from '../../../src/engine/rank/numericalRank';
import { generator } from '../numbers/arguments';
import { randomMatrix, withSpectrum } from '../linalg/checks';

/** A product of small integer matrices, so that its rank is exact; `inner` rows of the right factor are independent nearly always. */
function integerMatrix(rows: number, columns: number, inner: number, seed: number): Matrix {
  const random = generator(seed);
  const integers = (m: number, n: number) => ({
    rows: m,
    columns: n,
    values: Float64Array.from({ length: m * n }, () => Math.floor(random() * 19) - 9),
  });
  return multiply(integers(rows, inner), integers(inner, columns));
}

/** Rank in exact integer arithmetic (fraction-free elimination). */
function exactRank(a: Matrix): number {
  const rows = Array.from({ length: a.rows }, (_, i) =>
    Array.from(a.values.subarray(i * a.columns, (i + 1) * a.columns), BigInt),
  );
  let rank = 0;
  for (let column = 0; column < a.columns && rank < a.rows; column++) {
    const pivot = rows.findIndex((row, i) => i >= rank && row[column] !== 0n);
    if (pivot < 0) continue;
    [rows[rank], rows[pivot]] = [rows[pivot]!, rows[rank]!];
    for (let i = rank + 1; i < a.rows; i++) {
      const factor = rows[i]![column]!;
      rows[i] = rows[i]!.map((x, j) => x * rows[rank]![column]! - factor * rows[rank]![j]!);
    }
    rank += 1;
  }
  return rank;
}

/** Tangent matrix of Σ a_k·tanh(w_k·x) with one input, every neuron `copies` times with other output weights. */
function tanhTangent(k: number, copies: number, scale: number, seed: number): Matrix {
  const random = generator(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const w = Array.from({ length: k }, () => scale * normal());
  const width = k * copies;
  const a = Array.from({ length: width }, () => 0.5 + random());
  const n = 8 * width + 50;
  const j = createMatrix(n, 2 * width);
  for (let i = 0; i < n; i++) {
    const x = 1.5 * normal();
    for (let c = 0; c < width; c++) {
      const h = Math.tanh(w[c % k]! * x);
      j.values[i * 2 * width + 2 * c] = h;
      j.values[i * 2 * width + 2 * c + 1] = a[c]! * (1 - h) * (1 + h) * x;
    }
  }
  return j;
}

describe('numericalRank', () => {
  it('finds the exact rank of integer matrices, conclusively', () => {
    const sizes = fc.record({
      rows: fc.integer({ min: 1, max: 14 }),
      columns: fc.integer({ min: 1, max: 14 }),
      inner: fc.integer({ min: 1, max: 9 }),
      seed: fc.integer(),
    });
    let conclusive = 0;
    fc.assert(
      fc.property(sizes, ({ rows, columns, inner, seed }) => {
        const a = integerMatrix(rows, columns, inner, seed);
        const measured = numericalRank(a);
        expect(measured.rank).toBe(exactRank(a));
        if (measured.conclusive) conclusive++;
      }),
      { numRuns: 200 },
    );
    expect(conclusive).toBeGreaterThan(195);
  });

  it('carries shape, tolerance, all singular values and a finite gap', () => {
    const measured = numericalRank(
      matrixFrom([
        [1, 2, 0],
        [2, 4, 0],
      ]),
    );
    expect(measured).toMatchObject({ rank: 1, tolerance: 1e-9, conclusive: true, rows: 2, columns: 3 });
    // Two equal columns after normalisation: σ₁ = √2.
    expect(measured.singularValues).toEqual([expect.closeTo(Math.SQRT2, 14), expect.closeTo(0, 14)]);
    expect(measured.gap).toBeGreaterThan(1e15);
    expect(measured.gap).toBeLessThan(1e16);
  });

  it('says rank 0 for zero and empty matrices', () => {
    for (const a of [createMatrix(3, 5), createMatrix(1, 1), createMatrix(0, 4), createMatrix(4, 0)]) {
      for (const rule of ['tolerance', 'largestGap'] as const) {
        const measured = numericalRank(a, { rule });
        expect(measured).toMatchObject({ rank: 0, conclusive: true });
        expect(Number.isFinite(measured.gap) && Number.isFinite(measured.tolerance)).toBe(true);
        expect(measured.singularValues).toEqual(new Array(Math.min(a.rows, a.columns)).fill(0));
      }
    }
  });

  it('does not depend on the scale of columns, nor of the matrix', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 8, maxLength: 8 }),
        fc.integer({ min: -900, max: 900 }),
        (seed, exponents, all) => {
          const a = integerMatrix(12, 8, 5, seed);
          const scaled = { ...a, values: a.values.map((x, i) => x * 2 ** (exponents[i % 8]! + all)) };
          expect(numericalRank(scaled)).toEqual(numericalRank(a));
        },
      ),
    );
  });

  it('is inconclusive when values lie between rounding and the cut', () => {
    const spectrum = (last: number) => withSpectrum(20, 8, [4, 3, 2, 2, 1, 1, 0.5, last], 3);
    const measure = (last: number) => numericalRank(spectrum(last), { normalizeColumns: false });
    expect(measure(0.1)).toMatchObject({ rank: 8, conclusive: true });
    expect(measure(1e-7)).toMatchObject({ rank: 8, conclusive: true });
    expect(measure(1e-10)).toMatchObject({ rank: 7, conclusive: false });
    expect(measure(1e-13)).toMatchObject({ rank: 7, conclusive: false });
    expect(measure(0)).toMatchObject({ rank: 7, conclusive: true });
    expect(measure(1e-10).gap).toBeCloseTo(5e9, -7);
    // A gap below 100 around the cut.
    const tight = withSpectrum(9, 4, [1, 0.5, 2e-9, 2e-10], 1);
    expect(numericalRank(tight, { normalizeColumns: false })).toMatchObject({ rank: 3, conclusive: false });
    expect(numericalRank(tight, { normalizeColumns: false, tolerance: 1e-6 })).toMatchObject({
      rank: 2,
      tolerance: 1e-6,
      conclusive: false,
    });
  });

  it('doubts a column that might be rounding of a zero column', () => {
    const a = randomMatrix(10, 4, 2);
    for (let i = 0; i < 10; i++) a.values[i * 4 + 3]! *= 1e-17;
    expect(numericalRank(a)).toMatchObject({ rank: 4, conclusive: false });
    for (let i = 0; i < 10; i++) a.values[i * 4 + 3]! *= 1e10;
    expect(numericalRank(a)).toMatchObject({ rank: 4, conclusive: true });
  });

  it('is never conclusive and wrong for tanh networks with one input, where float64 runs out', () => {
    const conclusive = new Map<number, number>();
    for (let k = 1; k <= 9; k++) {
      for (let seed = 0; seed < 24; seed++) {
        const measured = numericalRank(tanhTangent(k, 1 + (seed % 3), [0.5, 1, 2, 3][seed % 4]!, 1000 * k + seed));
        if (!measured.conclusive) continue;
        expect(measured.rank, `k = ${k}, seed ${seed}`).toBe(2 * k);
        conclusive.set(k, (conclusive.get(k) ?? 0) + 1);
      }
    }
    expect(conclusive.get(1)).toBe(24);
    expect(conclusive.get(2)).toBeGreaterThan(19);
    expect(conclusive.get(9) ?? 0).toBeLessThan(6);
  });

  it('is conclusive for k = 4 neurons with one input wherever it counts all columns, although the last value is small', () => {
    const measured = Array.from({ length: 12 }, (_, seed) => numericalRank(tanhTangent(4, 1, 2, seed)));
    for (const m of measured) expect(m.conclusive).toBe(m.rank === 8);
    expect(measured.filter((m) => m.conclusive).length).toBeGreaterThan(6);
    const last = measured.map((m) => m.singularValues[7]! / m.singularValues[0]!).sort((x, y) => x - y);
    // theory: about 4e-8 at this scale.
    expect(last[6]!).toBeGreaterThan(1e-9);
    expect(last[6]!).toBeLessThan(1e-5);
  });

  it('throws with the place of an entry that is not a number', () => {
    const a = createMatrix(3, 2);
    a.values[5] = Infinity;
    expect(() => numericalRank(a, { name: 'tangent matrix' })).toThrow(
      new NumericalError('Entry (3, 2) of the tangent matrix is Infinity.'),
    );
    expect(() => numericalRank(createMatrix(1, 1), { tolerance: 1 })).toThrow(RangeError);
  });
});

describe('the rule largestGap', () => {
  const measure = (spectrum: number[]) => numericalRank(withSpectrum(15, spectrum.length, spectrum, 9), { rule: 'largestGap' });

  it('cuts where training has left a gap', () => {
    expect(measure([5, 3, 1, 1e-5, 6e-6, 1e-6])).toMatchObject({ rank: 3, conclusive: true });
    expect(measure([5, 3, 1, 1e-5, 6e-6, 1e-6]).gap).toBeCloseTo(1e5, -2);
    const { tolerance } = measure([1, 1, 1e-4]);
    expect(tolerance).toBeCloseTo(1e-2, 6);
  });

  it('counts all values above rounding when there is no gap inside', () => {
    expect(measure([5, 3, 1, 0.5, 0.1])).toMatchObject({ rank: 5, conclusive: true });
    expect(measure([5, 3, 1, 0.5, 0])).toMatchObject({ rank: 4, conclusive: true });
    expect(measure([1, 0, 0, 0])).toMatchObject({ rank: 1, conclusive: true });
  });

  it('cuts at the largest of several gaps', () => {
    expect(measure([1, 1e-3, 1e-3, 1e-9, 1e-9])).toMatchObject({ rank: 3, conclusive: true });
  });
});
