import type { RankMeasurement } from '../../protocol/events';
import { createMatrix, type Matrix } from '../linalg/matrix';
import { svd } from '../linalg/svd';
import type { Inputs, Model } from '../models/model';
import { randomStream, type RandomStream } from '../random/stream';
import { numericalRank } from '../rank/numericalRank';
import { norm, SquaredLoss, type DataSet } from './squaredLoss';

/** A critical point θ1 of a narrow network beside a point θ2 of a wide one. */
export interface PointPair {
  readonly narrow: Model;
  readonly narrowParameters: Float64Array;
  readonly wide: Model;
  readonly wideParameters: Float64Array;
}

/** Functions are the same when they differ by less than this fraction of their size at probes. */
const SAME_FUNCTION = 1e-10;
/** A gradient below this fraction of its scale counts as 0 where points are exact up to rounding. */
const VANISHES = 1e-11;

export interface SampleIndependence {
  /** Largest |H2 − H1| at probes over the largest |H1|. */
  outputDifference: number;
  /** rank J1, rank J2 and rank [J1 | J2] at probes. */
  narrow: RankMeasurement;
  wide: RankMeasurement;
  joint: RankMeasurement;
  /** H2 = H1 and T_{θ2}H2 ⊆ T_{θ1}H1; null where a rank is inconclusive or the test by data sets contradicts it. */
  sampleIndependent: boolean | null;
  /** Relative |∇R_S(θ2)| for data sets S for which θ1 is critical. */
  dataSets: number[];
}

/** More probes than both networks have parameters, as Section "lifting" asks; exponentials want inputs near 0. */
export function liftingProbes({ narrow, wide }: Pick<PointPair, 'narrow' | 'wide'>, scale: number): Inputs {
  const count = Math.max(2 * (narrow.parameterCount + wide.parameterCount), 50);
  const dimension = narrow.inputDimension;
  const values = new Float64Array(count * dimension);
  randomStream(1, 'lifting', 'probes').fillNormal(values, scale);
  return { count, dimension, values };
}

/**
 * θ2 is critical for every data set for which θ1 is, exactly when H2(θ2, ·) = H1(θ1, ·) and T_{θ2}H2 ⊆ T_{θ1}H1, because residuals can be
 * chosen freely through the targets: rank [J1 | J2] = rank J1 ("Sample-independent critical lifting", arXiv 2505.13582). Tested a second
 * time by data sets made from the null space of J1ᵀ.
 */
export function testSampleIndependence(pair: PointPair, probes: Inputs, dataSetCount: number): SampleIndependence {
  const { narrow, narrowParameters, wide, wideParameters } = pair;
  const [first, second] = [outputs(narrow, narrowParameters, probes), outputs(wide, wideParameters, probes)];
  const size = first.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = first.reduce((most, value, i) => Math.max(most, Math.abs(value - second[i])), 0);
  const outputDifference = size > 0 ? difference / size : difference;
  const J1 = withoutRounding(jacobian(narrow, narrowParameters, probes));
  const J2 = withoutRounding(jacobian(wide, wideParameters, probes));
  const ranks = {
    narrow: numericalRank(J1, { name: 'tangent matrix of the narrow network' }),
    wide: numericalRank(J2, { name: 'tangent matrix of the wide network' }),
    joint: numericalRank(beside(J1, J2), { name: 'joint tangent matrix' }),
  };
  const stream = randomStream(1, 'lifting', 'data sets');
  const samples = Math.ceil((ranks.joint.rank + 3) / outputsPerInput(narrow, probes));
  const dataSets = Array.from({ length: dataSetCount }, () => {
    const data = criticalDataSet(pair, samples, stream);
    return new SquaredLoss(wide, data).relativeGradient(wideParameters);
  });
  const same = outputDifference < SAME_FUNCTION;
  const included = ranks.joint.rank === ranks.narrow.rank;
  const vanish = dataSets.every((value) => value < VANISHES);
  const decided = ranks.joint.conclusive && ranks.narrow.conclusive && (dataSetCount === 0 || !same || vanish === included);
  return { outputDifference, ...ranks, sampleIndependent: decided || !same ? same && included : null, dataSets };
}

/** Targets y = f − e at random inputs with a random e of length 1 in the null space of J1ᵀ: θ1 is critical for them. */
export function criticalDataSet({ narrow, narrowParameters }: PointPair, samples: number, stream: RandomStream): DataSet {
  const inputs = normalInputs(samples, narrow.inputDimension, stream);
  return dataSetWith(narrow, narrowParameters, inputs, nullVector(jacobian(narrow, narrowParameters, inputs), stream));
}

/** Data for which both points are critical, at random inputs; null when no residuals but 0 make them so. */
export function commonDataSet(pair: PointPair, samples: number, stream: RandomStream): DataSet | null {
  const inputs = normalInputs(samples, pair.narrow.inputDimension, stream);
  const joint = beside(jacobian(pair.narrow, pair.narrowParameters, inputs), jacobian(pair.wide, pair.wideParameters, inputs));
  const e = nullVector(joint, stream);
  return norm(e) === 0 ? null : dataSetWith(pair.narrow, pair.narrowParameters, inputs, e);
}

/**
 * For n = 1 … `most` random inputs, the dimension of the space of residuals for which both points are critical, rows − rank [J1 | J2]:
 * not 0 exactly from dim(T1 + T2) + 1 on; null where the rank is inconclusive.
 */
export function commonResiduals(pair: PointPair, most: number, scale: number): { samples: number; dimension: number | null }[] {
  return Array.from({ length: most }, (_, k) => {
    const stream = randomStream(1, 'lifting', 'existence', k + 1);
    const inputs = normalInputs(k + 1, pair.narrow.inputDimension, stream, scale);
    const joint = beside(jacobian(pair.narrow, pair.narrowParameters, inputs), jacobian(pair.wide, pair.wideParameters, inputs));
    const { rank, conclusive } = numericalRank(joint);
    return { samples: k + 1, dimension: conclusive ? joint.rows - rank : null };
  });
}

function dataSetWith(model: Model, parameters: Float64Array, inputs: Inputs, residuals: Float64Array): DataSet {
  return { inputs, targets: outputs(model, parameters, inputs).map((value, i) => value - residuals[i]) };
}

/** A random vector of length 1 with Jᵀe = 0; 0 where there is no other. */
function nullVector(J: Matrix, stream: RandomStream): Float64Array {
  const e = new Float64Array(J.rows);
  stream.fillNormal(e);
  const { rank } = numericalRank(J, { normalizeColumns: false, tolerance: 1e-12 });
  if (rank >= J.rows) return e.fill(0);
  const { u } = svd(J, 'tangent matrix');
  // Twice, against rounding.
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < rank; k++) {
      let along = 0;
      for (let i = 0; i < J.rows; i++) along += u.values[i * u.columns + k] * e[i];
      for (let i = 0; i < J.rows; i++) e[i] -= along * u.values[i * u.columns + k];
    }
  }
  const length = norm(e);
  return e.map((value) => value / length);
}

function normalInputs(count: number, dimension: number, stream: RandomStream, scale = 1): Inputs {
  const values = new Float64Array(count * dimension);
  stream.fillNormal(values, scale);
  return { count, dimension, values };
}

function outputs(model: Model, parameters: Float64Array, inputs: Inputs): Float64Array {
  const bound = model.bind(inputs);
  const out = new Float64Array(bound.sampleCount);
  bound.evaluate(parameters, out);
  return out;
}

function jacobian(model: Model, parameters: Float64Array, inputs: Inputs): Matrix {
  const bound = model.bind(inputs);
  const matrix = createMatrix(bound.sampleCount, model.parameterCount);
  bound.jacobian(parameters, matrix.values);
  return matrix;
}

/** A column below this fraction of the longest one is what rounding has left of 0: copies whose shares cancel leave such columns. */
const ROUNDING = 1e-14;

function withoutRounding(a: Matrix): Matrix {
  const sizes = new Float64Array(a.columns);
  a.values.forEach((value, at) => (sizes[at % a.columns] = Math.max(sizes[at % a.columns], Math.abs(value))));
  const longest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const values = a.values.map((value, at) => (sizes[at % a.columns] < ROUNDING * longest ? 0 : value));
  return { ...a, values };
}

function outputsPerInput(model: Model, probes: Inputs): number {
  return model.bind(probes).sampleCount / probes.count;
}

function beside(a: Matrix, b: Matrix): Matrix {
  const both = createMatrix(a.rows, a.columns + b.columns);
  for (let i = 0; i < a.rows; i++) {
    both.values.set(a.values.subarray(i * a.columns, (i + 1) * a.columns), i * both.columns);
    both.values.set(b.values.subarray(i * b.columns, (i + 1) * b.columns), i * both.columns + a.columns);
  }
  return both;
}
