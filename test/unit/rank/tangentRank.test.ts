import { describe, expect, it } from 'vitest';
import type { BoundModel, Inputs, Model } from '../../../src/engine/models/model';
import { tangentMatrix, tangentRank } from '../../../src/engine/rank/tangentRank';

/** θ0 + θ1·x1 + θ2·θ3·x2, whose rank is 2 where θ2 = θ3 = 0 and 3 elsewhere. */
const toy: Model = {
  parameterCount: 4,
  inputDimension: 2,
  layout: [],
  bind: (inputs: Inputs) =>
    ({
      sampleCount: inputs.count,
      parameterCount: 4,
      jacobian: (p: Float64Array, out: Float64Array) => {
        for (let i = 0; i < inputs.count; i++)
          out.set([1, inputs.values[2 * i]!, p[3]! * inputs.values[2 * i + 1]!, p[2]! * inputs.values[2 * i + 1]!], 4 * i);
      },
    }) as unknown as BoundModel,
};
const inputs: Inputs = { count: 5, dimension: 2, values: Float64Array.of(1, 2, -1, 3, 0.5, -2, 4, 1, -3, 2.5) };

describe('tangentRank', () => {
  it('is the rank of the model with its tangent matrix', () => {
    expect([...tangentMatrix(toy, Float64Array.of(9, 9, 2, 3), { ...inputs, count: 1 }).values]).toEqual([1, 1, 6, 4]);
    expect(tangentRank(toy, Float64Array.of(1, 1, 0, 0), inputs)).toMatchObject({
      rank: 2,
      rows: 5,
      columns: 4,
      conclusive: true,
    });
    expect(tangentRank(toy, Float64Array.of(1, 1, 0.5, 0), inputs)).toMatchObject({ rank: 3, conclusive: true });
    expect(tangentRank(toy, Float64Array.of(0, 0, 1e-6, 3), inputs)).toMatchObject({ rank: 3, conclusive: true });
  });

  it('is bounded by the number of inputs', () => {
    for (let count = 0; count <= 5; count++) {
      expect(tangentRank(toy, Float64Array.of(1, 1, 1, 1), { ...inputs, count }).rank).toBe(Math.min(count, 3));
    }
  });

  it('sees what training has nearly removed only by the rule for exact points', () => {
    const trained = Float64Array.of(1, 1, 1e-5, 2e-5);
    expect(tangentRank(toy, trained, inputs)).toMatchObject({ rank: 3, conclusive: true });
    expect(tangentRank(toy, trained, inputs, { rule: 'largestGap' })).toMatchObject({ rank: 2, conclusive: true });
  });

  it('names the tangent matrix when the model overflows', () => {
    expect(() => tangentRank(toy, Float64Array.of(1, 1, 1, Infinity), inputs)).toThrow(
      'Entry (1, 3) of the tangent matrix is Infinity.',
    );
  });
});
