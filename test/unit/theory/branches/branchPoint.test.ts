import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../../src/experiment/resolved';
import { createMatrix, type Matrix } from '../../../../src/engine/linalg/matrix';
import { createModel } from '../../../../src/engine/models/registry';
import { numericalRank } from '../../../../src/engine/rank/numericalRank';
import { tangentRank } from '../../../../src/engine/rank/tangentRank';
import { probeInputs } from '../../../../src/engine/targets/probes';
import { createTarget } from '../../../../src/engine/targets/target';
import {
  branchConstraints,
  branchLattice,
  branchOf,
  branchPoint,
  branchProblem,
  branchTypes,
  typeName,
  type BranchPoint,
  type BranchProblem,
} from '../../../../src/engine/theory/branches';
import { pointRank } from '../../../../src/engine/theory/twoLayer/pointRank';
import { randomStream } from '../../../../src/engine/random/stream';
import { network } from './families';

const shapes = fc.record({
  activation: fc.constantFrom<ResolvedTwoLayer['activation']>('exp', 'tanh', 'sin', 'sigmoid', { kind: 'tanh', shift: 0.3 }),
  inputs: fc.integer({ min: 2, max: 4 }),
  width: fc.integer({ min: 1, max: 4 }),
  hiddenBias: fc.boolean(),
  outputBias: fc.boolean(),
});

function problemOf(model: ResolvedTwoLayer, seed: number): BranchProblem | null {
  const problem = branchProblem(model, { kind: 'teacher', width: 1 + (seed % model.width), seed });
  return typeof problem === 'string' || !problem.family.complete ? null : problem;
}

describe('points of branches', () => {
  it('are the target, with the dimension and the rank of their type, for every activation and all biases', () => {
    let conclusive = 0;
    let measured = 0;
    fc.assert(
      fc.property(shapes, fc.nat({ max: 1000 }), (shape, seed) => {
        const model = network(shape);
        const problem = problemOf(model, seed);
        if (!problem) return;
        const { family, target } = problem;
        const inputs = probeInputs(model);
        const wanted = new Float64Array(inputs.count);
        createTarget(model, { kind: 'teacher', width: problem.targetWidth, seed }).evaluate(inputs, wanted);
        const values = new Float64Array(inputs.count);
        for (const type of branchTypes(family, problem.width, problem.targetWidth)) {
          const point = branchPoint(model, family, target, type, randomStream(seed, 'point', typeName(type)));
          createModel(model).bind(inputs).evaluate(point.parameters, values);
          // Blocks that cancel may be far larger than what they leave.
          const sizes = new Float64Array(inputs.count);
          const positive = point.parameters.map((value, k) => (k < model.width ? Math.abs(value) : value));
          createModel(model).bind(inputs).evaluate(positive, sizes);
          const outputs = point.parameters.subarray(0, model.width).reduce((total, a) => total + Math.abs(a), 1);
          const largest = sizes.reduce((most, value) => Math.max(most, Math.abs(value)), outputs);
          values.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-11 * largest));
          const constraints = branchConstraints(model, family, point);
          expect(constraints.rows).toBe(type.codimension);
          expect(numericalRank(constraints).rank).toBe(type.codimension);
          expect(pointRank(model, point.parameters)).toBe(type.rank);
          const { targetBlocks, extraBlocks, zeroBlock } = type;
          const found = branchOf(model, problem, point.parameters, 1e-9);
          expect(found?.blocks).toEqual({ targetBlocks, extraBlocks, zeroBlock });
          expect(found?.point.blockOf).toEqual(point.blockOf);
          const rank = tangentRank(createModel(model), point.parameters, inputs);
          measured += 1;
          if (!rank.conclusive) continue;
          conclusive += 1;
          expect(rank.rank).toBe(type.rank);
        }
      }),
      { numRuns: 150 },
    );
    expect(conclusive).toBeGreaterThan(0.8 * measured);
  });

  // "Geometry and local recovery" (arXiv 2309.00508): the zeros near a generic point are a manifold of codimension n while n is at most
  // the rank; up to n = (d + 1)·m0 that holds on every branch, so that the loss is Morse–Bott and nothing is recovered.
  it('have rank min(n, rank of the type) over n random samples, so n on every branch up to (d + 1)·m0', () => {
    let counted = 0;
    fc.assert(
      fc.property(shapes, fc.nat({ max: 1000 }), (shape, seed) => {
        const model = network({ ...shape, hiddenBias: false, outputBias: false });
        const problem = problemOf(model, seed);
        if (!problem) return;
        const d = model.inputs;
        const all = 4 * createModel(model).parameterCount;
        const values = new Float64Array(all * d);
        randomStream(seed, 'samples').fillNormal(values, 1.5);
        for (const type of branchTypes(problem.family, problem.width, problem.targetWidth)) {
          const { parameters } = branchPoint(model, problem.family, problem.target, type, randomStream(seed, typeName(type)));
          const least = (d + 1) * problem.targetWidth;
          expect(type.rank).toBeGreaterThanOrEqual(least);
          for (const n of new Set([1, least, type.rank - 1, type.rank, type.rank + 2])) {
            const inputs = { count: n, dimension: d, values: values.slice(0, n * d) };
            const measured = tangentRank(createModel(model), parameters, inputs);
            if (!measured.conclusive) continue;
            expect([typeName(type), n, measured.rank]).toEqual([typeName(type), n, Math.min(n, type.rank)]);
            counted++;
          }
        }
      }),
      { numRuns: 100 },
    );
    expect(counted).toBeGreaterThan(500);
  });

  it('are on no branch once an output weight is another', () => {
    const model = network({ activation: 'tanh', width: 3 });
    const problem = branchProblem(model, { kind: 'teacher', width: 1, seed: 3 }) as BranchProblem;
    const type = branchTypes(problem.family, 3, 1).find(({ extraBlocks }) => extraBlocks[0] === 2)!;
    const { parameters } = branchPoint(model, problem.family, problem.target, type, randomStream(1));
    for (let k = 0; k < 3; k++) {
      const moved = Float64Array.from(parameters);
      moved[k]! += 1e-3;
      expect(branchOf(model, problem, moved, 1e-6)).toBeNull();
      expect(branchOf(model, problem, moved, 1e-2)?.blocks.extraBlocks).toEqual([2]);
    }
  });

  it('can be moved along the tangent space of an affine branch without changing the function', () => {
    for (const activation of ['exp', 'tanh'] as const) {
      const model = network({ activation, width: 4 });
      const { family, target } = branchProblem(model, { kind: 'teacher', width: 2, seed: 3 }) as BranchProblem;
      const inputs = probeInputs(model);
      for (const type of branchTypes(family, 4, 2)) {
        const point = branchPoint(model, family, target, type, randomStream(5, typeName(type)));
        const other = branchPoint(model, family, target, type, randomStream(6, typeName(type)));
        // Signs that differ are another branch of the same type.
        if (point.signs.some((sign, k) => sign !== other.signs[k])) continue;
        const rows = branchConstraints(model, family, point);
        for (let i = 0; i < rows.rows; i++) {
          let total = 0;
          for (let j = 0; j < rows.columns; j++)
            total += rows.values[i * rows.columns + j]! * (point.parameters[j]! - other.parameters[j]!);
          expect(Math.abs(total)).toBeLessThan(1e-14);
        }
        const middle = point.parameters.map((value, j) => 0.5 * (value + other.parameters[j]!));
        const values = [point.parameters, middle].map((parameters) => {
          const out = new Float64Array(inputs.count);
          createModel(model).bind(inputs).evaluate(parameters, out);
          return out;
        });
        values[0]!.forEach((value, i) => expect(Math.abs(value - values[1]![i]!)).toBeLessThan(1e-12 * (1 + Math.abs(value))));
      }
    }
  });

  it('lie on closures that meet as the lattice says', () => {
    for (const activation of ['exp', 'tanh'] as const) {
      const model = network({ activation, width: 5, inputs: 3 });
      const { family, target } = branchProblem(model, { kind: 'teacher', width: 2, seed: 3 }) as BranchProblem;
      const types = branchTypes(family, 5, 2);
      const M = 5 * 4;
      const edges = branchLattice(family, types);
      expect(edges.length).toBeGreaterThan(types.length);
      for (const { from, to, dimension } of edges) {
        const point = branchPoint(model, family, target, types[from]!, randomStream(1));
        const merged = mergedInto(point, types[to]!);
        const stacked = stack(branchConstraints(model, family, point), branchConstraints(model, family, merged));
        expect(M - numericalRank(stacked).rank).toBe(dimension);
      }
    }
  });
});

/** The branch of the wanted type that comes of joining two blocks of another. */
function mergedInto(
  point: BranchPoint,
  wanted: { targetBlocks: readonly number[]; extraBlocks: readonly number[]; zeroBlock: number },
): BranchPoint {
  const labels = [...new Set(point.blockOf)].filter((label) => label >= point.targetWidth);
  for (const from of labels) {
    for (const into of new Set([...point.blockOf, -1])) {
      if (into === from) continue;
      const blockOf = point.blockOf.map((label) => (label === from ? into : label));
      // Labels stay consecutive.
      const closed = blockOf.map((label) => (label > from ? label - 1 : label));
      const size = (label: number): number => closed.filter((each) => each === label).length;
      const targets = Array.from({ length: point.targetWidth }, (_, t) => size(t));
      const extra = [...new Set(closed)].filter((label) => label >= point.targetWidth).map(size);
      const name = typeName({ targetBlocks: targets, extraBlocks: extra.sort((a, b) => b - a), zeroBlock: size(-1) });
      if (name === typeName(wanted)) return { ...point, blockOf: closed };
    }
  }
  throw new Error(`no merge gives ${typeName(wanted)}`);
}

function stack(a: Matrix, b: Matrix): Matrix {
  const result = createMatrix(a.rows + b.rows, a.columns);
  result.values.set(a.values);
  result.values.set(b.values, a.values.length);
  return result;
}
