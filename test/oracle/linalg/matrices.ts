import { createMatrix, multiply, transpose, type Matrix } from '../../../src/engine/linalg/matrix';

/** The matrices of reference.py, bit for bit. */
export function fill(rows: number, columns: number, entry: (i: number, j: number) => number): Matrix {
  const a = createMatrix(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) a.values[i * columns + j] = entry(i, j);
  return a;
}

export const mixedEntry = (i: number, j: number) => (((i * i * 7 + j * 13 + i * j * 5) % 31) - 15) / 16;
export const mixed = (m: number, n: number) => fill(m, n, mixedEntry);
export const hilbert = (n: number) => fill(n, n, (i, j) => 1 / (i + j + 1));
export const lowRank = (m: number, n: number, r: number) =>
  multiply(
    fill(m, r, (i, k) => ((i * 3 + k * 5 + i * k) % 7) - 3),
    fill(r, n, (k, j) => ((j * 5 + k * 2 + j * j * (k + 1)) % 11) - 5),
  );
export const graded = (n: number) => fill(n, n, (i, j) => mixedEntry(i, j) * 2 ** (-3 * j));
export const symmetric = (n: number) => fill(n, n, (i, j) => mixedEntry(i, j) + mixedEntry(j, i));

export const MATRICES: Record<string, Matrix> = {
  'mixed 1x1': fill(1, 1, () => mixedEntry(1, 1)),
  'mixed 1x7': mixed(1, 7),
  'mixed 9x1': mixed(9, 1),
  'mixed 16x32': mixed(16, 32),
  'mixed 40x12': mixed(40, 12),
  'mixed 32x32': mixed(32, 32),
  'hilbert 8': hilbert(8),
  'lowRank 20x30 rank 4': lowRank(20, 30, 4),
  'graded 10': graded(10),
  'mixed 300x280': mixed(300, 280),
  'mixed 210x97': mixed(210, 97),
  'lowRank 120x90 rank 11': lowRank(120, 90, 11),
  'graded 40': graded(40),
};

export const SYMMETRIC: Record<string, Matrix> = {
  'symmetric 1': symmetric(1),
  'symmetric 2': symmetric(2),
  'symmetric 25': symmetric(25),
  'symmetric 60': symmetric(60),
  'symmetric 161': symmetric(161),
  'hilbert 12': hilbert(12),
  'gram of lowRank': multiply(transpose(lowRank(20, 30, 4)), lowRank(20, 30, 4)),
};

/** Without equal pivots, of which two libraries may take different ones. */
export const SQUARE: Record<string, Matrix> = Object.fromEntries(
  [5, 23, 60, 130].map((n) => [`dominant ${n}`, fill(n, n, (i, j) => mixedEntry(i, j) + (i === j ? n : 0))]),
);

export const SYSTEMS: Record<string, Matrix> = {
  tall: mixed(20, 6),
  square: mixed(9, 9),
  wide: mixed(5, 11),
  deficient: lowRank(15, 10, 3),
};
