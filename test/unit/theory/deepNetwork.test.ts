import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedDeepNetwork } from '../../../src/experiment/resolved';
import type { TargetConfig } from '../../../src/experiment/schema';
import { createMatrix, type Matrix } from '../../../src/engine/linalg/matrix';
import { createModel } from '../../../src/engine/models/registry';
import { numericalRank } from '../../../src/engine/rank/numericalRank';
import { tangentMatrix, tangentRank } from '../../../src/engine/rank/tangentRank';
import { deepTeacher } from '../../../src/engine/targets/deepTeacher';
import { probeInputs } from '../../../src/engine/targets/probes';
import {
  compatibleEmbedding,
  minimalRepresentation,
  nullEmbedding,
  splittingEmbedding,
} from '../../../src/engine/targets/representation';
import { deepRankBound } from '../../../src/engine/theory/deepNetwork';
import { activation } from '../models/arbitraries';
import { relativeDifference, values } from '../models/differences';

const network = (changes: Partial<ResolvedDeepNetwork>): ResolvedDeepNetwork => ({
  kind: 'deepNetwork',
  activation: 'tanh',
  inputs: 3,
  widths: [2, 2],
  outputs: 1,
  bias: false,
  ...changes,
});

const cases = fc.record({
  activation,
  inputs: fc.integer({ min: 1, max: 4 }),
  widths: fc.array(fc.record({ teacher: fc.integer({ min: 1, max: 2 }), extra: fc.nat(2) }), { minLength: 1, maxLength: 3 }),
  bias: fc.boolean(),
  seed: fc.integer({ min: 1, max: 10_000 }),
});

function beside(a: Matrix, b: Matrix): Matrix {
  const both = createMatrix(a.rows, a.columns + b.columns);
  for (let i = 0; i < a.rows; i++) {
    both.values.set(a.values.subarray(i * a.columns, (i + 1) * a.columns), i * both.columns);
    both.values.set(b.values.subarray(i * b.columns, (i + 1) * b.columns), i * both.columns + a.columns);
  }
  return both;
}

describe('embeddings of a deep teacher', () => {
  it('are the teacher, have its rank, and their tangent spaces lie in its own', () => {
    let compared = 0;
    fc.assert(
      fc.property(cases, ({ widths, seed, ...shape }) => {
        const narrow = widths.map(({ teacher }) => teacher);
        const model = network({ ...shape, widths: widths.map(({ teacher, extra }) => teacher + extra) });
        const target: TargetConfig = { kind: 'teacher', widths: narrow, seed };
        const teacher = deepTeacher(model, target);
        const inputs = probeInputs(model);
        const small = createModel(teacher.model);
        const wide = createModel(model);
        const wanted = values(small.bind(inputs), teacher.parameters);
        // Exponentials of exponentials overflow, and then nothing can be measured.
        fc.pre(wanted.every((value) => Math.abs(value) < 1e60));
        const points = {
          minimal: minimalRepresentation(model, target)!.parameters,
          null: nullEmbedding(model, target)!,
          splitting: splittingEmbedding(model, target, seed)!,
          compatible: compatibleEmbedding(model, target, seed)!,
        };
        const first = tangentRank(small, teacher.parameters, inputs);
        if (first.conclusive) expect(first.rank).toBeLessThanOrEqual(deepRankBound(model, narrow).rank);
        const vanishes = ['tanh', 'sin', 'relu'].includes(model.activation as string);
        for (const [name, parameters] of Object.entries(points)) {
          expect(relativeDifference(values(wide.bind(inputs), parameters), wanted), name).toBeLessThan(1e-11);
          // A neuron of zeros with a value adds what only a bias has anyway.
          if (name === 'null' && !model.bias && !vanishes) continue;
          const measured = tangentRank(wide, parameters, inputs);
          const joint = numericalRank(
            beside(tangentMatrix(small, teacher.parameters, inputs), tangentMatrix(wide, parameters, inputs)),
          );
          if (!first.conclusive || !measured.conclusive || !joint.conclusive) continue;
          compared += 1;
          expect([name, measured.rank, joint.rank]).toEqual([name, first.rank, first.rank]);
        }
      }),
      { numRuns: 120 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('differ: a compatible embedding has shares that depend on the receiver', () => {
    const model = network({ widths: [2, 2], inputs: 1 });
    const target: TargetConfig = { kind: 'teacher', widths: [1, 1], seed: 3 };
    const [w, b] = [compatibleEmbedding(model, target, 1)!, splittingEmbedding(model, target, 1)!];
    // W_2 is 2 × 2 at place 2: its rows are equal in a splitting embedding.
    expect([b[2], b[3]]).toEqual([b[4], b[5]]);
    expect(Math.abs(w[2] - w[4])).toBeGreaterThan(1e-3);
    expect(w[2] + w[3]).toBeCloseTo(w[4] + w[5], 12);
  });
});

describe('upper bound of the optimistic sample size', () => {
  it('is d m1 + m1 m2 + … + m_(L−1), and Σm + 1 more with biases', () => {
    expect(deepRankBound(network({ inputs: 5 }), [3, 2])).toMatchObject({ rank: 5 * 3 + 3 * 2 + 2 });
    expect(deepRankBound(network({ inputs: 5, bias: true }), [3, 2])).toMatchObject({ rank: 23 + 5 + 1 });
    // A chain of single neurons: d + L − 1 for L layers.
    for (const depth of [2, 3, 4])
      expect(deepRankBound(network({ inputs: 4 }), new Array(depth - 1).fill(1)).rank).toBe(4 + depth - 1);
  });

  it('is attained by generic teachers where ranks can be told', () => {
    let attained = 0;
    for (const name of ['tanh', 'sin', 'exp', 'relu', { kind: 'tanh', shift: 0.3 }] as const) {
      for (const bias of [false, true]) {
        const model = network({ activation: name, inputs: 4, widths: [2, 2], bias });
        const teacher = deepTeacher(model, { kind: 'teacher', widths: [2, 2], seed: 5 });
        const measured = tangentRank(createModel(model), teacher.parameters, probeInputs(model));
        const { rank } = deepRankBound(model, [2, 2]);
        if (!measured.conclusive) continue;
        expect([name, bias, measured.rank <= rank]).toEqual([name, bias, true]);
        if (measured.rank === rank) attained += 1;
      }
    }
    expect(attained).toBeGreaterThan(5);
  });
});
