import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lu } from '../../../src/engine/linalg/lu';
import { transpose } from '../../../src/engine/linalg/matrix';
import { applyQ, pivotedQr } from '../../../src/engine/linalg/pivotedQr';
import { singularValues, svd } from '../../../src/engine/linalg/svd';
import { leastSquares } from '../../../src/engine/linalg/solve';
import { symmetricEigen, symmetricEigenvalues } from '../../../src/engine/linalg/symmetricEigen';
import { spaceDifference } from './factors';
import { MATRICES, SQUARE, SYMMETRIC, SYSTEMS } from './matrices';

const VALUES = ['singularValues', 'eigenvalues', 'leastSquares', 'pivotedQr', 'lu'] as const;
const FACTORS = ['singularVectors', 'eigenvectors', 'qrFactors', 'luFactors'] as const;
const KINDS = [...VALUES, ...FACTORS];
type Reference = Record<(typeof KINDS)[number], Record<string, number[]>>;

const folder = join(__dirname);
const recorded = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as Reference;

/** Debian's Python first: it is the one that has SciPy. */
const python = ['/usr/bin/python3', 'python3'].find((command) => spawnSync(command, ['-c', 'import numpy, scipy']).status === 0);

function difference(got: ArrayLike<number>, expected: readonly number[]): number {
  expect(got.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((x, i) => Math.abs(got[i]! - x))) / (scale || 1);
}

describe('recorded numbers of SciPy', () => {
  it.each(Object.keys(MATRICES))('singular values of %s', (name) => {
    expect(difference(singularValues(MATRICES[name]!), recorded.singularValues[name]!)).toBeLessThan(1e-13);
    expect(difference(svd(MATRICES[name]!).s, recorded.singularValues[name]!)).toBeLessThan(1e-13);
  });

  it.each(Object.keys(SYMMETRIC))('eigenvalues of %s', (name) => {
    expect(difference(symmetricEigen(SYMMETRIC[name]!).values, recorded.eigenvalues[name]!)).toBeLessThan(1e-13);
    expect(difference(symmetricEigenvalues(SYMMETRIC[name]!), recorded.eigenvalues[name]!)).toBeLessThan(1e-13);
  });

  it.each(Object.keys(recorded.pivotedQr))('diagonal of R of the pivoted QR of %s', (name) => {
    const a = MATRICES[name]!;
    const { m, columns } = pivotedQr(transpose(a).values, a.rows, a.columns);
    const diagonal = recorded.pivotedQr[name]!.map((_, k) => Math.abs(columns[k * m + k]!));
    expect(difference(diagonal, recorded.pivotedQr[name]!)).toBeLessThan(1e-13);
  });

  it.each(Object.keys(SQUARE))('diagonal of U of the LU of %s', (name) => {
    const { factors, regular } = lu(SQUARE[name]!);
    expect(regular).toBe(true);
    const n = SQUARE[name]!.rows;
    expect(
      difference(
        recorded.lu[name]!.map((_, k) => factors[k * n + k]!),
        recorded.lu[name]!,
      ),
    ).toBeLessThan(1e-13);
  });

  it.each(Object.keys(SYSTEMS))('least squares: %s', (name) => {
    const a = SYSTEMS[name]!;
    const b = Float64Array.from({ length: a.rows }, (_, i) => (i + 1) / 4);
    expect(difference(leastSquares(a, b).solution, recorded.leastSquares[name]!)).toBeLessThan(1e-12);
  });

  it.each(Object.keys(recorded.singularVectors))('singular vectors of %s', (name) => {
    const a = MATRICES[name]!;
    const values = recorded.singularValues[name]!;
    const left = recorded.singularVectors[name]!.slice(0, a.rows * values.length);
    const right = recorded.singularVectors[name]!.slice(left.length);
    for (const accuracy of ['relative', 'absolute'] as const) {
      const { u, v } = svd(a, { accuracy });
      for (const [length, got, expected] of [[a.rows, u.values, left] as const, [a.columns, v.values, right] as const]) {
        const { worst, alone, clusters } = spaceDifference({ values, length, got, expected });
        expect(clusters).toBeGreaterThan(0);
        expect(worst).toBeLessThan(1e-13);
        expect(alone).toBeLessThan(1e-14);
      }
    }
  });

  it.each(Object.keys(recorded.eigenvectors))('eigenvectors of %s', (name) => {
    const got = symmetricEigen(SYMMETRIC[name]!).vectors.values;
    const values = recorded.eigenvalues[name]!;
    const { worst, alone, clusters } = spaceDifference({
      values,
      length: values.length,
      got,
      expected: recorded.eigenvectors[name]!,
    });
    expect(clusters).toBeGreaterThan(0);
    expect(worst).toBeLessThan(1e-13);
    expect(alone).toBeLessThan(1e-14);
  });

  it.each(Object.keys(recorded.qrFactors))('Q, R and permutation of the pivoted QR of %s', (name) => {
    const a = MATRICES[name]!;
    const k = Math.min(a.rows, a.columns);
    const numbers = recorded.qrFactors[name]!;
    const q = numbers.slice(0, a.rows * k);
    const r = numbers.slice(q.length, q.length + k * a.columns);
    const qr = pivotedQr(transpose(a).values, a.rows, a.columns);
    expect(Array.from(qr.permutation)).toEqual(numbers.slice(q.length + r.length));
    const largest = r[0]!;
    for (let i = 0; i < k; i++) {
      const diagonal = qr.columns[i * a.rows + i]!;
      const sign = diagonal < 0 ? -1 : 1;
      // What is left of the matrix when this reflection is made has rounding errors of the whole.
      const accuracy = 1e-14 * Math.max(1, largest / Math.abs(diagonal)) * k;
      const row = Float64Array.from({ length: a.columns }, (_, j) => (j < i ? 0 : sign * qr.columns[j * a.rows + i]!));
      row.forEach((x, j) => expect(Math.abs(x - r[i * a.columns + j]!)).toBeLessThan(accuracy * largest));
      const column = new Float64Array(a.rows);
      column[i] = sign;
      applyQ(qr, column, 0);
      column.forEach((x, s) => expect(Math.abs(x - q[s * k + i]!)).toBeLessThan(accuracy));
    }
  });

  it.each(Object.keys(recorded.luFactors))('factors and pivots of the LU of %s', (name) => {
    const { factors, pivots } = lu(SQUARE[name]!);
    const numbers = recorded.luFactors[name]!;
    expect(difference(factors, numbers.slice(0, factors.length))).toBeLessThan(1e-13);
    expect(Array.from(pivots)).toEqual(numbers.slice(factors.length));
  });
});

describe.skipIf(!python)(`SciPy itself${python ? '' : ' (skipped: no Python with NumPy and SciPy here)'}`, () => {
  it('still gives the recorded numbers', () => {
    const run = spawnSync(python!, [join(folder, 'reference.py')], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    const fresh = JSON.parse(run.stdout) as Reference;
    for (const kind of KINDS) {
      expect(Object.keys(fresh[kind])).toEqual(Object.keys(recorded[kind]));
      // Another build of LAPACK may turn vectors round.
      if ((FACTORS as readonly string[]).includes(kind)) continue;
      for (const [name, values] of Object.entries(fresh[kind]))
        expect(difference(values, recorded[kind][name]!), name).toBeLessThan(1e-12);
    }
  });
});
