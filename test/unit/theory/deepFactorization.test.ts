import fc from 'fast-check';
import { Matrix as Peer, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { ResolvedDeepFactorization } from '../../../src/experiment/resolved';
import type { TargetConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { allEntries } from '../../../src/engine/targets/probes';
import { minimalRepresentation, nullEmbedding, splittingEmbedding } from '../../../src/engine/targets/representation';
import { createTarget } from '../../../src/engine/targets/target';
import { deepPointRank, staircaseRank } from '../../../src/engine/theory/deepFactorization';
import { TestNumbers } from '../models/arbitraries';
import { relativeDifference, values } from '../models/differences';

const deep = (dimensions: number[]): ResolvedDeepFactorization => ({ kind: 'matrixFactorization', dimensions });
const side = fc.integer({ min: 1, max: 6 });

describe('rank of products of three factors or more', () => {
  it('is r(d0 + dL − r) at minimal, null and rotated points of random targets, at every depth', () => {
    let measurements = 0;
    let conclusive = 0;
    fc.assert(
      fc.property(
        side,
        side,
        fc.nat(5),
        fc.array(fc.nat(3), { minLength: 2, maxLength: 4 }),
        fc.nat(1000),
        (d0, dL, choice, extra, seed) => {
          const r = 1 + (choice % Math.min(d0, dL));
          const config = deep([d0, ...extra.map((more) => r + more), dL]);
          const target: TargetConfig = { kind: 'lowRank', rank: r, seed };
          const representation = minimalRepresentation(config, target)!;
          expect(representation).toMatchObject({ intrinsicSize: r, exact: true });
          const entries = allEntries(dL, d0);
          const wanted = new Float64Array(entries.count);
          createTarget(config, target).evaluate(entries, wanted);
          for (const parameters of [
            representation.parameters,
            nullEmbedding(config, target)!,
            splittingEmbedding(config, target, seed)!,
          ]) {
            expect(relativeDifference(values(createModel(config).bind(entries), parameters), wanted)).toBeLessThan(1e-12);
            const measured = tangentRank(createModel(config), parameters, entries);
            measurements += 1;
            if (!measured.conclusive) continue;
            conclusive += 1;
            expect(measured.rank).toBe(r * (d0 + dL - r));
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(conclusive / measurements).toBeGreaterThan(0.97);
  });

  it('is the staircase at any point', () => {
    let conclusive = 0;
    fc.assert(
      fc.property(fc.array(side, { minLength: 4, maxLength: 6 }), fc.nat(), (dimensions, seed) => {
        const numbers = new TestNumbers(seed);
        const config = deep(dimensions);
        const factors = dimensions.slice(1).map((rows, l) => {
          const columns = dimensions[l];
          const rank = numbers.integer(Math.min(rows, columns) + 1);
          return rank === 0 ? Peer.zeros(rows, columns) : peer(numbers, rows, rank).mmul(peer(numbers, rank, columns));
        });
        const parameters = Float64Array.from([...factors].reverse().flatMap((factor) => factor.to1DArray()));
        // Ranks of the partial products by ml-matrix, beside those that the function takes itself.
        const depth = factors.length;
        const rankOf = (list: Peer[], otherwise: number): number =>
          list.length === 0 ? otherwise : rank(list.reduce((product, factor) => factor.mmul(product)));
        const left = factors.map((_, l) => rankOf(factors.slice(l + 1), dimensions[depth]));
        const right = factors.map((_, l) => rankOf(factors.slice(0, l), dimensions[0]));
        const formula = staircaseRank(left, right);
        expect(deepPointRank(config, parameters)).toBe(formula);
        const measured = tangentRank(createModel(config), parameters, allEntries(dimensions[depth], dimensions[0]));
        if (!measured.conclusive) return;
        conclusive += 1;
        expect(measured.rank).toBe(formula);
      }),
      { numRuns: 300 },
    );
    expect(conclusive).toBeGreaterThan(250);
  });

  it('has the worked numbers: dimensions 4, 5, 6, 3 and 4, 5, 6, 5, 3', () => {
    expect(staircaseRank([1, 1, 3], [4, 2, 2])).toBe(8);
    expect(staircaseRank([2, 3, 3], [4, 4, 2])).toBe(12);
    expect(staircaseRank([1, 2, 2, 3], [4, 2, 1, 1])).toBe(7);
    for (const dimensions of [
      [4, 5, 6, 3],
      [4, 5, 6, 5, 3],
    ]) {
      const ranks = [1, 2, 3].map((r) => {
        const config = deep(dimensions);
        const point = minimalRepresentation(config, { kind: 'lowRank', rank: r, seed: 2 })!;
        return tangentRank(createModel(config), point.parameters, allEntries(3, 4)).rank;
      });
      expect(ranks).toEqual([6, 10, 12]);
    }
  });
});

function peer(numbers: TestNumbers, rows: number, columns: number): Peer {
  return Peer.from1DArray(rows, columns, Array.from(numbers.normals(rows * columns)));
}

function rank(matrix: Peer): number {
  // Singular values of ml-matrix; products of random factors have none near the cut.
  return singularValues(matrix).filter((value, _, all) => value > 1e-9 * all[0] && value > 0).length;
}

function singularValues(matrix: Peer): number[] {
  return new SingularValueDecomposition(matrix, { autoTranspose: true }).diagonal.slice().sort((a, b) => b - a);
}
