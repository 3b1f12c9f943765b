import { NumericalError } from '../numbers/numericalError';

const EPSILON = 2.220446049250313e-16;
/** Iterations for one eigenvalue; two are usual. */
const MAX_ITERATIONS = 80;

/**
 * Eigenvalues of a symmetric tridiagonal matrix by the implicit QL method with Wilkinson's shift
 * (Bowdler, Martin, Reinsch, Wilkinson, Numer. Math. 11, 1968). Entries should be around 1 in size.
 *
 * @param d diagonal, n numbers; overwritten by the eigenvalues, unordered
 * @param e off-diagonal: e[i] couples i and i + 1; n numbers, the last one unused; destroyed
 * @param z rows of n numbers that are multiplied from the right by the eigenvectors, or null
 */
export function tridiagonalQl(d: Float64Array, e: Float64Array, z: Float64Array | null): void {
  const n = d.length;
  if (n === 0) return;
  e[n - 1] = 0;
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]!), Math.abs(e[i]!));
  // Far below what the reduction to this form has already lost.
  const negligible = (norm * EPSILON) / 16;
  const cosines = new Float64Array(n);
  const sines = new Float64Array(n);
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l;
      for (; m < n - 1; m++) {
        const off = Math.abs(e[m]!);
        if (off <= negligible || off <= EPSILON * Math.sqrt(Math.abs(d[m]!)) * Math.sqrt(Math.abs(d[m + 1]!))) break;
      }
      if (m === l) break;
      if (iteration === MAX_ITERATIONS)
        throw new NumericalError(`Eigenvalue ${l + 1} of a ${n}×${n} matrix did not converge in ${MAX_ITERATIONS} steps.`);

      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = hypotenuse(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -r : r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = hypotenuse(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        cosines[i] = c;
        sines[i] = s;
      }
      if (z) rotateRows(z, n, i + 1, m, cosines, sines);
      if (i >= l) continue;
      d[l]! -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

function hypotenuse(a: number, b: number): number {
  const sum = a * a + b * b;
  if (sum > 1e-280 && sum < 1e300) return Math.sqrt(sum);
  const x = Math.abs(a);
  const y = Math.abs(b);
  const large = x > y ? x : y;
  if (large === 0) return 0;
  const small = (x > y ? y : x) / large;
  return large * Math.sqrt(1 + small * small);
}

/**
 * Applies the rotations `to − 1`, …, `from` of one QL step to columns of z. Row by row, because a row stays in the first-level
 * cache, and four rows at once, because the rotations of one row wait for each other.
 */
function rotateRows(z: Float64Array, n: number, from: number, to: number, cosines: Float64Array, sines: Float64Array): void {
  const rows = z.length / n;
  let row = 0;
  for (; row + 3 < rows; row += 4) {
    const o0 = row * n;
    const o1 = o0 + n;
    const o2 = o1 + n;
    const o3 = o2 + n;
    let h0 = z[o0 + to]!;
    let h1 = z[o1 + to]!;
    let h2 = z[o2 + to]!;
    let h3 = z[o3 + to]!;
    for (let i = to - 1; i >= from; i--) {
      const c = cosines[i]!;
      const s = sines[i]!;
      const z0 = z[o0 + i]!;
      const z1 = z[o1 + i]!;
      const z2 = z[o2 + i]!;
      const z3 = z[o3 + i]!;
      z[o0 + i + 1] = s * z0 + c * h0;
      z[o1 + i + 1] = s * z1 + c * h1;
      z[o2 + i + 1] = s * z2 + c * h2;
      z[o3 + i + 1] = s * z3 + c * h3;
      h0 = c * z0 - s * h0;
      h1 = c * z1 - s * h1;
      h2 = c * z2 - s * h2;
      h3 = c * z3 - s * h3;
    }
    z[o0 + from] = h0;
    z[o1 + from] = h1;
    z[o2 + from] = h2;
    z[o3 + from] = h3;
  }
  for (; row < rows; row++) {
    const o = row * n;
    let h = z[o + to]!;
    for (let i = to - 1; i >= from; i--) {
      const x = z[o + i]!;
      z[o + i + 1] = sines[i]! * x + cosines[i]! * h;
      h = cosines[i]! * x - sines[i]! * h;
    }
    z[o + from] = h;
  }
}
