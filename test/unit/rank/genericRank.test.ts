import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryInputs, nestedOrder } from '../../../src/engine/inputs/entries';
import type { Inputs, Model } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { nullEmbedding } from '../../../src/engine/targets/representation';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import type { TargetConfig } from '../../../src/experiment/schema';

function normalInputs(dimension: number, count: number, scale: number, ...key: (string | number)[]): Inputs {
  const values = new Float64Array(count * dimension);
  randomStream(1, ...key).fillNormal(values, scale);
  return { count, dimension, values };
}

const firstOf = ({ dimension, values }: Inputs, count: number): Inputs => ({
  count,
  dimension,
  values: values.slice(0, count * dimension),
});

const seeds = fc.nat(100_000);
const size = (min: number, max: number) => fc.integer({ min, max });

/** Models with a target; the rank of the model there is `rank`. */
const cases: fc.Arbitrary<{ model: ResolvedModel; target: TargetConfig; rank: number; seed: number }> = fc.oneof(
  fc
    .record({ d: size(2, 4), k: size(1, 3), more: fc.nat(2), hiddenBias: fc.boolean(), seed: seeds })
    .map(({ d, k, more, hiddenBias, seed }) => ({
      model: { kind: 'twoLayer', activation: 'tanh', inputs: d, width: k + more, hiddenBias, outputBias: false } as const,
      target: { kind: 'teacher', width: k, seed } as const,
      rank: k * (d + (hiddenBias ? 2 : 1)),
      seed,
    })),
  fc.record({ d: size(3, 6), k: size(1, 2), sharing: fc.boolean(), seed: seeds }).map(({ d, k, sharing, seed }) => ({
    model: {
      kind: 'convolution',
      activation: 'tanh',
      inputs: d,
      kernel: 3,
      kernels: k + 1,
      sharing,
      hiddenBias: false,
    } as const,
    target: { kind: 'teacher', width: k, seed } as const,
    rank: sharing ? k * (d + 1) : k * 4 * (d - 2),
    seed,
  })),
  fc.record({ d: size(2, 7), depth: size(2, 4), seed: seeds }).map(({ d, depth, seed }) => {
    const values = Array.from({ length: d }, (_, j) => ((seed >> j) & 1 ? 1 + j / 7 : 0));
    return {
      model: { kind: 'diagonal', inputs: d, depth } as const,
      target: { kind: 'vector', values } as const,
      rank: values.filter((value) => value !== 0).length,
      seed,
    };
  }),
);

describe('empirical rank over random inputs', () => {
  // "Linear stability hypothesis" (arXiv 2211.11623), Corollary 4, and "Local linear recovery" (arXiv 2406.18035), Proposition 1.
  it('is the smaller of n and the model rank, and stays it from there on', () => {
    let counted = 0;
    fc.assert(
      fc.property(cases, ({ model: config, target, rank, seed }) => {
        const model: Model = createModel(config);
        const parameters = nullEmbedding(config, target)!;
        const inputs = normalInputs(
          typeof config === 'object' && 'inputs' in config ? (config.inputs as number) : 0,
          rank + 3,
          1.5,
          'generic',
          seed,
        );
        for (const n of new Set([1, Math.ceil(rank / 2), rank - 1, rank, rank + 3])) {
          if (n < 1) continue;
          const measured = tangentRank(model, parameters, firstOf(inputs, n));
          expect(measured.rank).toBeLessThanOrEqual(Math.min(n, rank));
          if (!measured.conclusive) continue;
          expect([n, measured.rank]).toEqual([n, Math.min(n, rank)]);
          counted++;
        }
      }),
      { numRuns: 200 },
    );
    expect(counted).toBeGreaterThan(600);
  });

  it('of matrices is the model rank exactly from n = r(d1 + d2 − r) on in nested order, for any shape', () => {
    const shapes = fc.record({ rows: size(1, 6), columns: size(1, 6), at: fc.nat(5), seed: seeds });
    fc.assert(
      fc.property(shapes, ({ rows, columns, at, seed }) => {
        const inner = Math.min(rows, columns);
        const r = 1 + (at % inner);
        const config = { kind: 'matrixFactorization', rows, columns, inner } as const;
        const parameters = nullEmbedding(config, { kind: 'lowRank', rank: r, seed })!;
        const rank = r * (rows + columns - r);
        const model = createModel(config);
        const ranks = [rank - 1, rank].map((n) => {
          if (n === 0) return 0;
          const measured = tangentRank(model, parameters, entryInputs(nestedOrder(rows, columns), columns, n));
          return measured.conclusive ? measured.rank : null;
        });
        if (ranks[1] !== null) expect(ranks[1]).toBe(rank);
        if (ranks[0] !== null) expect(ranks[0]).toBeLessThan(rank);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the toy model θ0 + θ1·x1 + θ2·θ3·x2', () => {
  it('has rank 3 of 4 parameters wherever θ2 or θ3 is not 0, and 2 where both are', () => {
    const model = createModel({
      kind: 'formula',
      parameters: ['t0', 't1', 't2', 't3'],
      inputs: ['x1', 'x2'],
      expression: 't0 + t1*x1 + t2*t3*x2',
    });
    const inputs = normalInputs(2, 40, 1.5, 'toy');
    const value = fc.constantFrom(-2, -0.5, 0, 1, 3);
    fc.assert(
      fc.property(fc.tuple(value, value, value, value), (parameters) => {
        const { rank, conclusive } = tangentRank(model, Float64Array.from(parameters), inputs);
        expect([conclusive, rank]).toEqual([true, parameters[2] === 0 && parameters[3] === 0 ? 2 : 3]);
      }),
      { numRuns: 100 },
    );
  });
});

/** Smallest singular value relative to the largest, of normalised columns: medians of `conditioning.py`, inputs of scale 2. */
describe('conditioning of the tangent matrices of generic tanh networks', () => {
  it.each([
    [1, 2, 1e-3],
    [1, 3, 4e-5],
    [1, 4, 4e-8],
    [1, 6, 7e-12],
    [2, 6, 3e-4],
    [2, 12, 2e-5],
  ])('d = %i, k = %i: %d', (d, k, published) => {
    const M = k * (d + 1);
    const smallest = Array.from({ length: 20 }, (_, seed) => smallestOf(d, k, 4 * M + 50, seed)).sort((a, b) => a - b)[10];
    expect(Math.abs(Math.log10(smallest / published))).toBeLessThan(1.3);
  });

  it.each([
    [3, 12, 1e-3],
    [5, 12, 1e-2],
    [10, 12, 1e-2],
  ])('d = %i, k = %i: at least about %d', (d, k, least) => {
    const M = k * (d + 1);
    const smallest = Array.from({ length: 5 }, (_, seed) => smallestOf(d, k, 4 * M + 50, seed)).sort((a, b) => a - b)[2];
    expect(smallest).toBeGreaterThan(least / 3);
  });
});

function smallestOf(d: number, k: number, count: number, seed: number): number {
  const config = { kind: 'twoLayer', activation: 'tanh', inputs: d, width: k, hiddenBias: false, outputBias: false } as const;
  const stream = randomStream(seed, 'conditioning', d, k);
  const parameters = new Float64Array(k * (d + 1));
  stream.fillNormal(parameters);
  for (let i = 0; i < k; i++) parameters[i] = 0.5 + stream.uniform();
  const { singularValues } = tangentRank(createModel(config), parameters, normalInputs(d, count, 2, 'conditioning inputs', d, k));
  return singularValues.at(-1)! / singularValues[0];
}
