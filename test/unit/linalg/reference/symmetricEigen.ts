import { exponentOf, powerOfTwo } from '../../../../src/engine/numbers/floats';
import type { SymmetricEigen } from '../../../../src/engine/linalg/symmetricEigen';
import { requireFinite } from '../../../../src/engine/linalg/finite';
import { createMatrix, gram, multiply, type Matrix } from '../../../../src/engine/linalg/matrix';
import { stretchNorm } from '../../../../src/engine/linalg/stretchNorm';
import { tridiagonalQl } from '../../../../src/engine/linalg/tridiagonalQl';

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, of which the lower triangle is read: Householder tridiagonalisation and
 * implicit QL, accurate to a few rounding errors of the largest eigenvalue.
 *
 * @param name what the matrix is, for messages
 * @throws NumericalError when an entry is NaN or infinite
 */
export function symmetricEigen(a: Matrix, name = 'matrix'): Omit<SymmetricEigen, 'measureInSteps'> {
  const n = a.rows;
  const { scaled, scale } = scaledCopy(a, name);
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  const z = Float64Array.from(scaled);
  const tau = new Float64Array(n);
  tridiagonalize(z, n, d, e, tau);
  accumulate(z, n, tau);
  tridiagonalQl(d, e, z);

  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => d[i]! - d[j]!);
  const sorted = Float64Array.from(order, (i) => d[i]!);
  const vectors = createMatrix(n, n);
  for (let row = 0; row < n; row++) for (let j = 0; j < n; j++) vectors.values[row * n + j] = z[row * n + order[j]!]!;
  return { values: sorted.map((x) => x * scale), vectors, ...errors(scaled, n, sorted, vectors) };
}

/** The full symmetric matrix of the lower triangle, with entries around 1, so that squares neither overflow nor underflow. */
function scaledCopy(a: Matrix, name: string): { scaled: Float64Array; scale: number } {
  const n = a.rows;
  if (a.columns !== n) throw new RangeError(`The ${name} is ${n}×${a.columns}, not square.`);
  const largest = requireFinite(a, name);
  const exponent = largest === 0 ? 0 : exponentOf(largest);
  const half = exponent >> 1;
  const scaled = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const x = a.values[i * n + j]! * powerOfTwo(-half) * powerOfTwo(half - exponent);
      scaled[i * n + j] = x;
      scaled[j * n + i] = x;
    }
  }
  return { scaled, scale: powerOfTwo(exponent) };
}

/**
 * QᵀAQ = T, from the last row upwards. Of `a` the lower triangle is used; row i keeps the reflector (I − tau[i]·v·vᵀ) that
 * cleared it.
 */
function tridiagonalize(a: Float64Array, n: number, d: Float64Array, e: Float64Array, tau: Float64Array): void {
  const p = new Float64Array(n);
  const v = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    d[i] = a[row + i]!;
    const norm = stretchNorm(a, row, row + i);
    const rest = i > 1 ? stretchNorm(a, row, row + i - 1) : 0;
    if (rest === 0) {
      e[i - 1] = a[row + i - 1]!;
      continue;
    }
    const alpha = a[row + i - 1]!;
    const beta = alpha > 0 ? -norm : norm;
    const head = alpha - beta;
    const t = (beta - alpha) / beta;
    for (let j = 0; j < i - 1; j++) v[j] = a[row + j] = a[row + j]! / head;
    v[i - 1] = a[row + i - 1] = 1;
    e[i - 1] = beta;
    tau[i] = t;

    // p = t·A·v from the lower triangle; A ← A − v·wᵀ − w·vᵀ with w = p − (t/2)(pᵀv)·v.
    p.fill(0, 0, i);
    for (let j = 0; j < i; j++) {
      const own = j * n;
      const vj = v[j]!;
      let sum = 0;
      for (let k = 0; k < j; k++) {
        const x = a[own + k]!;
        sum += x * v[k]!;
        p[k]! += x * vj;
      }
      p[j]! += sum + a[own + j]! * vj;
    }
    let dot = 0;
    for (let j = 0; j < i; j++) {
      p[j]! *= t;
      dot += p[j]! * v[j]!;
    }
    const shift = 0.5 * t * dot;
    for (let j = 0; j < i; j++) p[j]! -= shift * v[j]!;
    for (let j = 0; j < i; j++) {
      const own = j * n;
      const vj = v[j]!;
      const pj = p[j]!;
      for (let k = 0; k <= j; k++) a[own + k]! -= vj * p[k]! + pj * v[k]!;
    }
  }
  if (n > 0) d[0] = a[0]!;
}

/** Overwrites the reflectors by Q. */
function accumulate(z: Float64Array, n: number, tau: Float64Array): void {
  const w = new Float64Array(n);
  const v = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    const t = tau[i]!;
    if (t !== 0) {
      for (let k = 0; k < i; k++) v[k] = z[row + k]!;
      w.fill(0, 0, i);
      let k = 0;
      for (; k + 1 < i; k += 2) {
        const f0 = v[k]!;
        const f1 = v[k + 1]!;
        const r0 = k * n;
        const r1 = r0 + n;
        for (let j = 0; j < i; j++) w[j]! += f0 * z[r0 + j]! + f1 * z[r1 + j]!;
      }
      for (; k < i; k++) for (let j = 0; j < i; j++) w[j]! += v[k]! * z[k * n + j]!;
      for (k = 0; k < i; k++) {
        const factor = t * v[k]!;
        const other = k * n;
        for (let j = 0; j < i; j++) z[other + j]! -= factor * w[j]!;
      }
    }
    z[row + i] = 1;
    for (let k = 0; k < i; k++) {
      z[row + k] = 0;
      z[k * n + i] = 0;
    }
  }
}

function errors(a: Float64Array, n: number, values: Float64Array, vectors: Matrix): { residual: number; orthogonality: number } {
  const largest = n === 0 ? 0 : Math.max(Math.abs(values[0]!), Math.abs(values[n - 1]!));
  const image = multiply({ rows: n, columns: n, values: a }, vectors);
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const x = image.values[i * n + j]! - values[j]! * vectors.values[i * n + j]!;
      squares[j]! += x * x;
    }
  }
  let worst = 0;
  for (const square of squares) if (square > worst) worst = square;
  const products = gram(vectors).values;
  let orthogonality = 0;
  for (let p = 0; p < n; p++)
    for (let q = 0; q <= p; q++) orthogonality = Math.max(orthogonality, Math.abs(products[p * n + q]! - (p === q ? 1 : 0)));
  return { residual: largest === 0 ? 0 : Math.sqrt(worst) / largest, orthogonality };
}
