import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { createModel } from '../../../src/engine/models/registry';
import { allEntries } from '../../../src/engine/targets/probes';
import { TestNumbers, size } from './arbitraries';
import { checkDerivatives } from './boundModelChecks';
import { relativeDifference, values } from './differences';

describe('matrix factorization', () => {
  it('has the derivatives of its values for any shape and any entries', () => {
    fc.assert(
      fc.property(size, size, size, fc.integer({ min: 1, max: 12 }), fc.nat(), (rows, columns, inner, n, seed) => {
        const numbers = new TestNumbers(seed);
        const model = createModel({ kind: 'matrixFactorization', rows, columns, inner });
        checkDerivatives({
          model,
          inputs: numbers.entries(n, rows, columns),
          parameters: numbers.normals(model.parameterCount),
          direction: numbers.normals(model.parameterCount),
          weights: numbers.normals(n),
          targets: numbers.normals(n),
        });
      }),
      { numRuns: 150 },
    );
  });

  it('is the product of its factors', () => {
    fc.assert(
      fc.property(size, size, size, fc.nat(), (rows, columns, inner, seed) => {
        const parameters = new TestNumbers(seed).normals(inner * (rows + columns));
        const a = Matrix.from1DArray(rows, inner, Array.from(parameters.subarray(0, rows * inner)));
        const b = Matrix.from1DArray(inner, columns, Array.from(parameters.subarray(rows * inner)));
        const bound = createModel({ kind: 'matrixFactorization', rows, columns, inner }).bind(allEntries(rows, columns));
        expect(relativeDifference(values(bound, parameters), a.mmul(b).to1DArray())).toBeLessThan(1e-14);
      }),
    );
  });

  it('refuses entries outside the matrix', () => {
    const model = createModel({ kind: 'matrixFactorization', rows: 2, columns: 3, inner: 2 });
    expect(() => model.bind({ count: 1, dimension: 2, values: Float64Array.of(2, 0) })).toThrow('no entry of a 2 × 3 matrix');
    expect(() => model.bind({ count: 1, dimension: 2, values: Float64Array.of(0, 0.5) })).toThrow('no entry');
  });
});
