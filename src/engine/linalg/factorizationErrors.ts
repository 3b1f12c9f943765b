import { createMatrix, frobeniusNorm, gram, largestMagnitude, multiply, transpose, type Matrix } from './matrix';
import type { Lu } from './lu';
import { applyQ, type PivotedQr } from './pivotedQr';
import { PowerOfTwoScaling } from './scaling';
import type { Svd } from './svd';

/** What a factorisation leaves, measured: costs a few matrix products. */
export interface FactorizationErrors {
  /** Frobenius norm of the matrix minus the product of its factors, relative to that of the matrix; 0 for the zero matrix. */
  residual: number;
  /** Largest entry of |QᵀQ − I| over the factors that should have orthonormal columns; 0 where there are none. */
  orthogonality: number;
}

/** Of a = u·diag(s)·vᵀ. */
export function svdErrors(a: Matrix, { u, s, v }: Svd): FactorizationErrors {
  const { matrix, scaling } = scaled(a);
  const values = s.slice();
  scaling.down(values);
  const us = createMatrix(u.rows, u.columns);
  for (let i = 0; i < us.values.length; i++) us.values[i] = u.values[i]! * values[i % u.columns]!;
  return {
    residual: relativeDistance(matrix, multiply(us, transpose(v))),
    orthogonality: Math.max(orthogonalityOf(u), orthogonalityOf(v)),
  };
}

/** Of a·P = Q·R. */
export function pivotedQrErrors(a: Matrix, qr: PivotedQr): FactorizationErrors {
  const { m, n, columns, permutation } = qr;
  const { matrix, scaling } = scaled(a);
  const product = createMatrix(m, n);
  const column = new Float64Array(m);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    for (let i = 0; i <= Math.min(j, m - 1); i++) column[i] = columns[j * m + i]!;
    scaling.down(column);
    applyQ(qr, column, 0);
    for (let i = 0; i < m; i++) product.values[i * n + permutation[j]!] = column[i]!;
  }
  const k = Math.min(m, n);
  const q = createMatrix(m, k);
  for (let j = 0; j < k; j++) {
    column.fill(0);
    column[j] = 1;
    applyQ(qr, column, 0);
    for (let i = 0; i < m; i++) q.values[i * k + j] = column[i]!;
  }
  return { residual: relativeDistance(matrix, product), orthogonality: orthogonalityOf(q) };
}

/** Of P·a = L·U. */
export function luErrors(a: Matrix, { factors, pivots }: Lu): FactorizationErrors {
  const n = a.rows;
  const { matrix, scaling } = scaled(a);
  const lower = createMatrix(n, n);
  const upper = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) (j < i ? lower : upper).values[i * n + j] = factors[i * n + j]!;
    lower.values[i * n + i] = 1;
  }
  scaling.down(upper.values);
  const product = multiply(lower, upper).values;
  for (let k = n - 1; k >= 0; k--) {
    for (let j = 0; j < n; j++) {
      const swapped = product[pivots[k]! * n + j]!;
      product[pivots[k]! * n + j] = product[k * n + j]!;
      product[k * n + j] = swapped;
    }
  }
  return { residual: relativeDistance(matrix, { rows: n, columns: n, values: product }), orthogonality: 0 };
}

/** With its largest entry around 1, so that nothing below overflows. */
function scaled(a: Matrix): { matrix: Matrix; scaling: PowerOfTwoScaling } {
  const scaling = new PowerOfTwoScaling(largestMagnitude(a.values));
  const values = a.values.slice();
  scaling.down(values);
  return { matrix: { rows: a.rows, columns: a.columns, values }, scaling };
}

function relativeDistance(a: Matrix, b: Matrix): number {
  const norm = frobeniusNorm(a);
  const values = a.values.map((x, i) => x - b.values[i]!);
  return norm === 0 ? 0 : frobeniusNorm({ ...a, values }) / norm;
}

function orthogonalityOf(q: Matrix): number {
  const products = gram(q).values;
  return products.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (i % (q.columns + 1) === 0 ? 1 : 0))), 0);
}
