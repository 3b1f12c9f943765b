import fc from 'fast-check';
import { Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { frobeniusNorm, gram, identity, matrixFrom, multiply, transpose } from '../../../src/engine/linalg/matrix';
import { randomMatrix, shapes } from './checks';

describe('matrix', () => {
  it('multiplies and transposes like ml-matrix', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 20 }), ({ rows, columns, seed }, inner) => {
        const a = randomMatrix(rows, inner, seed);
        const b = randomMatrix(inner, columns, seed + 1);
        const peerA = MlMatrix.from1DArray(rows, inner, [...a.values]);
        const peer = peerA.mmul(MlMatrix.from1DArray(inner, columns, [...b.values])).to1DArray();
        multiply(a, b).values.forEach((x, i) => expect(Math.abs(x - peer[i]!)).toBeLessThan(1e-13));
        expect([...transpose(a).values]).toEqual(peerA.transpose().to1DArray());
        const g = gram(a);
        const peerGram = peerA.transpose().mmul(peerA).to1DArray();
        g.values.forEach((x, i) => expect(Math.abs(x - peerGram[i]!)).toBeLessThan(1e-13));
        expect([...transpose(g).values]).toEqual([...g.values]);
      }),
    );
  });

  it('builds from rows', () => {
    expect([
      ...matrixFrom([
        [1, 2, 3],
        [4, 5, 6],
      ]).values,
    ]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => matrixFrom([[1], [2, 3]])).toThrow('Row 2 has 2 entries, the first row 1.');
    expect([...identity(2).values]).toEqual([1, 0, 0, 1]);
    expect(() => multiply(identity(2), identity(3))).toThrow(RangeError);
  });

  it('takes norms of huge and tiny matrices', () => {
    expect(frobeniusNorm(matrixFrom([[3e200, 4e200]])) / 5e200).toBeCloseTo(1, 15);
    expect(frobeniusNorm(matrixFrom([[3e-200, 4e-200]]))).toBeCloseTo(5e-200, 210);
    expect(frobeniusNorm(matrixFrom([[0]]))).toBe(0);
  });
});
