import { finish } from '../finish';
import { tridiagonalQl } from '../linalg/tridiagonalQl';
import { exp } from '../numbers/elementary';
import { randomStream } from '../random/stream';
import { SavedFields, StateError } from '../training/savedState';
import { meanOfProbes } from './hutchinson';
import { applyChecked, type SymmetricOperator } from './symmetricOperator';
import { addScaled, dot, fillRademacher, norm, orthogonalize, scale } from './vectors';

export interface QuadratureOptions {
  /** Independent random vectors, at least 2. Default 10. */
  probes?: number;
  /** Lanczos steps for each. Default 80. */
  steps?: number;
  seed?: number;
  /** Memory of the Lanczos vectors, in bytes. Default 512 MiB. */
  maximumBytes?: number;
}

/** Nodes (ascending) and positive weights of sum 1. */
export interface QuadratureRule {
  nodes: Float64Array;
  weights: Float64Array;
}

export interface DensityEstimate {
  value: number;
  /** From the spread over the probes. */
  standardError: number;
  /** Difference to the same quadrature with fewer steps. */
  quadratureError: number;
}

export interface CumulativeEstimate {
  value: number;
  standardError: number;
  /** The probes' own spectral measures certainly lie between these; only `standardError` stands between them and the truth. */
  low: number;
  high: number;
}

/**
 * The distribution of the eigenvalues of a large operator by stochastic Lanczos quadrature (Golub and Meurant 2010; Ubaru, Chen and Saad,
 * SIAM J. Matrix Anal. Appl. 38, 2017): for each random vector v the Gauss quadrature of its spectral measure, all of them averaged.
 */
export class SpectralDensity {
  constructor(
    readonly size: number,
    /** One rule a probe. */
    readonly rules: readonly QuadratureRule[],
    /** The same with three quarters of the steps: their difference shows what the steps leave open. */
    readonly coarseRules: readonly QuadratureRule[],
    /** Products with the operator. */
    readonly products: number,
    /** False when memory did not allow it: Ritz values can then repeat, which the weights make up for. */
    readonly reorthogonalized: boolean,
  ) {}

  /** Smallest and largest node: inside the spectrum, and close to its ends. */
  get range(): [number, number] {
    let low = Infinity;
    let high = -Infinity;
    for (const { nodes } of this.rules) {
      low = Math.min(low, nodes[0]);
      high = Math.max(high, nodes[nodes.length - 1]);
    }
    return [low, high];
  }

  /** (1/N) Σ_i f(λ_i) over all eigenvalues. Times `size` for the trace of f(A). */
  mean(f: (eigenvalue: number) => number): DensityEstimate {
    const fine = meanOfProbes(Float64Array.from(this.rules, (rule) => integrate(rule, f)));
    const coarse = meanOfProbes(Float64Array.from(this.coarseRules, (rule) => integrate(rule, f)));
    return { value: fine.value, standardError: fine.standardError, quadratureError: Math.abs(fine.value - coarse.value) };
  }

  /** Density at x, of integral 1, smoothed by a Gaussian of standard deviation `width`. */
  density(x: number, width: number): DensityEstimate {
    const factor = 0.3989422804014327 / width;
    return this.mean((eigenvalue) => {
      const z = (x - eigenvalue) / width;
      return factor * exp(-0.5 * z * z);
    });
  }

  /**
   * Fraction of the eigenvalues that are at most x. The bounds are those of Chebyshev, Markov and Stieltjes: between its nodes θ_k ≤ x < θ_{k+1}
   * a measure is at least w_1 + … + w_{k−1} and at most w_1 + … + w_{k+1}.
   */
  cumulative(x: number): CumulativeEstimate {
    const middles = new Float64Array(this.rules.length);
    let low = 0;
    let high = 0;
    this.rules.forEach(({ nodes, weights }, p) => {
      let below = 0;
      let k = 0;
      for (; k < nodes.length && nodes[k] <= x; k++) below += weights[k];
      middles[p] = below - (k > 0 ? 0.5 * weights[k - 1] : 0);
      low += below - (k > 0 ? weights[k - 1] : 0);
      high += k + 1 < nodes.length ? below + weights[k] : 1;
    });
    const { value, standardError } = meanOfProbes(middles);
    return { value, standardError, low: Math.max(0, low / this.rules.length), high: Math.min(1, high / this.rules.length) };
  }
}

/**
 * Estimates the eigenvalue distribution of `operator` with `probes`·`steps` products.
 *
 * @throws NumericalError when a product is not finite
 */
export function spectralDensity(operator: SymmetricOperator, options: QuadratureOptions = {}): SpectralDensity {
  return finish(densityInSteps(operator, options));
}

/** What a probe gave; plain data. */
export interface ProbeRules {
  fine: QuadratureRule;
  /** With three quarters of the steps. */
  coarse: QuadratureRule;
  products: number;
}

/**
 * Of so many steps at most.
 *
 * @throws StateError when it is none
 */
export function readProbe(value: unknown, steps: number): ProbeRules {
  const saved = new SavedFields(value);
  const rule = (name: string): QuadratureRule => {
    const fields = saved.record(name);
    const nodes = fields.any('nodes');
    if (!(nodes instanceof Float64Array) || nodes.length === 0 || nodes.length > steps)
      throw new StateError(`its nodes are not 1 to ${steps} numbers`);
    return { nodes, weights: fields.vector('weights', nodes.length) };
  };
  return {
    fine: rule('fine'),
    coarse: rule('coarse'),
    products: saved.number('products', { least: 1, most: steps, whole: true }),
  };
}

/** The same with a pause after each product, in which the probes so far are told; goes on after those that are `begun`. */
export function* densityInSteps(
  operator: SymmetricOperator,
  options: QuadratureOptions = {},
  begun: readonly ProbeRules[] = [],
): Generator<readonly ProbeRules[], SpectralDensity> {
  const { size } = operator;
  const probes = options.probes ?? 10;
  const steps = Math.min(size, options.steps ?? 80);
  const fits = 8 * size * (steps + 2) <= (options.maximumBytes ?? 512 * 1024 * 1024);
  const done: ProbeRules[] = begun.slice(0, probes);
  const work = Array.from({ length: fits ? steps + 1 : 3 }, () => new Float64Array(size));
  for (let p = done.length; p < probes; p++) {
    fillRademacher(randomStream(options.seed ?? 0, 'density', p), work[0]);
    const running = lanczosTridiagonal(operator, work, steps, fits);
    let next = running.next();
    for (; !next.done; next = running.next()) yield done;
    const { diagonal, offDiagonal } = next.value;
    // A short recurrence ended in an invariant space and is exact.
    const coarseSteps = diagonal.length < steps || steps === size ? diagonal.length : Math.max(1, Math.floor((3 * steps) / 4));
    const fine = gaussRule(diagonal, offDiagonal, diagonal.length);
    done.push({ fine, coarse: gaussRule(diagonal, offDiagonal, coarseSteps), products: diagonal.length });
  }
  const products = done.reduce((sum, each) => sum + each.products, 0);
  const rules = done.map(({ fine }) => fine);
  const coarseRules = done.map(({ coarse }) => coarse);
  return new SpectralDensity(size, rules, coarseRules, products, fits);
}

/** Lanczos from work[0], with a pause after each product; with `full` every vector is kept and orthogonalised against, else `work` holds three in turn. */
function* lanczosTridiagonal(
  operator: SymmetricOperator,
  work: Float64Array[],
  steps: number,
  full: boolean,
): Generator<void, { diagonal: Float64Array; offDiagonal: Float64Array }> {
  const diagonal = new Float64Array(steps);
  const offDiagonal = new Float64Array(steps);
  scale(work[0], 1 / norm(work[0]));
  let largest = 0;
  for (let j = 0; j < steps; j++) {
    const current = work[full ? j : j % 3];
    const before = work[full ? Math.max(0, j - 1) : (j + 2) % 3];
    const next = work[full ? j + 1 : (j + 1) % 3];
    applyChecked(operator, current, next);
    yield;
    const alpha = dot(current, next);
    const beta = j === 0 ? 0 : offDiagonal[j - 1];
    addScaled(next, -alpha, current);
    if (j > 0) addScaled(next, -beta, before);
    diagonal[j] = alpha;
    largest = Math.max(largest, Math.abs(alpha) + beta);
    const length = full ? orthogonalize(next, work, j + 1) : norm(next);
    if (length <= 1e-14 * largest) return { diagonal: diagonal.slice(0, j + 1), offDiagonal: offDiagonal.slice(0, j + 1) };
    offDiagonal[j] = length;
    scale(next, 1 / length);
  }
  return { diagonal, offDiagonal };
}

/** Nodes are the eigenvalues of the leading k × k tridiagonal matrix, weights the squares of its eigenvectors' first entries (Golub and Welsch 1969). */
function gaussRule(diagonal: Float64Array, offDiagonal: Float64Array, k: number): QuadratureRule {
  let size = 0;
  for (let j = 0; j < k; j++) size = Math.max(size, Math.abs(diagonal[j]), Math.abs(offDiagonal[j]));
  const unit = size > 0 ? size : 1;
  const d = Float64Array.from({ length: k }, (_, j) => diagonal[j] / unit);
  const e = Float64Array.from({ length: k }, (_, j) => offDiagonal[j] / unit);
  const first = new Float64Array(k);
  first[0] = 1;
  tridiagonalQl(d, e, first);
  const order = Array.from({ length: k }, (_, j) => j).sort((i, j) => d[i] - d[j]);
  return { nodes: Float64Array.from(order, (j) => unit * d[j]), weights: Float64Array.from(order, (j) => first[j] * first[j]) };
}

function integrate({ nodes, weights }: QuadratureRule, f: (x: number) => number): number {
  let sum = 0;
  for (let k = 0; k < nodes.length; k++) sum += weights[k] * f(nodes[k]);
  return sum;
}
