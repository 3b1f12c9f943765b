import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  branchFamily,
  branchLattice,
  branchTypes,
  exactCount,
  geometryThresholds,
  separationState,
  totalBranches,
  typeCount,
  typeName,
  type BranchFamily,
  type BranchType,
} from '../../../../src/engine/theory/branches';
import { family, network } from './families';
import { enumerateBranches } from './enumeration';

const generic = (inputs: number): BranchFamily => family(network({ activation: 'exp', inputs }));

/** targetBlocks | extraBlocks, count, r, l, dimension, codimension, rank, Morse–Bott. */
type Row = [string, number, number, number, number, number, number, boolean];

function rows(types: readonly BranchType[]): Row[] {
  return types.map((type) => [
    typeName(type),
    Number(type.count),
    type.blocks,
    type.deficient,
    type.dimension,
    type.codimension,
    type.rank,
    type.morseBott,
  ]);
}

describe('branch types', () => {
  it('are the table of "Geometry and local recovery of global minima", d = 2', () => {
    expect(rows(branchTypes(generic(2), 2, 1))).toEqual([
      ['(2)', 1, 1, 0, 1, 5, 3, false],
      ['(1) | (1)', 2, 2, 1, 2, 4, 4, true],
    ]);
    expect(rows(branchTypes(generic(2), 3, 1))).toEqual([
      ['(3)', 1, 1, 0, 2, 7, 3, false],
      ['(2) | (1)', 3, 2, 1, 3, 6, 4, false],
      ['(1) | (2)', 3, 2, 0, 3, 6, 6, true],
      ['(1) | (1,1)', 3, 3, 2, 4, 5, 5, true],
    ]);
    expect(rows(branchTypes(generic(2), 3, 2))).toEqual([
      ['(2,1)', 3, 2, 0, 1, 8, 6, false],
      ['(1,2)', 3, 2, 0, 1, 8, 6, false],
      ['(1,1) | (1)', 6, 3, 1, 2, 7, 7, true],
    ]);
  });

  it('are the published ones for m = 4, m0 = 2, d = 3', () => {
    const numbers = branchTypes(generic(3), 4, 2).map(({ codimension, rank, morseBott, ...type }) => [
      typeName(type),
      codimension,
      rank,
      morseBott,
    ]);
    expect(numbers).toEqual([
      ['(3,1)', 14, 8, false],
      ['(2,2)', 14, 8, false],
      ['(1,3)', 14, 8, false],
      ['(2,1) | (1)', 12, 9, false],
      ['(1,2) | (1)', 12, 9, false],
      ['(1,1) | (2)', 12, 12, true],
      ['(1,1) | (1,1)', 10, 10, true],
    ]);
    expect([totalBranches(generic(2), 2, 1), totalBranches(generic(2), 3, 1), totalBranches(generic(2), 3, 2)]).toEqual([
      3n,
      10n,
      12n,
    ]);
    expect(totalBranches(generic(3), 4, 2)).toBe(62n);
  });

  it('have the thresholds of the experimental companion (arXiv 2405.13787): 3, 4, 5, 6 and 5, 6, 9, 10', () => {
    for (const [inputs, expected] of [
      [1, [3, 4, 5, 6]],
      [3, [5, 6, 9, 10]],
    ] as const) {
      const biased = family(network({ activation: 'tanh', inputs, hiddenBias: true }));
      const { optimistic, firstSeparated, lastSeparated, parameters } = geometryThresholds(biased, branchTypes(biased, 2, 1), 2);
      expect([optimistic, firstSeparated, lastSeparated, parameters]).toEqual(expected);
    }
  });

  it.each(['exp', 'tanh'] as const)('are counted as an enumeration of all branches counts them: %s', (activation) => {
    const kind = family(network({ activation, inputs: 2 }));
    for (let m = 1; m <= (activation === 'exp' ? 7 : 5); m++) {
      for (let m0 = 1; m0 <= m; m0++) {
        const listed = new Map<string, bigint>();
        for (const name of enumerateBranches(m, m0, activation === 'tanh')) listed.set(name, (listed.get(name) ?? 0n) + 1n);
        const types = branchTypes(kind, m, m0);
        expect(new Map(types.map((type) => [typeName(type), type.count]))).toEqual(listed);
        expect(totalBranches(kind, m, m0)).toBe([...listed.values()].reduce((total, count) => total + count, 0n));
        expect(typeCount(kind, m, m0)).toBe(types.length);
      }
    }
  });

  it('add up to the total up to m = 10 and beyond 2^53', () => {
    for (const activation of ['exp', 'tanh'] as const) {
      const kind = family(network({ activation, inputs: 3 }));
      for (let m = 1; m <= 10; m++) {
        for (let m0 = 1; m0 <= m; m0++) {
          const total = branchTypes(kind, m, m0).reduce((sum, { count }) => sum + count, 0n);
          expect(total).toBe(totalBranches(kind, m, m0));
        }
      }
    }
    // 20!·2^20: one branch for every order and every sign of the neurons.
    expect(exactCount(totalBranches(family(network({ activation: 'tanh', inputs: 3 })), 20, 20))).toBe(
      '2551082656125828464640000',
    );
    expect(exactCount(totalBranches(generic(3), 10, 10))).toBe(3628800);
  });

  it('are ordered and bounded as the theory says', () => {
    const choice = fc.record({
      m: fc.integer({ min: 1, max: 9 }),
      of: fc.integer({ min: 0, max: 1000 }),
      d: fc.integer({ min: 1, max: 8 }),
      activation: fc.constantFrom('exp' as const, 'tanh' as const),
    });
    fc.assert(
      fc.property(choice, ({ m, of, d, activation }) => {
        const m0 = 1 + (of % m);
        const kind = family(network({ activation, inputs: d }));
        const types = branchTypes(kind, m, m0);
        for (const type of types) {
          const { blocks: r, deficient: l, rank, codimension, dimension, morseBott, targetBlocks, extraBlocks, zeroBlock } = type;
          expect(dimension + codimension).toBe(m * (d + 1));
          expect(rank).toBeGreaterThanOrEqual(m0 * (d + 1));
          expect(rank).toBeLessThanOrEqual(codimension);
          if (m > m0) expect(codimension).toBeLessThan(m * (d + 1));
          const blockForm = targetBlocks.every((size) => size === 1) && extraBlocks.every((size) => size <= 2) && zeroBlock <= 1;
          expect(morseBott).toBe(blockForm);
          if (zeroBlock === 0) {
            expect(codimension).toBe(r + (m + m0 - r) * d);
            expect(codimension - rank).toBe((m + m0 - 2 * r + l) * d);
            expect(l).toBeGreaterThanOrEqual(Math.max(0, 2 * r - m - m0));
            expect(morseBott).toBe(2 * r >= m + m0 && l === 2 * r - m - m0);
          }
        }
        const { optimistic, firstSeparated, lastSeparated, everything } = geometryThresholds(kind, types, m);
        expect(optimistic).toBe(m0 * (d + 1));
        expect(firstSeparated).toBe(m + m0 * d);
        expect(lastSeparated).toBe(m0 + m * d);
        expect(everything).toBe(m * (d + 1) + 1);
        for (const { from, to, dimension } of branchLattice(kind, types)) {
          expect(dimension).toBeLessThan(Math.min(types[from]!.dimension, types[to]!.dimension));
          expect(types[to]!.blocks).toBe(types[from]!.blocks - 1);
          expect(types[to]!.threshold).toBeGreaterThanOrEqual(types[from]!.threshold);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('say what a sample size sees', () => {
    const [q1, q2] = branchTypes(generic(2), 2, 1);
    expect([2, 3, 4, 5].map((n) => separationState(q1!, n))).toEqual(['linear', 'quadratic', 'quadratic', 'separated']);
    expect([2, 3, 4, 5].map((n) => separationState(q2!, n))).toEqual(['linear', 'linear', 'separated', 'separated']);
  });

  it('are not told where no theorem covers the activation', () => {
    for (const model of [{ activation: 'relu' as const }, { activation: 'sin' as const, hiddenBias: true }])
      expect(typeof branchFamily(network(model))).toBe('string');
    expect(branchFamily(network({ activation: 'softplus' }))).toMatchObject({ complete: false });
    expect(branchFamily(network({ activation: 'sigmoid', outputBias: true }))).toMatchObject({ symmetry: 'odd', complete: true });
  });
});
