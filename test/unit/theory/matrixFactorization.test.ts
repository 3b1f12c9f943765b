import fc from 'fast-check';
import { Matrix as Peer } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { ResolvedMatrixFactorization } from '../../../src/experiment/resolved';
import type { TargetConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { allEntries } from '../../../src/engine/targets/probes';
import { minimalRepresentation, nullEmbedding, splittingEmbedding } from '../../../src/engine/targets/representation';
import { createTarget } from '../../../src/engine/targets/target';
import { factorizationPointRank, factorizationRank, matrixRank } from '../../../src/engine/theory/matrixFactorization';
import { TestNumbers, size } from '../models/arbitraries';
import { relativeDifference, values } from '../models/differences';
import { PUBLISHED, SEQUENCES } from './publishedMatrices';

const model = (rows: number, columns: number, inner: number): ResolvedMatrixFactorization => ({
  kind: 'matrixFactorization',
  rows,
  columns,
  inner,
});

describe('rank of matrix factorizations', () => {
  it('is r(d1 + d2 − r) at minimal, null and splitting points of random targets of any shape', () => {
    let measurements = 0;
    let conclusive = 0;
    fc.assert(
      fc.property(size, size, fc.nat(6), fc.nat(3), fc.nat(1000), (rows, columns, rankChoice, extra, seed) => {
        const rank = 1 + (rankChoice % Math.min(rows, columns));
        const config = model(rows, columns, rank + extra);
        const target: TargetConfig = { kind: 'lowRank', rank, seed };
        const representation = minimalRepresentation(config, target)!;
        expect(representation).toMatchObject({ intrinsicSize: rank, exact: true });
        const entries = allEntries(rows, columns);
        const wanted = new Float64Array(rows * columns);
        createTarget(config, target).evaluate(entries, wanted);
        for (const parameters of [
          representation.parameters,
          nullEmbedding(config, target)!,
          splittingEmbedding(config, target, seed)!,
        ]) {
          expect(relativeDifference(values(createModel(config).bind(entries), parameters), wanted)).toBeLessThan(1e-13);
          const measured = tangentRank(createModel(config), parameters, entries);
          expect(measured.rank).toBe(factorizationRank(rows, columns, rank));
          measurements += 1;
          if (measured.conclusive) conclusive += 1;
        }
      }),
      { numRuns: 150 },
    );
    expect(conclusive / measurements).toBeGreaterThan(0.98);
  });

  it('is d1·d2 − (d1 − rank A)(d2 − rank B) at any point', () => {
    fc.assert(
      fc.property(size, size, size, fc.nat(7), fc.nat(7), fc.nat(), (rows, columns, inner, a, b, seed) => {
        const [rankA, rankB] = [a % (Math.min(rows, inner) + 1), b % (Math.min(columns, inner) + 1)];
        const numbers = new TestNumbers(seed);
        const lowRank = (m: number, n: number, r: number): number[] =>
          r === 0
            ? new Array<number>(m * n).fill(0)
            : peer(numbers, m, r)
                .mmul(peer(numbers, r, n))
                .to1DArray();
        const parameters = Float64Array.from([...lowRank(rows, inner, rankA), ...lowRank(inner, columns, rankB)]);
        const measured = tangentRank(createModel(model(rows, columns, inner)), parameters, allEntries(rows, columns));
        if (measured.conclusive) expect(measured.rank).toBe(factorizationPointRank(rows, columns, rankA, rankB));
      }),
      { numRuns: 300 },
    );
  });

  it('has the published ranks and singular values', () => {
    for (const { values: rows, rank, singularValues } of Object.values(PUBLISHED)) {
      const measured = matrixRank({ rows: 4, columns: 4, values: Float64Array.from(rows.flat()) });
      expect(measured).toMatchObject({ rank, conclusive: true });
      singularValues.forEach((value, k) => expect(Math.abs(measured.singularValues[k] - value)).toBeLessThan(0.0051));
    }
  });

  it('finds the six first linearly stable sample sizes of Fig. 4 from ranks alone', () => {
    const config = model(4, 4, 4);
    const target: TargetConfig = { kind: 'matrix', values: PUBLISHED.M2.values };
    const { parameters } = minimalRepresentation(config, target)!;
    const modelRank = tangentRank(createModel(config), parameters, allEntries(4, 4)).rank;
    expect(modelRank).toBe(7);
    const found = SEQUENCES.map(({ order }) => {
      const positions = order.split(' ').flatMap((entry) => [Number(entry[0]) - 1, Number(entry[1]) - 1]);
      for (let n = 1; n <= 16; n++) {
        const inputs = { count: n, dimension: 2, values: Float64Array.from(positions.slice(0, 2 * n)) };
        const measured = tangentRank(createModel(config), parameters, inputs);
        if (measured.rank === modelRank && measured.conclusive) return n;
      }
      return null;
    });
    expect(found).toEqual(SEQUENCES.map(({ from }) => from));
  });
});

function peer(numbers: TestNumbers, rows: number, columns: number): Peer {
  return Peer.from1DArray(rows, columns, Array.from(numbers.normals(rows * columns)));
}
