/** out = A·x for a symmetric A. */
export type SymmetricProduct = (x: Float64Array, out: Float64Array) => void;

export interface KrylovResult {
  converged: boolean;
  iterations: number;
  /** CG only: pᵀAp ≤ 0 was met, so A is not positive definite. The solution so far stands in `x`. */
  indefinite: boolean;
}

/** Norm of the residual, and how small it must become. */
export interface KrylovStop {
  norm(residual: Float64Array): number;
  tolerance: number;
  maximumIterations: number;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Conjugate gradients for A·x = b from x = 0 (Hestenes and Stiefel 1952). A must be positive definite; where it is not, it says so. */
export function conjugateGradients(product: SymmetricProduct, b: Float64Array, x: Float64Array, stop: KrylovStop): KrylovResult {
  const n = b.length;
  const residual = Float64Array.from(b);
  const direction = Float64Array.from(b);
  const image = new Float64Array(n);
  x.fill(0);
  let square = dot(residual, residual);
  for (let iterations = 0; ; iterations++) {
    if (stop.norm(residual) <= stop.tolerance) return { converged: true, iterations, indefinite: false };
    if (iterations === stop.maximumIterations || !(square < Infinity)) return { converged: false, iterations, indefinite: false };
    product(direction, image);
    const curvature = dot(direction, image);
    if (!(curvature > 0)) return { converged: false, iterations, indefinite: true };
    const length = square / curvature;
    for (let i = 0; i < n; i++) {
      x[i] += length * direction[i];
      residual[i] -= length * image[i];
    }
    const next = dot(residual, residual);
    const ratio = next / square;
    square = next;
    for (let i = 0; i < n; i++) direction[i] = residual[i] + ratio * direction[i];
  }
}

/** MINRES for A·x = b from x = 0 and any symmetric A (Paige and Saunders, SIAM J. Numer. Anal. 12, 1975). */
export function minimalResidual(product: SymmetricProduct, b: Float64Array, x: Float64Array, stop: KrylovStop): KrylovResult {
  const n = b.length;
  const residual = Float64Array.from(b);
  const image = new Float64Array(n);
  let before = new Float64Array(n);
  let current = Float64Array.from(b);
  let directionBefore = new Float64Array(n);
  let directionOld = new Float64Array(n);
  let beta = Math.sqrt(dot(b, b));
  x.fill(0);
  if (beta === 0) return { converged: true, iterations: 0, indefinite: false };
  for (let i = 0; i < n; i++) current[i] /= beta;
  // The two last plane rotations of the QR factorisation of the tridiagonal matrix, and the right-hand side under them.
  let cosine = 1;
  let sine = 0;
  let cosineOld = 1;
  let sineOld = 0;
  let rest = beta;
  beta = 0;
  for (let iterations = 0; ; iterations++) {
    if (stop.norm(residual) <= stop.tolerance) return { converged: true, iterations, indefinite: false };
    if (iterations === stop.maximumIterations || !(Math.abs(rest) < Infinity))
      return { converged: false, iterations, indefinite: false };
    product(current, image);
    const alpha = dot(current, image);
    for (let i = 0; i < n; i++) image[i] -= alpha * current[i] + beta * before[i];
    const nextBeta = Math.sqrt(dot(image, image));

    const epsilon = sineOld * beta;
    const delta = cosine * (cosineOld * beta) + sine * alpha;
    const gammaBar = cosine * alpha - sine * (cosineOld * beta);
    const gamma = Math.sqrt(gammaBar * gammaBar + nextBeta * nextBeta);
    if (!(gamma > 0)) return { converged: false, iterations, indefinite: false };
    const nextCosine = gammaBar / gamma;
    const nextSine = nextBeta / gamma;
    const length = nextCosine * rest;
    const direction = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      direction[i] = (current[i] - delta * directionOld[i] - epsilon * directionBefore[i]) / gamma;
      x[i] += length * direction[i];
    }
    // r_k = s² r_{k−1} − φ c v_{k+1}, with φ the rotated right-hand side.
    const nextRest = -nextSine * rest;
    const turn = nextRest * nextCosine;
    const nextVector = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      nextVector[i] = nextBeta === 0 ? 0 : image[i] / nextBeta;
      residual[i] = nextSine * nextSine * residual[i] + turn * nextVector[i];
    }
    rest = nextRest;
    before = current;
    current = nextVector;
    directionBefore = directionOld;
    directionOld = direction;
    beta = nextBeta;
    cosineOld = cosine;
    sineOld = sine;
    cosine = nextCosine;
    sine = nextSine;
  }
}
