import { LIMITS } from '../../experiment/schema';
import type { ResolvedHessian, ResolvedLargeHessian } from '../../experiment/resolved';
import type { SpectrumDensity, SpectrumFacts, SpectrumMeasurement } from '../../protocol/events';
import { finish } from '../finish';
import type { BoundModel } from '../models/model';
import { extremalInSteps, readLanczosState, type Eigenpair, type LanczosResult, type LanczosState } from '../spectra/lanczos';
import { densityInSteps, readProbe, type ProbeRules, type SpectralDensity } from '../spectra/spectralDensity';
import { lossHessianOperator, type SymmetricOperator } from '../spectra/symmetricOperator';
import { SavedFields, StateError } from '../training/savedState';
import { hessianSpectrumInSteps } from './lossHessian';

/** Memory of Lanczos vectors: what the file's checks count with. */
const MAXIMUM_BYTES = 8 * LIMITS.denseEntries;
/** Products with the Hessian for each end of the spectrum, at most. */
const MAXIMUM_PRODUCTS = 3000;
/** Residual of a converged eigenvalue, relative to the largest: its own error is the square of it over the distance to the next. */
const TOLERANCE = 1e-7;
/** Vectors between two restarts, where memory allows: products with a Hessian cost more than keeping vectors orthogonal. */
const SUBSPACE = 100;
/** Places at which a density is given. */
const GRID = 201;
/** Its smoothing, in parts of the range of the spectrum. */
const WIDTH = 1 / 100;

/** An end of a spectrum, without its vectors. */
type SpectrumEnd = Pick<LanczosResult, 'converged' | 'products'> & { pairs: Omit<Eigenpair, 'vector'>[] };

/** Where taking the spectrum of a large operator stands: all that what follows depends on, as plain data. */
export interface SpectrumState {
  smallest?: SpectrumEnd;
  largest?: SpectrumEnd;
  /** Of the end that is looked for. */
  search?: LanczosState;
  probes: readonly ProbeRules[];
}

/**
 * Of an operator of this size.
 *
 * @throws StateError when it is none
 */
export function readSpectrumState(saved: SavedFields, size: number, wanted: ResolvedLargeHessian): SpectrumState {
  const end = (name: string): SpectrumEnd => {
    const fields = saved.record(name);
    const pairs = fields.list('pairs', wanted.count).map((each) => {
      const pair = new SavedFields(each);
      return {
        value: pair.number('value'),
        residual: pair.number('residual', { least: 0 }),
        converged: pair.flag('converged'),
      };
    });
    return { pairs, converged: fields.flag('converged'), products: fields.number('products', { least: 0, whole: true }) };
  };
  const has = (name: string) => saved.any(name) !== undefined;
  const most = wanted.kind === 'density' ? wanted.probes : 0;
  const steps = wanted.kind === 'density' ? Math.min(size, wanted.steps) : 1;
  const state: SpectrumState = { probes: saved.list('probes', most).map((each) => readProbe(each, steps)) };
  if (has('smallest')) state.smallest = end('smallest');
  if (has('largest')) state.largest = end('largest');
  if (has('search')) state.search = readLanczosState(saved.record('search'), size, wanted.count, subspaceOf(wanted));
  if (state.largest && !state.smallest) throw new StateError('it has one end');
  if (state.probes.length > 0 && !state.largest) throw new StateError('it has no ends');
  return state;
}

function subspaceOf({ count }: ResolvedLargeHessian): number {
  return Math.max(SUBSPACE, 4 * count);
}

/**
 * The spectrum of the loss Hessian that an experiment asks for, with pauses; where it is one of a large operator they tell how to get the
 * state from which another one goes on to the same bits, which is given it as `begun`. Random vectors come from `seed`: the same ones for every training,
 * so that what differs between two spectra is not their probes.
 *
 * @throws NumericalError when the model overflows at these parameters
 */
export function* measureSpectrum(
  bound: BoundModel,
  parameters: Float64Array,
  targets: Float64Array,
  hessian: Exclude<ResolvedHessian, 'none'>,
  seed: number,
  begun?: SpectrumState,
): Generator<(() => SpectrumState) | void, SpectrumMeasurement> {
  // Where both ends together are the whole spectrum, all of it is both cheaper and more.
  if (hessian === 'full' || 2 * hessian.count >= bound.parameterCount)
    return yield* hessianSpectrumInSteps(bound, parameters, targets);
  return yield* spectrumInSteps(lossHessianOperator(bound, parameters, targets), hessian, seed, MAXIMUM_PRODUCTS, begun);
}

/** Extremal eigenvalues of an operator, and its density where it is asked for. 2·count < size. */
export function operatorSpectrum(
  operator: SymmetricOperator,
  wanted: ResolvedLargeHessian,
  seed: number,
  maximumProducts = MAXIMUM_PRODUCTS,
): SpectrumMeasurement {
  return finish(spectrumInSteps(operator, wanted, seed, maximumProducts));
}

function* spectrumInSteps(
  operator: SymmetricOperator,
  wanted: ResolvedLargeHessian,
  seed: number,
  maximumProducts: number,
  begun: SpectrumState = { probes: [] },
): Generator<() => SpectrumState, SpectrumMeasurement> {
  const options = {
    count: wanted.count,
    tolerance: TOLERANCE,
    subspace: subspaceOf(wanted),
    maximumBytes: MAXIMUM_BYTES,
    maximumProducts,
    seed,
  };
  const state: SpectrumState = { ...begun };
  for (const end of ['smallest', 'largest'] as const) {
    if (state[end]) continue;
    const { search } = state;
    delete state.search;
    const running = extremalInSteps(operator, { ...options, end }, search);
    let next = running.next();
    for (; !next.done; next = running.next()) {
      const save = next.value;
      yield () => {
        const at = save();
        return at ? { ...state, search: at } : state;
      };
    }
    const { pairs, converged, products } = next.value;
    state[end] = {
      pairs: pairs.map(({ value, residual, converged: each }) => ({ value, residual, converged: each })),
      converged,
      products,
    };
  }
  const [smallest, largest] = [state.smallest!, state.largest!];
  const spectrum: SpectrumMeasurement = { kind: wanted.kind, ...bothEnds(smallest, largest), size: operator.size };
  if (wanted.kind === 'extremal') return spectrum;
  const { probes, steps } = wanted;
  const running = densityInSteps(operator, { probes, steps, seed, maximumBytes: MAXIMUM_BYTES }, state.probes);
  let next = running.next();
  for (; !next.done; next = running.next()) {
    const done = next.value;
    yield () => ({ ...state, probes: done });
  }
  const quadrature = next.value;
  const mean = quadrature.mean((eigenvalue) => eigenvalue);
  return {
    ...spectrum,
    products: (spectrum.products ?? 0) + quadrature.products,
    density: densityOnGrid(quadrature, spectrum.eigenvalues, steps),
    // Gauss quadrature is exact for the mean: only the probes leave an error.
    trace: { value: operator.size * mean.value, standardError: operator.size * mean.standardError },
  };
}

function bothEnds(smallest: SpectrumEnd, largest: SpectrumEnd): SpectrumMeasurement {
  const pairs = [...smallest.pairs, ...[...largest.pairs].reverse()];
  const scale = pairs.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  const residual = pairs.reduce((most, pair) => Math.max(most, pair.residual), 0);
  return {
    eigenvalues: pairs.map(({ value }) => value),
    residual: scale > 0 ? residual / scale : residual,
    converged: smallest.converged && largest.converged,
    lower: smallest.pairs.length,
    residuals: pairs.map((pair) => pair.residual),
    convergedEach: pairs.map((pair) => pair.converged),
    products: smallest.products + largest.products,
  };
}

function densityOnGrid(quadrature: SpectralDensity, ends: readonly number[], steps: number): SpectrumDensity {
  const [first, last] = quadrature.range;
  const low = Math.min(first, ends[0]);
  const high = Math.max(last, ends[ends.length - 1]);
  // A multiple of the identity has a range of no width.
  const range = high > low ? high - low : Math.max(Math.abs(high), 1);
  const width = WIDTH * range;
  const from = low - 4 * width;
  const spacing = (high - low + 8 * width) / (GRID - 1);
  const eigenvalues = Array.from({ length: GRID }, (_, i) => from + i * spacing);
  const estimates = eigenvalues.map((x) => quadrature.density(x, width));
  return {
    eigenvalues,
    values: estimates.map(({ value }) => value),
    standardErrors: estimates.map(({ standardError }) => standardError),
    quadratureErrors: estimates.map(({ quadratureError }) => quadratureError),
    width,
    probes: quadrature.rules.length,
    steps,
  };
}

/** The same in four numbers. */
export function spectrumFacts({ eigenvalues, residual, converged }: SpectrumMeasurement): SpectrumFacts {
  return { smallest: eigenvalues[0], largest: eigenvalues[eigenvalues.length - 1], residual, converged };
}
