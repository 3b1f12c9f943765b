import { LN2_HIGH, LN2_LOW, exponentOf, significandOf } from './floats';

const SQRT2 = 1.4142135623730951;

/**
 * Σ_{j≥1} 2 z^j/(2j + 1) for z = s², s = f/(2 + f), so that log(1 + f) = 2s + s·(this sum): the series of 2·artanh(s).
 * With |s| ≤ 0.172 twelve terms leave an error below 2^-60.
 */
function artanhSeries(z: number): number {
  const z2 = z * z;
  const z4 = z2 * z2;
  return (
    z *
    (2 / 3 +
      (2 / 5) * z +
      (2 / 7 + (2 / 9) * z) * z2 +
      z4 * (2 / 11 + (2 / 13) * z + (2 / 15 + (2 / 17) * z) * z2 + z4 * (2 / 19 + (2 / 21) * z + (2 / 23 + (2 / 25) * z) * z2)))
  );
}

/** k·ln 2 + log(1 + f) + correction for −0.3 < f < 0.42. */
function assemble(k: number, f: number, correction: number): number {
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  // 2s = f − f²/2 + s·f²/2: the large part f is exact, and the rest is small beside it.
  return k * LN2_HIGH - (half - (s * (half + artanhSeries(s * s)) + (k * LN2_LOW + correction)) - f);
}

/** Natural logarithm, at most 1 ulp off. log 0 = −∞; NaN below 0. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = exponentOf(x);
  let m = significandOf(x);
  if (m > SQRT2) {
    m *= 0.5;
    k += 1;
  }
  return assemble(k, m - 1, 0);
}

/** log(1 + x) without cancellation, at most 1 ulp off. −∞ at −1; NaN below. */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x > -0.29 && x < 0.41) {
    if (x > -1e-16 && x < 1e-16) return x;
    return assemble(0, x, 0);
  }
  if (x === Infinity) return x;
  const u = 1 + x;
  const lost = x > 1 ? 1 - (u - x) : x - (u - 1);
  let k = exponentOf(u);
  let m = significandOf(u);
  if (m > SQRT2) {
    m *= 0.5;
    k += 1;
  }
  return assemble(k, m - 1, lost / u);
}
