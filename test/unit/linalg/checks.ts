import fc from 'fast-check';
import { createMatrix, multiply, transpose, type Matrix } from '../../../src/engine/linalg/matrix';
import type { Svd } from '../../../src/engine/linalg/svd';
import { generator } from '../numbers/arguments';

export function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const random = generator(seed);
  const a = createMatrix(rows, columns);
  for (let i = 0; i < a.values.length; i++) a.values[i] = random() + random() + random() + random() - 2;
  return a;
}

/** Random shapes with 1×1, 1×n and n×1 among them. */
export const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 24 }),
  columns: fc.integer({ min: 1, max: 24 }),
  seed: fc.integer(),
});

export function largestDifference(a: Matrix, b: Matrix): number {
  return a.values.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b.values[i]!)), 0);
}

/** Largest |aᵀa − I|. */
export function orthonormalityError(a: Matrix): number {
  const product = multiply(transpose(a), a);
  return product.values.reduce(
    (worst, x, i) => Math.max(worst, Math.abs(x - (Math.floor(i / a.columns) === i % a.columns ? 1 : 0))),
    0,
  );
}

/** Largest |a − u·diag(s)·vᵀ|, relative to the largest singular value (or entry). */
export function reconstructionError(a: Matrix, { u, s, v }: Svd): number {
  const scaled = createMatrix(u.rows, u.columns);
  // Divided by σ₁ before multiplying, so that the check itself cannot overflow.
  const scale = s[0]! || 1;
  for (let i = 0; i < u.values.length; i++) scaled.values[i] = u.values[i]! * (s[i % u.columns]! / scale);
  const product = multiply(scaled, transpose(v));
  return product.values.reduce((worst, x, i) => Math.max(worst, Math.abs(x - a.values[i]! / scale)), 0);
}

/** q·diag(values)·rᵀ for the orthogonal factors of two random matrices (by Gram–Schmidt, twice). */
export function withSpectrum(rows: number, columns: number, values: number[], seed: number): Matrix {
  const q = orthogonalColumns(rows, values.length, seed);
  const r = orthogonalColumns(columns, values.length, seed + 1);
  const scaled = createMatrix(rows, values.length);
  for (let i = 0; i < scaled.values.length; i++) scaled.values[i] = q.values[i]! * values[i % values.length]!;
  return multiply(scaled, transpose(r));
}

export function orthogonalColumns(rows: number, columns: number, seed: number): Matrix {
  const a = randomMatrix(rows, columns, seed);
  const at = (i: number, j: number) => i * columns + j;
  for (let j = 0; j < columns; j++) {
    for (let pass = 0; pass < 3; pass++) {
      for (let k = 0; k < j; k++) {
        let dot = 0;
        for (let i = 0; i < rows; i++) dot += a.values[at(i, j)]! * a.values[at(i, k)]!;
        for (let i = 0; i < rows; i++) a.values[at(i, j)]! -= dot * a.values[at(i, k)]!;
      }
      let squares = 0;
      for (let i = 0; i < rows; i++) squares += a.values[at(i, j)]! ** 2;
      for (let i = 0; i < rows; i++) a.values[at(i, j)]! /= Math.sqrt(squares);
    }
  }
  return a;
}
