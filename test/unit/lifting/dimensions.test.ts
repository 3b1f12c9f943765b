import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compatibleEmbedding,
  nullEmbedding,
  signFlippedEmbedding,
  splittingEmbedding,
  type Lifted,
  type Lifting,
} from '../../../src/engine/lifting/embeddings';
import { compatibleFreedom } from '../../../src/engine/lifting/embeddingDimension';
import { degenerateLift } from '../../../src/engine/lifting/freeNeurons';
import {
  layersOf,
  parametersOfLayers,
  vanishesAtZero,
  widthsOf,
  withWidths,
  type FullyConnected,
} from '../../../src/engine/lifting/layers';
import { liftingProbes } from '../../../src/engine/lifting/sampleIndependence';
import { createMatrix, type Matrix } from '../../../src/engine/linalg/matrix';
import { singularValues, svd } from '../../../src/engine/linalg/svd';
import type { Inputs, Model } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream, type RandomStream } from '../../../src/engine/random/stream';
import { numericalRank } from '../../../src/engine/rank/numericalRank';
import { liftings, randomPoint } from './support';

const RUNS = 200;
const FAMILIES: Record<string, (lifting: Lifting, stream: RandomStream) => Lifted | null> = {
  null: nullEmbedding,
  splitting: splittingEmbedding,
  signFlipped: signFlippedEmbedding,
  compatible: compatibleEmbedding,
};

/** A stream whose choices are those of another one, and whose normal numbers are moved. */
function movedStream(seed: number, move: readonly number[], drawn: number[] = []): RandomStream {
  const stream = randomStream(seed, 'test', 'moved');
  const moved = {
    uniform: () => stream.uniform(),
    integer: (below: number) => stream.integer(below),
    normal: () => {
      const value = stream.normal();
      drawn.push(value);
      return value + (move[drawn.length - 1] ?? 0);
    },
  };
  return moved as RandomStream;
}

/** Rank of the derivative of a family by the numbers that are drawn for it, by central differences; null where it is unclear. */
function familyDimension(family: (stream: RandomStream) => Lifted | null, seed: number): number | null {
  const drawn: number[] = [];
  family(movedStream(seed, [], drawn));
  if (drawn.length === 0) return 0;
  const columns = drawn.map((_, k) => {
    const at = (h: number) => family(movedStream(seed, Object.assign([], { [k]: h })))!.parameters;
    const [up, down] = [at(1e-4), at(-1e-4)];
    return up.map((value, j) => (value - down[j]) / 2e-4);
  });
  return clearRank(matrixOf(columns));
}

function matrixOf(columns: readonly Float64Array[]): Matrix {
  const matrix = createMatrix(columns[0].length, columns.length);
  columns.forEach((column, k) => column.forEach((value, j) => (matrix.values[j * columns.length + k] = value)));
  return matrix;
}

/** Null where a singular value lies between what counts for certain and the errors of differences. */
function clearRank(matrix: Matrix): number | null {
  const values = singularValues(matrix);
  const at = (cut: number) => values.filter((value) => value > cut * values[0]).length;
  return at(1e-4) === at(1e-9) ? at(1e-4) : null;
}

/**
 * Dimension of the tangent space at θ2 of all sample-independent points, {H2 = H1, T_{θ2}H2 ⊆ T_{θ1}H1}: of the kernel of the derivative
 * of these equations at probes, with the derivatives of the tangent functions by central differences.
 */
function tangentDimension({ narrow, wide, parameters }: Lifting, at: Float64Array): number | null {
  const [few, many] = [createModel(narrow), createModel(wide)];
  const probes = liftingProbes({ narrow: few, wide: many }, 1);
  const own = jacobian(few, parameters, probes);
  const { u } = svd(own, 'tangent matrix');
  const rank = clearRank(own);
  // Second derivatives are worse conditioned than first ones.
  if (rank === null || numericalRank(own, { tolerance: 1e-3 }).rank < rank) return null;
  const N = own.rows;
  const outside = (column: Float64Array) => {
    const rest = Float64Array.from(column);
    for (let k = 0; k < rank; k++) {
      let along = 0;
      for (let i = 0; i < N; i++) along += u.values[i * u.columns + k] * rest[i];
      for (let i = 0; i < N; i++) rest[i] -= along * u.values[i * u.columns + k];
    }
    return rest;
  };
  const M = many.parameterCount;
  const J = jacobian(many, at, probes);
  const h = 2e-3;
  const columns = Array.from({ length: M }, (_, j) => {
    const moved = (size: number) =>
      jacobian(
        many,
        at.map((value, k) => (k === j ? value + size : value)),
        probes,
      );
    const [far, up, down, farDown] = [moved(2 * h), moved(h), moved(-h), moved(-2 * h)];
    const rows = [column(J, j)];
    for (let k = 0; k < M; k++) {
      const [a, b, c, d] = [far, up, down, farDown].map((each) => column(each, k));
      rows.push(outside(a.map((value, i) => (8 * (b[i] - c[i]) - (value - d[i])) / (12 * h))));
    }
    return compressed(rows, 2 * M);
  });
  const found = clearRank(matrixOf(columns));
  return found === null ? null : M - found;
}

function jacobian(model: Model, parameters: Float64Array, inputs: Inputs): Matrix {
  const bound = model.bind(inputs);
  const matrix = createMatrix(bound.sampleCount, model.parameterCount);
  bound.jacobian(parameters, matrix.values);
  return matrix;
}

function column({ rows, columns, values }: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]);
}

/** Random sums of many equations, as few as still tell the kernel. */
function compressed(rows: readonly Float64Array[], count: number): Float64Array {
  const stream = randomStream(1, 'test', 'sums');
  const out = new Float64Array(count);
  for (const row of rows) for (const value of row) out[stream.integer(count)] += (stream.uniform() < 0.5 ? -1 : 1) * value;
  return out;
}

/** Whether every null neuron that a compatible embedding may have has a bias: there are biases everywhere, or no null neurons. */
function hasFullFreedom({ narrow, parameters }: Lifting): boolean {
  const layers = layersOf(narrow, parameters);
  const behind = layers.slice(1).some(({ biases }) => biases !== null);
  return layers.every(({ biases }) => biases !== null) || (!vanishesAtZero(narrow.activation) && !behind);
}

describe('dimensions of families of lifted points', () => {
  it('are the ranks of their parametrisations, for random networks', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(liftings, (lifting) => {
        for (const [name, family] of Object.entries(FAMILIES)) {
          const made = family(lifting, movedStream(lifting.seed, []));
          if (!made || made.dimension === null) continue;
          const found = familyDimension((stream) => family(lifting, stream), lifting.seed);
          if (found === null) continue;
          expect(made.dimension, `${name} ${JSON.stringify(lifting)}`).toBe(found);
          seen.set(name, (seen.get(name) ?? 0) + 1);
        }
      }),
      { numRuns: RUNS },
    );
    for (const name of ['null', 'splitting', 'compatible']) expect(seen.get(name), name).toBeGreaterThan(100);
    expect(seen.get('signFlipped')).toBeGreaterThan(30);
  });
});

describe('degenerate lifts', () => {
  it.each([
    [false, 2 * 3],
    [true, 2 * 4],
  ])('may have any input weights in each further neuron, with biases: %s', (bias, expected) => {
    const narrow: FullyConnected = { kind: 'deepNetwork', activation: 'tanh', inputs: 3, widths: [1, 1], outputs: 1, bias };
    const layers = layersOf(narrow, randomPoint(narrow, 5));
    layers[2].weights = [[0]];
    const lifting = { narrow, wide: withWidths(narrow, [3, 1]), parameters: parametersOfLayers(narrow, layers) };
    const { dimension } = degenerateLift(lifting, randomStream(1, 'degenerate'))!;
    expect(dimension).toBe(expected);
    expect(familyDimension((stream) => degenerateLift(lifting, stream), 1)).toBe(expected);
    // What is shared behind an output weight of 0 cannot be counted.
    expect(compatibleEmbedding(lifting, randomStream(1, 'compatible')).dimension).toBeNull();
  });
});

describe('general compatible embeddings', () => {
  it('have K + Σ K_l·K_(l−1) degrees of freedom, whatever their owners, where null neurons have biases', () => {
    fc.assert(
      fc.property(liftings, (lifting) => {
        const { dimension } = compatibleEmbedding(lifting, randomStream(lifting.seed, 'compatible'));
        const { own, mixed } = compatibleFreedom(widthsOf(lifting.narrow), widthsOf(lifting.wide));
        const most = [...own, ...mixed].reduce((sum, each) => sum + each, 0);
        if (hasFullFreedom(lifting)) expect(dimension).toBe(most);
        else expect(dimension).toBeLessThanOrEqual(most);
      }),
      { numRuns: RUNS },
    );
  });

  it('are all sample-independent points near by, for random networks', () => {
    const compared = new Map<number, number>();
    fc.assert(
      fc.property(liftings, (lifting) => {
        const { parameters, dimension } = compatibleEmbedding(lifting, randomStream(lifting.seed, 'compatible'));
        const found = tangentDimension(lifting, parameters);
        if (found === null) return;
        expect(found).toBeGreaterThanOrEqual(dimension!);
        // Null neurons without biases may have further freedom.
        if (!hasFullFreedom(lifting)) return;
        expect(found, JSON.stringify(lifting)).toBe(dimension);
        const depth = widthsOf(lifting.narrow).length;
        compared.set(depth, (compared.get(depth) ?? 0) + 1);
      }),
      { numRuns: RUNS },
    );
    expect(compared.get(1)).toBeGreaterThan(20);
    expect(compared.get(2)).toBeGreaterThan(2);
  });
});
