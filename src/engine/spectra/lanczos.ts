import { finish } from '../finish';
import { createMatrix, type Matrix } from '../linalg/matrix';
import { symmetricEigen } from '../linalg/symmetricEigen';
import { exp } from '../numbers/elementary';
import { randomStream, type RandomStream } from '../random/stream';
import { SavedFields, StateError } from '../training/savedState';
import { applyChecked, type SymmetricOperator } from './symmetricOperator';
import { addScaled, dot, norm, orthogonalize, scale } from './vectors';

export interface LanczosOptions {
  /** Number of eigenvalues. */
  count: number;
  end: 'largest' | 'smallest';
  /** An eigenvalue has converged when its residual is at most this times the largest |eigenvalue| met. Default 1e-10. */
  tolerance?: number;
  /** Vectors of the Krylov space between restarts. Default: 2·count + 20, as far as memory allows. */
  subspace?: number;
  /** Products with the operator, at most. Default 5000. */
  maximumProducts?: number;
  /** Memory of the vectors, in bytes. Default 512 MiB. */
  maximumBytes?: number;
  /** Of the random start. Default 0. */
  seed?: number;
}

/** Some eigenvalue of the operator lies within `residual` of `value`. */
export interface Eigenpair {
  value: number;
  /** ‖A·v − value·v‖, measured with a product of its own. */
  residual: number;
  converged: boolean;
  /** Of length 1. */
  vector: Float64Array;
}

export interface LanczosResult {
  /** Outermost first. */
  pairs: Eigenpair[];
  /** Whether all of them are, and none further out was found in what they leave. */
  converged: boolean;
  products: number;
  restarts: number;
}

const ROUNDING = 2.220446049250313e-16;
/** Steps between looks at the Ritz values, each of which decomposes a small matrix. */
const CHECK_EVERY = 4;
/** A search for what has been overlooked ends when it would have missed it with a smaller probability than this. */
const OVERLOOKED = 1e-6;

/**
 * The outermost eigenvalues at one end of the spectrum, by Lanczos with full reorthogonalisation and thick restart (Wu and Simon, SIAM J.
 * Matrix Anal. Appl. 22, 2000). A Krylov space holds one vector of a multiple eigenvalue only; therefore the search is repeated
 * in the complement of what has been found until nothing further out turns up there. That last search is short: a random start has a part
 * of every eigenvector, and after k steps the largest Ritz value falls short of the largest eigenvalue by a fraction ε of the spectrum's width
 * with a probability of at most 1.648·√n·e^(−√ε(2k−1)) (Kuczyński and Woźniakowski, SIAM J. Matrix Anal. Appl. 13, 1992, Theorem 4.2). It
 * ends when that is below 1e-6 for what would be needed to overlook an eigenvalue, or when it has seen what it looks for.
 *
 * Memory: about `subspace` + 2·`count` vectors. Independent of all but operator and options, bit for bit.
 *
 * @throws NumericalError when a product is not finite
 */
export function extremalEigenvalues(operator: SymmetricOperator, options: LanczosOptions): LanczosResult {
  return finish(extremalInSteps(operator, options));
}

/** Where a search for eigenvalues stood at its last restart: all that what follows depends on, as plain data. */
export interface LanczosState {
  round: number;
  found: readonly Eigenpair[];
  products: number;
  restarts: number;
  scale: number;
  lowest: number;
  /** Of the round that goes on; absent before its first restart. */
  run?: {
    /** Kept Ritz vectors, outermost first, and the vector that the space goes on with. */
    vectors: readonly Float64Array[];
    /** Ritz values, and their couplings to the last vector. */
    values: Float64Array;
    couplings: Float64Array;
    split: boolean;
    /** Random vectors taken so far. */
    drawn: number;
  };
}

/** Larger states are not told: numbers of their vectors together. */
const LARGEST_STATE = 2_000_000;
/** More random vectors than any search takes. */
const MOST_DRAWN = 1_000_000;

/**
 * The same with a pause after each product, in which it tells how to get its state at the last restart; undefined where that is large.
 * Another search for the same goes on from there to the same bits: it is given it as `begun`.
 */
export function* extremalInSteps(
  operator: SymmetricOperator,
  options: LanczosOptions,
  begun?: LanczosState,
): Generator<() => LanczosState | undefined, LanczosResult> {
  const count = Math.min(options.count, operator.size);
  const search = new Search(operator, options, count);
  if (begun) search.goOn(begun);
  const found: Eigenpair[] = begun?.found.slice() ?? [];
  const sign = options.end === 'largest' ? 1 : -1;
  let complete = count > 0;
  for (let round = begun?.round ?? 0; count > 0; round++) {
    const missing = count - found.length;
    const free = operator.size - found.length;
    if (free === 0) break;
    const wanted = Math.min(free, Math.max(missing, 1));
    const worst = missing > 0 ? -Infinity : sign * found[count - 1].value;
    const run = yield* search.run({
      round,
      found: found.slice(),
      wanted,
      worst,
      stream: randomStream(options.seed ?? 0, 'lanczos', round),
      begun: round === begun?.round ? begun.run : undefined,
    });
    const better = run.pairs.filter((pair) => sign * pair.value > worst + search.tolerance * search.scale);
    found.push(...(missing > 0 ? run.pairs : better));
    found.sort((a, b) => sign * (b.value - a.value));
    found.length = Math.min(found.length, count);
    if (!run.settled) {
      complete = false;
      break;
    }
    if (missing === 0 && better.length === 0) break;
  }
  return {
    pairs: found,
    converged: complete && found.every((pair) => pair.converged),
    products: search.products,
    restarts: search.restarts,
  };
}

/** One search in the complement of what has been found. */
interface Round {
  round: number;
  found: readonly Eigenpair[];
  wanted: number;
  /** The innermost value that matters. */
  worst: number;
  stream: RandomStream;
  begun: LanczosState['run'];
}

/**
 * The state of a search for so many eigenvalues of an operator of this size, with so many vectors between restarts.
 *
 * @throws StateError when it is none
 */
export function readLanczosState(saved: SavedFields, size: number, count: number, subspace: number): LanczosState {
  const found = saved.list('found', count).map((each): Eigenpair => {
    const pair = new SavedFields(each);
    return {
      value: pair.number('value'),
      residual: pair.number('residual', { least: 0 }),
      converged: pair.flag('converged'),
      vector: pair.vector('vector', size),
    };
  });
  const whole = (name: string) => saved.number(name, { least: 0, whole: true });
  const state = {
    round: whole('round'),
    found,
    products: whole('products'),
    restarts: whole('restarts'),
    scale: saved.number('scale', { least: 0 }),
    lowest: saved.number('lowest'),
  };
  if (saved.any('run') === undefined) return state;
  const run = saved.record('run');
  const vectors = run.list('vectors', size).map((each) => {
    if (each instanceof Float64Array && each.length === size) return each;
    throw new StateError(`a vector has not ${size} numbers`);
  });
  const kept = vectors.length - 1;
  if (kept < 1 || kept >= Math.min(subspace, size - found.length)) throw new StateError(`it has ${kept + 1} vectors`);
  return {
    ...state,
    run: {
      vectors,
      values: run.vector('values', kept),
      couplings: run.vector('couplings', kept),
      split: run.flag('split'),
      drawn: run.number('drawn', { least: 1, most: MOST_DRAWN, whole: true }),
    },
  };
}

/** Bound of the probability that `size` steps from a random start saw no more than `outermost`, with an eigenvalue of `worst` or beyond there. */
function overlookProbability(n: number, size: number, worst: number, outermost: number, innermost: number): number {
  if (!(worst > outermost)) return 1;
  const fraction = (worst - outermost) / (worst - innermost);
  return 1.648 * Math.sqrt(n) * exp(-Math.sqrt(fraction) * (2 * size - 1));
}

/** The first rows and columns of a square matrix. */
function leadingPart({ columns, values }: Matrix, size: number): Matrix {
  if (size === columns) return { rows: size, columns: size, values };
  const part = createMatrix(size, size);
  for (let i = 0; i < size; i++) part.values.set(values.subarray(i * columns, i * columns + size), i * size);
  return part;
}

/** The projection after a restart: Ritz values on its diagonal, coupled to the vector that comes next. */
function couple(t: Float64Array, m: number, values: Float64Array, couplings: Float64Array): void {
  const kept = values.length;
  for (let i = 0; i < kept; i++) {
    t[i * m + i] = values[i];
    t[i * m + kept] = t[kept * m + i] = couplings[i];
  }
}

class Search {
  products = 0;
  restarts = 0;
  /** Largest |Ritz value|: a lower bound of the norm, soon close to it. */
  scale = 0;
  /** About the innermost eigenvalue. */
  private lowest = Infinity;
  readonly tolerance: number;
  private readonly sign: number;
  private readonly subspace: number;
  private readonly maximumProducts: number;
  private readonly basis: Float64Array[] = [];

  constructor(
    private readonly operator: SymmetricOperator,
    options: LanczosOptions,
    count: number,
  ) {
    this.sign = options.end === 'largest' ? 1 : -1;
    this.tolerance = options.tolerance ?? 1e-10;
    this.maximumProducts = options.maximumProducts ?? 5000;
    const bytes = options.maximumBytes ?? 512 * 1024 * 1024;
    // Beside the Krylov space: the eigenvectors that were found and those of the current search.
    const room = Math.floor(bytes / (8 * operator.size)) - 2 * count - 1;
    const least = Math.min(operator.size, count + 3);
    this.subspace = Math.min(operator.size, options.subspace ?? 2 * count + 20, room);
    if (this.subspace < least) {
      const needed = 8 * operator.size * (least + 2 * count + 1);
      throw new RangeError(
        `${count} eigenvalues of an operator of size ${operator.size} take ${needed} bytes for vectors, more than the ${bytes} allowed.`,
      );
    }
  }

  /**
   * Outermost pairs in the complement of `locked`. Ends early when the outermost one is seen to lie inside of `worst`, the
   * innermost value that matters. `settled`: it came to an end within the allowed number of products.
   */
  *run({
    round,
    found,
    wanted,
    worst,
    stream: fresh,
    begun: given,
  }: Round): Generator<() => LanczosState | undefined, { pairs: Eigenpair[]; settled: boolean }> {
    const { operator, basis } = this;
    const locked = found.map(({ vector }) => vector);
    const free = operator.size - locked.length;
    const m = Math.min(free, this.subspace);
    while (basis.length < m + 1) basis.push(new Float64Array(operator.size));
    const projected = createMatrix(m, m);
    const t = projected.values;
    const begun = given && given.values.length < m ? given : undefined;
    let drawn = 0;
    let kept = 0;
    // A space that has fallen into invariant parts shows all it can show when it is full.
    let split = false;
    const stream = begun ? fresh.at(begun.drawn * operator.size) : fresh;
    const randomVector = (out: Float64Array, count: number) => {
      drawn++;
      this.randomVector(out, locked, count, stream);
    };
    if (begun) {
      ({ drawn, split } = begun);
      kept = begun.values.length;
      begun.vectors.forEach((vector, i) => basis[i].set(vector));
      couple(t, m, begun.values, begun.couplings);
    } else randomVector(basis[0], 0);
    const { products, restarts, scale: norms, lowest } = this;
    let state: LanczosState = { round, found, products, restarts, scale: norms, lowest, ...(begun ? { run: begun } : {}) };
    for (;;) {
      // Vectors up to `kept` stay as they are until the next restart.
      const told = state;
      const spanning = basis.slice(0, kept + 1);
      const save = () => {
        if ((kept + 1 + found.length) * operator.size > LARGEST_STATE) return undefined;
        return told.run ? { ...told, run: { ...told.run, vectors: spanning } } : told;
      };
      let beta = 0;
      let last: { values: Float64Array; vectors: Float64Array } = { values: new Float64Array(0), vectors: new Float64Array(0) };
      for (let j = kept; j < m; j++) {
        const w = basis[j + 1];
        this.apply(basis[j], w);
        yield save;
        t[j * m + j] = dot(basis[j], w);
        this.scale = Math.max(this.scale, Math.abs(t[j * m + j]));
        const before = norm(w);
        // What the recurrence knows goes first: the pass over all vectors then has only rounding errors to remove.
        addScaled(w, -t[j * m + j], basis[j]);
        if (j > kept) addScaled(w, -beta, basis[j - 1]);
        else for (let i = 0; i < kept; i++) addScaled(w, -t[kept * m + i], basis[i]);
        orthogonalize(w, locked, locked.length);
        beta = orthogonalize(w, basis, j + 1);
        if (beta <= 8 * ROUNDING * Math.max(before, this.scale)) {
          // The space is invariant. Another start goes on beside it, unless it is the whole space.
          beta = 0;
          split = true;
          if (j + 1 < free) randomVector(w, j + 1);
        } else {
          scale(w, 1 / beta);
        }
        if (j + 1 < m) t[j * m + j + 1] = t[(j + 1) * m + j] = beta;
        const size = j + 1;
        if (size < m && (split || size <= wanted + 1 || (size - kept) % CHECK_EVERY !== 0)) continue;

        const { values, vectors } = symmetricEigen(leadingPart(projected, size), 'Lanczos projection');
        this.scale = Math.max(this.scale, Math.abs(values[0]), Math.abs(values[size - 1]));
        const errorOf = (i: number): number => Math.abs(beta * vectors.values[(size - 1) * size + (size - 1 - i)]);
        const outermost = values[size - 1];
        const limit = this.tolerance * this.scale;
        let converged = 0;
        while (converged < wanted && errorOf(converged) <= limit) converged++;
        this.lowest = Math.min(this.lowest, values[0] - errorOf(size - 1));
        const overlooked = kept === 0 && !split ? overlookProbability(free, size, worst, outermost, this.lowest) : 1;
        const inside = overlooked <= OVERLOOKED || (size === m && outermost + errorOf(0) < worst);
        const exhausted = size === m && this.products + m > this.maximumProducts;
        if (converged === wanted || inside || exhausted) {
          this.rotate(vectors.values, size, wanted);
          return {
            // What lies inside is not asked for: it needs no residual.
            pairs: inside ? [] : Array.from({ length: wanted }, (_, i) => this.measure(basis[i])),
            settled: converged === wanted || inside,
          };
        }
        if (size === m) last = { values, vectors: vectors.values };
      }
      const { values, vectors } = last;

      this.restarts++;
      kept = Math.min(m - 1, wanted + Math.max(1, Math.floor((m - wanted) / 2)));
      this.rotate(vectors, m, kept);
      basis[kept].set(basis[m]);
      t.fill(0);
      const ritz = Float64Array.from({ length: kept }, (_, i) => values[m - 1 - i]);
      const couplings = ritz.map((_, i) => beta * vectors[(m - 1) * m + (m - 1 - i)]);
      couple(t, m, ritz, couplings);
      state = {
        ...{ round, found, products: this.products, restarts: this.restarts, scale: this.scale, lowest: this.lowest },
        run: { vectors: [], values: ritz, couplings, split, drawn },
      };
    }
  }

  goOn({ products, restarts, scale: norms, lowest }: LanczosState): void {
    this.products = products;
    this.restarts = restarts;
    this.scale = norms;
    this.lowest = lowest;
  }

  /** out = ±A·x: the sign makes the end that is looked for the upper one. */
  private apply(x: Float64Array, out: Float64Array): void {
    this.products++;
    applyChecked(this.operator, x, out);
    if (this.sign < 0) scale(out, -1);
  }

  private randomVector(out: Float64Array, locked: readonly Float64Array[], count: number, stream: RandomStream): void {
    stream.fillNormal(out);
    orthogonalize(out, locked, locked.length);
    orthogonalize(out, this.basis, count);
    scale(out, 1 / norm(out));
  }

  /** Replaces the first `count` basis vectors by the Ritz vectors of the outermost values, outermost first. */
  private rotate(vectors: Float64Array, m: number, count: number): void {
    const { basis } = this;
    const tile = 256;
    const buffer = new Float64Array(count * tile);
    for (let from = 0; from < this.operator.size; from += tile) {
      const width = Math.min(tile, this.operator.size - from);
      buffer.fill(0);
      for (let j = 0; j < m; j++) {
        const source = basis[j];
        for (let i = 0; i < count; i++) {
          const factor = vectors[j * m + (m - 1 - i)];
          for (let k = 0; k < width; k++) buffer[i * tile + k] += factor * source[from + k];
        }
      }
      for (let i = 0; i < count; i++) basis[i].set(buffer.subarray(i * tile, i * tile + width), from);
    }
  }

  private measure(ritzVector: Float64Array): Eigenpair {
    const vector = Float64Array.from(ritzVector);
    scale(vector, 1 / norm(vector));
    const image = new Float64Array(vector.length);
    this.apply(vector, image);
    const value = dot(vector, image);
    for (let i = 0; i < image.length; i++) image[i] -= value * vector[i];
    const residual = norm(image);
    // The projection promised the tolerance; a product's own rounding errors come on top.
    return { value: this.sign < 0 ? 0 - value : value, residual, converged: residual <= 2 * this.tolerance * this.scale, vector };
  }
}
