import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiagonalConfig, TargetConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { probeInputs } from '../../../src/engine/targets/probes';
import { minimalRepresentation, splittingEmbedding } from '../../../src/engine/targets/representation';
import { createTarget } from '../../../src/engine/targets/target';
import { diagonalPointRank, linearCoefficients } from '../../../src/engine/theory/diagonal';
import { TestNumbers } from '../models/arbitraries';
import { relativeDifference, values } from '../models/differences';

const shape = fc.record({
  kind: fc.constant('diagonal' as const),
  inputs: fc.integer({ min: 1, max: 7 }),
  depth: fc.integer({ min: 2, max: 5 }),
});

describe('diagonal models', () => {
  it('have rank k at a k-sparse target, at every depth', () => {
    fc.assert(
      fc.property(shape, fc.nat(), (model, seed) => {
        const numbers = new TestNumbers(seed);
        const coefficients = Array.from({ length: model.inputs }, () => (numbers.uniform() < 0.5 ? 0 : numbers.normal()));
        const target: TargetConfig = { kind: 'vector', values: coefficients };
        const k = coefficients.filter((value) => value !== 0).length;
        const inputs = probeInputs(model);
        const wanted = new Float64Array(inputs.count);
        createTarget(model, target).evaluate(inputs, wanted);
        const found = minimalRepresentation(model, target)!;
        expect(found).toMatchObject({ intrinsicSize: k, exact: true });
        for (const parameters of [found.parameters, splittingEmbedding(model, target, seed)!]) {
          expect(relativeDifference(values(createModel(model).bind(inputs), parameters), wanted)).toBeLessThan(1e-13);
          const measured = tangentRank(createModel(model), parameters, inputs);
          if (measured.conclusive) expect(measured.rank).toBe(k);
          expect(diagonalPointRank(model, parameters)).toBe(k);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('have the rank of the formula at any point: inputs of which at most one factor is 0', () => {
    let conclusive = 0;
    fc.assert(
      fc.property(shape, fc.nat(), (model, seed) => {
        const numbers = new TestNumbers(seed);
        const parameters = numbers.normals(model.inputs * model.depth).map((value) => (numbers.uniform() < 0.35 ? 0 : value));
        const measured = tangentRank(createModel(model), parameters, probeInputs(model));
        if (!measured.conclusive) return;
        conclusive += 1;
        expect(measured.rank).toBe(diagonalPointRank(model, parameters));
      }),
      { numRuns: 300 },
    );
    expect(conclusive).toBeGreaterThan(270);
  });

  it('read coefficients out of formulas that are linear, and out of no others', () => {
    const model: DiagonalConfig = { kind: 'diagonal', inputs: 3, depth: 2 };
    const formula = (expression: string): TargetConfig => ({ kind: 'formula', expression });
    expect(linearCoefficients(model, formula('2*x1 - x3/4'))).toEqual([2, 0, -0.25]);
    expect(linearCoefficients(model, formula('0*x1'))).toEqual([0, 0, 0]);
    for (const other of ['1 + x1', 'x1*x2', 'x1^2', 'abs(x1)', 'x1 + relu(x2 - 1)']) {
      expect(linearCoefficients(model, formula(other)), other).toBeNull();
    }
  });
});
