import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extendRows, selectRows, smallestSingularValue } from '../../../src/engine/inputs/rowSelection';
import { createMatrix, type Matrix } from '../../../src/engine/linalg/matrix';
import { singularValues } from '../linalg/reference/svd';

/** σ_min by Jacobi rotations. Not by ml-matrix: for some matrices with numbers close to underflow it goes on for ever. */
function referenceSigma(a: Matrix, rows: readonly number[]): number {
  const chosen = rows.flatMap((row) => Array.from(a.values.subarray(row * a.columns, (row + 1) * a.columns)));
  return Math.min(...singularValues(fill(rows.length, a.columns, chosen)));
}

function* subsets(n: number, k: number, from = 0): Generator<number[]> {
  if (k === 0) yield [];
  else for (let i = from; i <= n - k; i++) for (const rest of subsets(n, k - 1, i + 1)) yield [i, ...rest];
}

function fill(rows: number, columns: number, numbers: readonly number[]): Matrix {
  const a = createMatrix(rows, columns);
  a.values.set(numbers.slice(0, rows * columns));
  return a;
}

const shapes = fc
  .tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 4 }))
  .filter(([rows, columns]) => columns <= rows)
  .chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      numbers: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns }),
    }),
  );

describe('selectRows', () => {
  it('finds the choice that trying them all finds', () => {
    fc.assert(
      fc.property(shapes, ({ rows, columns, numbers }) => {
        const a = fill(rows, columns, numbers);
        const best = Math.max(...[...subsets(rows, columns)].map((choice) => referenceSigma(a, choice)));
        const chosen = selectRows(a, columns);
        expect(new Set(chosen).size).toBe(columns);
        expect(chosen).toEqual([...chosen].sort((x, y) => x - y));
        expect(referenceSigma(a, chosen)).toBeGreaterThanOrEqual(best * (1 - 1e-8) - 1e-12);
      }),
      { numRuns: 150 },
    );
  });

  it('comes close to the optimum by exchanges where there are too many choices', () => {
    // 40 choose 6 is beyond the exhaustive limit; twelve of the rows are orthogonal and long, so the optimum is known.
    const a = createMatrix(40, 6);
    for (let i = 0; i < 40; i++) for (let j = 0; j < 6; j++) a.values[i * 6 + j] = ((i * 7 + j * 13) % 11) / 40 - 0.125;
    for (let j = 0; j < 6; j++) {
      for (let k = 0; k < 6; k++) a.values[(5 * j + 3) * 6 + k] = j === k ? 10 : 0;
    }
    expect(smallestSingularValue(a, selectRows(a, 6))).toBeGreaterThan(9.9);
  });
});

describe('extendRows', () => {
  it('keeps the chosen rows in front and gives every row once', () => {
    const a = fill(5, 2, [1, 0, 0, 1, 1, 1, 0.1, 0, 3, -3]);
    const order = extendRows(a, [0, 1], 5);
    expect(order.slice(0, 2)).toEqual([0, 1]);
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('adds the row that raises the smallest singular value most', () => {
    // Rows e1 and e2/2: the weakest direction is e2, and the third row covers it best.
    const a = fill(5, 2, [1, 0, 0, 0.5, 2, 0, 0.2, 0.2, 0.1, 3]);
    expect(extendRows(a, [0, 1], 3)[2]).toBe(4);
  });
});
