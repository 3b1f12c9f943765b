import type { ResolvedModel } from '../../experiment/resolved';
import { LIMITS, type InputsConfig } from '../../experiment/schema';
import { matrixShapeOf } from '../../experiment/sizes';
import type { Inputs } from '../models/model';
import { createModel } from '../models/registry';
import { randomStream, type RandomStream } from '../random/stream';

/** Standard deviation of probe inputs: wide enough to see the nonlinearity, narrow enough not to saturate it. */
const PROBE_SCALE = 1.5;

/**
 * Inputs at which ranks over the whole input space are taken: rank_f(θ) = rank J(X; θ) for almost all of them once there are
 * enough, for analytic models ("Linear stability hypothesis", arXiv 2211.11623, Cor. 4).
 *
 * All entries for matrices; otherwise max(4M, M + 50) inputs from N(0, 1.5² I), of a random stream of their own, or as many as the
 * largest tangent matrix that may be formed has room for. With
 * the inputs of the experiment given, half of the probes of a network, and all those of a formula, spread over the range of the
 * data instead, where that is bounded: a target may live far from 0, and a formula may be defined there only.
 */
export function probeInputs(model: ResolvedModel, seed = 1, data?: InputsConfig): Inputs {
  if (model.kind === 'matrixFactorization') {
    const { rows, columns } = matrixShapeOf(model);
    return allEntries(rows, columns);
  }
  const { parameterCount: M, inputDimension: dimension, outputCount = 1 } = createModel(model);
  const most = Math.max(1, Math.floor(LIMITS.denseEntries / (M * outputCount)));
  const count = Math.min(Math.ceil(Math.max(4 * M, M + 50) / outputCount), most);
  const stream = randomStream(seed, 'probes');
  const values = new Float64Array(count * dimension);
  stream.fillNormal(values, PROBE_SCALE);
  const box = data ? boundingBox(data, dimension) : null;
  if (box) {
    const everySecond = model.kind !== 'formula';
    // Exponentials over a wide range have no two comparable values; around 0 they do.
    const tooWide = 'activation' in model && model.activation === 'exp';
    if (!tooWide) spread(values, dimension, box, everySecond ? 2 : 1, randomStream(seed, 'probes', 'range'));
  }
  return { count, dimension, values };
}

/** All entries of a matrix, row by row. */
export function allEntries(rows: number, columns: number): Inputs {
  const values = new Float64Array(2 * rows * columns);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      values[at++] = i;
      values[at++] = j;
    }
  }
  return { count: rows * columns, dimension: 2, values };
}

type Box = { low: number; high: number }[];

function boundingBox(data: InputsConfig, dimension: number): Box | null {
  switch (data.kind) {
    case 'uniform':
    case 'grid':
      return Array.from({ length: dimension }, () => ({ low: data.low, high: data.high }));
    case 'points': {
      const box = Array.from({ length: dimension }, () => ({ low: Infinity, high: -Infinity }));
      for (const point of data.values) {
        for (let j = 0; j < dimension; j++) {
          box[j].low = Math.min(box[j].low, point[j]);
          box[j].high = Math.max(box[j].high, point[j]);
        }
      }
      return box.every(({ low, high }) => high > low) ? box : null;
    }
    default:
      return null;
  }
}

function spread(values: Float64Array, dimension: number, box: Box, every: number, stream: RandomStream): void {
  for (let at = 0; at < values.length; at += every * dimension) {
    for (let j = 0; j < dimension; j++) values[at + j] = box[j].low + (box[j].high - box[j].low) * stream.uniform();
  }
}
