import fc from 'fast-check';
import { Matrix, SVD } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { ResolvedMatrixFactorization, ResolvedModel, ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { allEntries, probeInputs } from '../../../src/engine/targets/probes';
import { splittingEmbedding } from '../../../src/engine/targets/representation';
import { createTarget } from '../../../src/engine/targets/target';
import { targetMatrix } from '../../../src/engine/targets/targetMatrix';
import { teacherNetwork } from '../../../src/engine/targets/teacher';
import { size } from '../models/arbitraries';

const matrixModel = (rows: number, columns: number): ResolvedMatrixFactorization => ({
  kind: 'matrixFactorization',
  rows,
  columns,
  inner: Math.min(rows, columns),
});
const network = (inputs: number, hiddenBias: boolean): ResolvedTwoLayer => ({
  kind: 'twoLayer',
  activation: 'tanh',
  inputs,
  width: 50,
  hiddenBias,
  outputBias: true,
});

describe('matrix targets', () => {
  it('low rank: has exactly the singular values asked for', () => {
    fc.assert(
      fc.property(size, size, fc.nat(6), fc.nat(), (rows, columns, choice, seed) => {
        const rank = 1 + (choice % Math.min(rows, columns));
        const singularValues = Array.from({ length: rank }, (_, k) => 3 / (k + 1));
        const { values } = targetMatrix(matrixModel(rows, columns), { kind: 'lowRank', rank, seed, singularValues });
        const found = new SVD(Matrix.from1DArray(rows, columns, Array.from(values)), { autoTranspose: true }).diagonal;
        for (let k = 0; k < Math.min(rows, columns); k++) expect(found[k]).toBeCloseTo(k < rank ? singularValues[k] : 0, 12);
      }),
    );
  });

  it('low rank: has entries of mean square 1 unless told otherwise, and depends on the seed alone', () => {
    const target = (seed: number) => targetMatrix(matrixModel(6, 9), { kind: 'lowRank', rank: 2, seed }).values;
    const meanSquare = target(4).reduce((sum, value) => sum + value * value, 0) / 54;
    expect(meanSquare).toBeCloseTo(1, 12);
    expect(target(4)).toEqual(target(4));
    expect(target(4)).not.toEqual(target(5));
  });

  it('is read entry by entry in any order', () => {
    const out = new Float64Array(3);
    const target = createTarget(matrixModel(2, 3), {
      kind: 'matrix',
      values: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    });
    target.evaluate({ count: 3, dimension: 2, values: Float64Array.of(1, 2, 0, 1, 1, 0) }, out);
    expect(Array.from(out)).toEqual([6, 2, 4]);
  });
});

describe('network targets', () => {
  it('random teachers have well separated neurons with output weights of size 0.5 to 1.5', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { neurons } = teacherNetwork(network(3, true), { kind: 'teacher', width: 5, seed });
      expect(neurons.length).toBe(5);
      neurons.forEach((neuron, k) => {
        expect(Math.abs(neuron.outputWeight)).toBeGreaterThanOrEqual(0.5);
        expect(Math.abs(neuron.outputWeight)).toBeLessThan(1.5);
        for (const other of neurons.slice(0, k)) {
          for (const sign of [1, -1]) {
            const apart = [...neuron.inputWeights, neuron.bias].map(
              (value, j) => value - sign * [...other.inputWeights, other.bias][j],
            );
            expect(Math.hypot(...apart)).toBeGreaterThanOrEqual(0.5);
          }
        }
      });
    }
  });

  it('have no bias that the model lacks', () => {
    expect(
      teacherNetwork(network(2, false), { kind: 'teacher', width: 4, seed: 1 }).neurons.every(({ bias }) => bias === 0),
    ).toBe(true);
  });

  it('given teachers are the function that was written', () => {
    const target = createTarget(network(2, true), {
      kind: 'teacher',
      neurons: [
        { outputWeight: 2, inputWeights: [1, -1], bias: 0.5 },
        { outputWeight: -1, inputWeights: [0, 3] },
      ],
      outputBias: 4,
    });
    const out = new Float64Array(1);
    target.evaluate({ count: 1, dimension: 2, values: Float64Array.of(0.3, 0.2) }, out);
    expect(out[0]).toBeCloseTo(2 * Math.tanh(0.6) - Math.tanh(0.6) + 4, 14);
  });

  it('formulas take x1 … xd, and x where there is one input', () => {
    const out = new Float64Array(2);
    createTarget(network(2, true), { kind: 'formula', expression: 'x1 - 2*x2' }).evaluate(
      { count: 2, dimension: 2, values: Float64Array.of(1, 2, 3, 4) },
      out,
    );
    expect(Array.from(out)).toEqual([-3, -5]);
    createTarget(network(1, true), { kind: 'formula', expression: 'x + x1' }).evaluate(
      { count: 2, dimension: 1, values: Float64Array.of(1, 2) },
      out,
    );
    expect(Array.from(out)).toEqual([2, 4]);
    const constant = createTarget(
      { kind: 'formula', parameters: ['p'], inputs: ['u', 'v'], expression: 'p*u' },
      { kind: 'formula', expression: '1' },
    );
    constant.evaluate({ count: 2, dimension: 2, values: new Float64Array(4) }, out);
    expect(Array.from(out)).toEqual([1, 1]);
  });

  it('splits differently for different seeds', () => {
    const target = { kind: 'teacher', width: 2, seed: 1 } as const;
    const one = splittingEmbedding(network(2, true), target, 1);
    expect(splittingEmbedding(network(2, true), target, 1)).toEqual(one);
    expect(splittingEmbedding(network(2, true), target, 2)).not.toEqual(one);
  });
});

describe('probe inputs', () => {
  it('are all entries of a matrix', () => {
    expect(Array.from(probeInputs(matrixModel(2, 2)).values)).toEqual([0, 0, 0, 1, 1, 0, 1, 1]);
    expect(allEntries(3, 5).count).toBe(15);
  });

  it('are at least max(4M, M + 50) and the same every time', () => {
    const small: ResolvedModel = { kind: 'formula', parameters: ['p'], inputs: ['x'], expression: 'p*x' };
    expect(probeInputs(small).count).toBe(51);
    const model = { ...network(3, true), width: 10 };
    expect(probeInputs(model).count).toBe(4 * 51);
    expect(probeInputs(model)).toEqual(probeInputs(model));
    expect(probeInputs(model, 2).values).not.toEqual(probeInputs(model).values);
    const spread = Math.sqrt(probeInputs(model).values.reduce((sum, x) => sum + x * x, 0) / (204 * 3));
    expect(Math.abs(spread - 1.5)).toBeLessThan(0.15);
  });

  it('follow the range of the data where that is bounded', () => {
    const model: ResolvedModel = { kind: 'formula', parameters: ['p'], inputs: ['x', 'y'], expression: 'p*x*y' };
    const inside = probeInputs(model, 1, { kind: 'uniform', low: 2, high: 3 }).values;
    expect(inside.every((x) => x >= 2 && x < 3)).toBe(true);
    const box = probeInputs(model, 1, {
      kind: 'points',
      values: [
        [1, 10],
        [2, 30],
      ],
    }).values;
    box.forEach((x, i) => expect(i % 2 === 0 ? x >= 1 && x <= 2 : x >= 10 && x <= 30).toBe(true));
  });

  it('never ask for a tangent matrix beyond the limit', () => {
    const wide = { ...network(1, true), width: 100_000 };
    const { count } = probeInputs(wide);
    expect(count * 300_001).toBeLessThanOrEqual(50_000_000);
  });
});
