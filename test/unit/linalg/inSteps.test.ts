import { expect, it } from 'vitest';
import { createMatrix, gram, gramInSteps, multiply, multiplyInSteps } from '../../../src/engine/linalg/matrix';
import { symmetricEigen, symmetricEigenInSteps } from '../../../src/engine/linalg/symmetricEigen';
import { randomStream } from '../../../src/engine/random/stream';

function randomMatrix(rows: number, columns: number) {
  const matrix = createMatrix(rows, columns);
  randomStream(rows, 'inSteps', columns).fillNormal(matrix.values);
  return matrix;
}

/** The result, and how many pauses there were; `between` is called in each. */
function drive<Result>(work: Generator<void, Result>, between: () => void): { result: Result; pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const { done, value } = work.next();
    if (done) return { result: value, pauses };
    between();
  }
}

it('gives the bits of a product in one piece, whatever is computed in the pauses', () => {
  const other = randomMatrix(30, 30);
  const between = () => void multiply(other, other);
  for (const [m, k, n] of [
    [170, 171, 173],
    [9, 700, 701],
    [301, 129, 130],
  ]) {
    const [a, b] = [randomMatrix(m, k), randomMatrix(k, n)];
    const product = drive(multiplyInSteps(a, b), between);
    expect(product.pauses).toBeGreaterThan(1);
    expect(product.result).toEqual(multiply(a, b));
  }
  const a = randomMatrix(170, 203);
  const squared = drive(gramInSteps(a), between);
  expect(squared.pauses).toBeGreaterThan(1);
  expect(squared.result).toEqual(gram(a));
});

it('finds the same eigenvalues, vectors and errors with pauses, in which others are found', () => {
  const a = gram(randomMatrix(180, 180));
  const other = gram(randomMatrix(12, 12));
  const expected = symmetricEigen(a);
  const ofOther = symmetricEigen(other).values;
  const between = () => expect(symmetricEigen(other).values).toEqual(ofOther);
  const found = drive(symmetricEigenInSteps(a), between);
  expect(found.pauses).toBeGreaterThan(20);
  expect(found.result.values).toEqual(expected.values);
  expect(found.result.vectors).toEqual(expected.vectors);
  const measured = drive(found.result.measureInSteps(), between);
  expect(measured.pauses).toBeGreaterThan(2);
  expect(measured.result.residual).toBe(expected.residual);
  expect(measured.result.orthogonality).toBe(expected.orthogonality);
  expect(measured.result.residual).toBeLessThan(1e-13);
});
