import { describe, expect, it } from 'vitest';
import { escalateRank } from '../../../src/engine/certified';
import { createModel } from '../../../src/engine/models/registry';
import { numericalRank } from '../../../src/engine/rank/numericalRank';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import type { Inputs } from '../../../src/engine/models/model';
import { formula, inputsFrom, normals, streamFor, twoLayer } from './support';

function measure(model: ResolvedModel, parameters: Float64Array, inputs: Inputs) {
  const values = new Float64Array(inputs.count * parameters.length);
  createModel(model).bind(inputs).jacobian(parameters, values);
  return numericalRank({ rows: inputs.count, columns: parameters.length, values });
}

describe('escalation', () => {
  it('leaves a clear rank as it is', () => {
    const stream = streamFor(1, 'clear');
    const [model, parameters, inputs] = [twoLayer(2, 3), normals(stream, 8), inputsFrom(stream, 40, 3)];
    const measurement = measure(model, parameters, inputs);
    expect(escalateRank(measurement, { model, parameters, inputs })).toEqual({
      rank: 8,
      certified: false,
      conclusive: true,
      method: 'float64',
      measurement,
      certification: null,
    });
  });

  it('certifies what float64 cannot tell', () => {
    const stream = streamFor(2, 'unclear');
    const [model, parameters, inputs] = [twoLayer(7, 1), normals(stream, 14), inputsFrom(stream, 60, 1)];
    const measurement = measure(model, parameters, inputs);
    expect(measurement.conclusive).toBe(false);
    expect(escalateRank(measurement, { model, parameters, inputs })).toMatchObject({
      rank: 14,
      certified: true,
      conclusive: true,
      method: 'balls',
    });
  });

  it('takes 31 digits with a clear gap where no upper bound is known', () => {
    const stream = streamFor(3, 'double-double');
    const inputs = inputsFrom(stream, 20, 1);
    const model = formula(['a', 'b', 'c'], ['x'], 'a*exp(x + 1) + b*exp(x) + c*x');
    const parameters = Float64Array.of(1, 1, 1);
    const measurement = { ...measure(model, parameters, inputs), conclusive: false };
    expect(escalateRank(measurement, { model, parameters, inputs })).toMatchObject({
      rank: 2,
      certified: false,
      conclusive: true,
      method: 'doubleDouble',
    });
  });
});
