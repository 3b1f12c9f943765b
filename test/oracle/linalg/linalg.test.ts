import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lu } from '../../../src/engine/linalg/lu';
import { transpose } from '../../../src/engine/linalg/matrix';
import { pivotedQr } from '../../../src/engine/linalg/pivotedQr';
import { singularValues, svd } from '../../../src/engine/linalg/svd';
import { leastSquares } from '../../../src/engine/linalg/solve';
import { symmetricEigen, symmetricEigenvalues } from '../../../src/engine/linalg/symmetricEigen';
import { MATRICES, SQUARE, SYMMETRIC, SYSTEMS } from './matrices';

const KINDS = ['singularValues', 'eigenvalues', 'leastSquares', 'pivotedQr', 'lu'] as const;
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
});

describe.skipIf(!python)(`SciPy itself${python ? '' : ' (skipped: no Python with NumPy and SciPy here)'}`, () => {
  it('still gives the recorded numbers', () => {
    const run = spawnSync(python!, [join(folder, 'reference.py')], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    const fresh = JSON.parse(run.stdout) as Reference;
    for (const kind of KINDS) {
      expect(Object.keys(fresh[kind])).toEqual(Object.keys(recorded[kind]));
      for (const [name, values] of Object.entries(fresh[kind]))
        expect(difference(values, recorded[kind][name]!), name).toBeLessThan(1e-12);
    }
  });
});
