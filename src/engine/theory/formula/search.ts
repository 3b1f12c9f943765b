import type { FormulaConfig, FormulaTargetConfig, InputsConfig } from '../../../experiment/schema';
import type { RankMeasurement } from '../../../protocol/events';
import { Dependence } from '../../models/expression/tape';
import { formulaModel, formulaTape } from '../../models/formula';
import { isNumericalError } from '../../errors';
import { leastSquares } from '../../linalg/solve';
import type { BoundModel, Inputs, Model } from '../../models/model';
import { randomStream } from '../../random/stream';
import { tangentMatrix, tangentRank } from '../../rank/tangentRank';
import { probeInputs } from '../../targets/probes';
import { createTarget } from '../../targets/target';
import { fit } from './levenbergMarquardt';

/** Parameters of a formula model for a target, at the least rank that the search came upon. */
export interface FoundRepresentation {
  readonly parameters: Float64Array;
  readonly rank: RankMeasurement;
  /** Whether no other point of the target set can have lower rank. */
  readonly exact: boolean;
  /** The model is linear in its parameters: its tangent space is the same everywhere. */
  readonly linear: boolean;
  /** Points of the target set whose rank was taken. */
  readonly points: number;
}

/** Residuals this small, relative to the target, count as equality. */
const EQUAL = 1e-10;

/** Random starts with all parameters free, and with some held at 0. */
const FULL_STARTS = 24;
const SUBSET_STARTS = 2;

/** Sets of free parameters that one size keeps for the next smaller one. All of them, up to about seven parameters. */
const BEAM = 40;

/** Multiplications that the whole search may spend: a bound that does not depend on the machine. */
const BUDGET = 1e8;

const cache = new WeakMap<FormulaConfig, WeakMap<FormulaTargetConfig, FoundRepresentation | null>>();

/**
 * Looks for points of the target set Θ_f* = {θ : f(·; θ) = f*} and takes the one of least rank. Low rank goes with parameters
 * that are 0, so the search holds ever larger sets of parameters at 0 for as long as the rest can still be the target. The
 * result is an upper bound on rank_f(f*), exact when the model is linear in its parameters. Null when no point is found.
 */
export function searchRepresentation(
  model: FormulaConfig,
  target: FormulaTargetConfig,
  data?: InputsConfig,
): FoundRepresentation | null {
  let ofModel = cache.get(model);
  if (!ofModel) cache.set(model, (ofModel = new WeakMap()));
  let found = ofModel.get(target);
  if (found === undefined) {
    found = search(model, target, probeInputs(model, 1, data));
    ofModel.set(target, found);
  }
  return found;
}

/** Whether the model is linear in its parameters up to a function of the inputs. */
export function isLinear(model: FormulaConfig): boolean {
  const tape = formulaTape(model);
  return tape.dependence[tape.result] !== Dependence.nonlinear;
}

function search(config: FormulaConfig, target: FormulaTargetConfig, inputs: Inputs): FoundRepresentation | null {
  const model = formulaModel(config);
  const targets = new Float64Array(inputs.count);
  createTarget(config, target).evaluate(inputs, targets);
  if (!targets.every(Number.isFinite)) return null;
  const rankAt = (parameters: Float64Array): RankMeasurement | null => {
    try {
      return tangentRank(model, parameters, inputs);
    } catch (error) {
      if (isNumericalError(error)) return null;
      throw error;
    }
  };
  if (isLinear(config)) {
    const parameters = linearSolution(model, inputs, targets);
    const rank = parameters && rankAt(parameters);
    return parameters && rank && { parameters, rank, linear: true, points: 1, exact: rank.conclusive };
  }

  const searcher = new Searcher(model, inputs, targets);
  const first = searcher.fromScratch();
  if (!first) return null;
  let best: { parameters: Float64Array; rank: RankMeasurement } | null = null;
  let points = 0;
  for (const parameters of searcher.pointsFrom(first)) {
    const rank = rankAt(parameters);
    if (!rank) continue;
    points += 1;
    if (!best || isBetter(rank, best.rank)) best = { parameters, rank };
  }
  return best && { ...best, linear: false, points, exact: false };
}

/** Residuals that a linear model leaves of a target it has: least squares of an ill-conditioned basis included. */
const LINEAR_EQUAL = 1e-7;

/** θ with f(·; θ) = f* for a model that is linear in θ up to a function of the inputs; null when there is none. */
function linearSolution(model: Model, inputs: Inputs, targets: Float64Array): Float64Array | null {
  const origin = new Float64Array(model.parameterCount);
  const offset = new Float64Array(inputs.count);
  model.bind(inputs).evaluate(origin, offset);
  const tangent = tangentMatrix(model, origin, inputs);
  const rest = targets.map((value, i) => value - offset[i]);
  if (!rest.every(Number.isFinite) || !tangent.values.every(Number.isFinite)) return null;
  const { solution, residualNorm } = leastSquares(tangent, rest);
  const size = Math.sqrt(
    targets.reduce((sum, value) => sum + value * value, 0) + offset.reduce((sum, value) => sum + value * value, 0),
  );
  return residualNorm <= LINEAR_EQUAL * Math.max(size, 1e-3) ? solution : null;
}

/** Ranks that can be relied on first, then small ones, then those with the clearer gap. */
function isBetter(rank: RankMeasurement, than: RankMeasurement): boolean {
  if (rank.conclusive !== than.conclusive) return rank.conclusive;
  return rank.rank < than.rank;
}

/** A point of the target set in which only the parameters `free` were fitted; the others are 0. */
interface FreePoint {
  readonly free: readonly number[];
  readonly parameters: Float64Array;
}

class Searcher {
  private readonly parameterCount: number;
  private readonly goal: number;
  private spent = 0;
  private readonly costOfEvaluation: number;

  /** The model at all inputs, which decide, and at as many as a fit needs. */
  private readonly bound: BoundModel;
  private readonly fitted: BoundModel;
  private readonly fittedTargets: Float64Array;
  private readonly outputs: Float64Array;

  constructor(
    model: Model,
    inputs: Inputs,
    private readonly targets: Float64Array,
  ) {
    this.parameterCount = model.parameterCount;
    const count = Math.min(inputs.count, 2 * this.parameterCount + 10);
    this.bound = model.bind(inputs);
    this.fitted = model.bind({ ...inputs, count, values: inputs.values.slice(0, count * inputs.dimension) });
    this.fittedTargets = targets.slice(0, count);
    this.outputs = new Float64Array(inputs.count);
    const scale = Math.sqrt(targets.reduce((sum, value) => sum + value * value, 0) / targets.length);
    this.goal = EQUAL * Math.max(scale, 1e-3);
    this.costOfEvaluation = count * (this.parameterCount * this.parameterCount + 50);
  }

  /**
   * A first point of the target set. Every second start holds a random half or three quarters of the parameters at 0: where a
   * model has many more parameters than the target needs, fits of all of them creep along degenerate valleys.
   */
  fromScratch(): FreePoint | null {
    for (let start = 0; start < FULL_STARTS && this.spent < BUDGET; start++) {
      const share = start % 2 === 0 ? 1 : start % 4 === 1 ? 0.5 : 0.25;
      const stream = randomStream(1, 'theory', 'free', start);
      const free = Array.from({ length: this.parameterCount }, (_, p) => p).filter(() => stream.uniform() < share);
      // Some starts are small or large, for models with scales of their own.
      const scale = start % 6 < 2 ? 1 : start % 6 < 4 ? 0.3 : 2.5;
      const parameters = this.solve(this.randomPoint(free, start, scale), free);
      if (parameters) return { free, parameters };
    }
    return null;
  }

  /** A point of the target set, then others with ever more parameters at 0. */
  *pointsFrom(from: FreePoint): Generator<Float64Array> {
    yield from.parameters;
    let level = [from];
    while (level.length > 0 && this.spent < BUDGET) {
      const next = new Map<string, FreePoint>();
      const tried = new Set<string>();
      for (const { free, parameters } of level) {
        for (const dropped of free) {
          if (next.size >= BEAM || this.spent >= BUDGET) break;
          const rest = free.filter((p) => p !== dropped);
          const key = rest.join(' ');
          if (tried.has(key)) continue;
          tried.add(key);
          const found = this.withZero(parameters, dropped, rest);
          if (!found) continue;
          next.set(key, { free: rest, parameters: found });
          yield found;
        }
      }
      level = [...next.values()];
    }
  }

  private withZero(parameters: Float64Array, dropped: number, free: readonly number[]): Float64Array | null {
    const warm = Float64Array.from(parameters);
    warm[dropped] = 0;
    const found = this.solve(warm, free);
    if (found) return found;
    for (let start = 0; start < SUBSET_STARTS && this.spent < BUDGET; start++) {
      const again = this.solve(this.randomPoint(free, start, 1), free);
      if (again) return again;
    }
    return null;
  }

  private solve(start: Float64Array, free: readonly number[]): Float64Array | null {
    const { parameters, residual, evaluations } = fit(this.fitted, this.fittedTargets, start, free, 1e-3 * this.goal);
    this.spent += evaluations * this.costOfEvaluation;
    if (!(residual <= this.goal)) return null;
    this.bound.evaluate(parameters, this.outputs);
    const squares = this.outputs.reduce((sum, f, i) => sum + (f - this.targets[i]) * (f - this.targets[i]), 0);
    return Math.sqrt(squares / this.outputs.length) <= 10 * this.goal ? parameters : null;
  }

  private randomPoint(free: readonly number[], start: number, scale: number): Float64Array {
    const stream = randomStream(1, 'theory', 'start', start, free.join(' '));
    const point = new Float64Array(this.parameterCount);
    for (const p of free) point[p] = scale * stream.normal();
    return point;
  }
}
