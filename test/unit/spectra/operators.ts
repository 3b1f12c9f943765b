import type { Matrix } from '../../../src/engine/linalg/matrix';
import type { SymmetricOperator } from '../../../src/engine/spectra/symmetricOperator';

export function diagonalOperator(diagonal: Float64Array): SymmetricOperator {
  return {
    size: diagonal.length,
    apply(x, out) {
      for (let i = 0; i < diagonal.length; i++) out[i] = diagonal[i] * x[i];
    },
  };
}

/** −1, 2, −1: eigenvalues 2 − 2cos(kπ/(n + 1)), k = 1 … n. */
export function laplacian(n: number): SymmetricOperator {
  return {
    size: n,
    apply(x, out) {
      for (let i = 0; i < n; i++) out[i] = 2 * x[i] - (i > 0 ? x[i - 1] : 0) - (i + 1 < n ? x[i + 1] : 0);
    },
  };
}

export function laplacianEigenvalue(n: number, k: number): number {
  return 2 - 2 * Math.cos((k * Math.PI) / (n + 1));
}

export function denseOperator(a: Matrix): SymmetricOperator {
  const n = a.rows;
  return {
    size: n,
    apply(x, out) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += a.values[i * n + j] * x[j];
        out[i] = sum;
      }
    },
  };
}
