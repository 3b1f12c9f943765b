import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { certifyRank } from '../../../src/engine/certified';
import { exactRank, integerMatrix } from '../../../src/engine/certified/exactRank';
import { RationalArithmetic } from '../../../src/engine/certified/rational';
import { parameterCount } from '../../../src/engine/certified/tangent';
import type { Inputs } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { numericalRank } from '../../../src/engine/rank/numericalRank';
import { formula, inputsFrom, normals, streamFor, twoLayer } from './support';

/** What float64 says of the same tangent matrix. */
function float64Rank(model: ResolvedModel, parameters: Float64Array, inputs: Inputs) {
  const values = new Float64Array(inputs.count * parameters.length);
  createModel(model).bind(inputs).jacobian(parameters, values);
  return numericalRank({ rows: inputs.count, columns: parameters.length, values });
}

/** A teacher of k neurons in a network of more: `copies` neurons for each, with output weights that add up. */
function split(k: number, copies: number[], dimension: number, bias: boolean, seed: number, signs = false) {
  const width = copies.reduce((sum, count) => sum + count, 0);
  const stream = streamFor(seed, 'teacher');
  const model = twoLayer(width, dimension, { hiddenBias: bias });
  const parameters = new Float64Array(parameterCount(model));
  let at = 0;
  for (let t = 0; t < k; t++) {
    const weights = normals(stream, dimension + 1);
    for (let c = 0; c < copies[t]; c++, at++) {
      const sign = signs && c % 2 === 1 ? -1 : 1;
      parameters[at] = stream.normal();
      for (let j = 0; j < dimension; j++) parameters[width + at * dimension + j] = sign * weights[j];
      if (bias) parameters[width * (1 + dimension) + at] = sign * weights[dimension];
    }
  }
  return { model, parameters, stream };
}

describe('one input dimension, where float64 fails from 4 or 5 neurons on', () => {
  for (let k = 1; k <= 8; k++) {
    for (const bias of [false, true]) {
      it(`${k} neurons ${bias ? 'with' : 'without'} bias, width ${k} to ${2 * k}`, () => {
        const expected = k * (bias ? 3 : 2);
        for (const width of new Set([k, Math.ceil(1.5 * k), 2 * k])) {
          const { model, parameters, stream } = split(
            k,
            Array.from({ length: k }, (_, t) => 1 + (t < width - k ? 1 : 0)),
            1,
            bias,
            10 * k + width,
          );
          const inputs = inputsFrom(stream, Math.max(4 * parameters.length, parameters.length + 50), 1, 1.5);
          const result = certifyRank({ model, parameters, inputs });
          expect(result).toMatchObject({ status: 'certified', rank: expected, upperBound: { value: expected } });
        }
      });
    }
  }

  it('where float64 indeed does not know', () => {
    const { model, parameters, stream } = split(8, Array(8).fill(1), 1, true, 5);
    const inputs = inputsFrom(stream, 100, 1, 1.5);
    const measured = float64Rank(model, parameters, inputs);
    expect(measured.rank).toBeLessThan(24);
    expect(certifyRank({ model, parameters, inputs })).toMatchObject({ status: 'certified', rank: 24 });
  });

  it('8 neurons of a null embedding: input weights and output weights 0', () => {
    const teacher = split(4, [1, 1, 1, 1], 1, true, 6);
    const model = twoLayer(8, 1, { hiddenBias: true });
    const parameters = new Float64Array(24);
    for (let t = 0; t < 4; t++)
      for (let block = 0; block < 3; block++) parameters[8 * block + t] = teacher.parameters[4 * block + t];
    expect(certifyRank({ model, parameters, inputs: inputsFrom(teacher.stream, 96, 1, 1.5) })).toMatchObject({
      status: 'certified',
      rank: 12,
    });
  });
});

describe('known cases', () => {
  it('3 distinct neurons of 10: 3 (d + 2)', () => {
    const { model, parameters, stream } = split(3, [4, 3, 3], 2, true, 11);
    expect(certifyRank({ model, parameters, inputs: inputsFrom(stream, 40, 2) })).toMatchObject({
      status: 'certified',
      rank: 12,
      upperBound: { kind: 'structure' },
    });
  });

  it('neurons that are equal up to sign count once for tanh and sin, not for exp', () => {
    const { model, parameters, stream } = split(3, [2, 2, 2], 2, true, 12, true);
    const inputs = inputsFrom(stream, 60, 2);
    expect(certifyRank({ model, parameters, inputs })).toMatchObject({ status: 'certified', rank: 12 });
    expect(
      certifyRank({ model: { ...twoLayer(6, 2, { hiddenBias: true, activation: 'sin' }) }, parameters, inputs }),
    ).toMatchObject({ status: 'certified', rank: 12 });
    expect(
      certifyRank({ model: { ...twoLayer(6, 2, { hiddenBias: true, activation: 'exp' }) }, parameters, inputs }),
    ).toMatchObject({ status: 'certified', rank: 18 });
    expect(
      certifyRank({ model: { ...twoLayer(6, 2, { hiddenBias: true, activation: 'sigmoid' }) }, parameters, inputs }),
    ).toMatchObject({ status: 'certified', rank: 13 });
    expect(
      certifyRank({ model: { ...twoLayer(6, 2, { hiddenBias: true, activation: 'softplus' }) }, parameters, inputs }),
    ).toMatchObject({ status: 'certified', rank: 15 });
  });

  it('weights scaled by 0.1: rank 40, where float64 sees less', () => {
    const model = twoLayer(10, 2, { hiddenBias: true });
    const stream = streamFor(13, 'scaled');
    const parameters = normals(stream, 40, 0.1);
    const inputs = inputsFrom(stream, 40, 2);
    expect(float64Rank(model, parameters, inputs).rank).toBeLessThan(40);
    expect(certifyRank({ model, parameters, inputs })).toMatchObject({
      status: 'certified',
      rank: 40,
      upperBound: { kind: 'shape' },
    });
  });

  it('parameters of 1e-200 and 1e150', () => {
    const model = twoLayer(2, 1);
    const parameters = Float64Array.of(1e-200, 3e150, 0.5, 0.7);
    expect(certifyRank({ model, parameters, inputs: inputsFrom(streamFor(14, 'tiny'), 4, 1) })).toMatchObject({
      status: 'certified',
      rank: 4,
    });
  });

  it('zero parameters, single entries, repeated inputs', () => {
    const model = twoLayer(3, 2, { outputBias: true });
    const inputs: Inputs = { count: 6, dimension: 2, values: Float64Array.of(1, 2, 1, 2, 1, 2, 0, 0, 0, 0, 3, 1) };
    expect(certifyRank({ model, parameters: new Float64Array(10), inputs })).toMatchObject({ status: 'certified', rank: 1 });
    expect(certifyRank({ model: twoLayer(3, 2), parameters: new Float64Array(9), inputs })).toMatchObject({
      status: 'certified',
      rank: 0,
    });
    const random = certifyRank({ model, parameters: normals(streamFor(2, 'repeated'), 10), inputs });
    expect(random).toMatchObject({ status: 'certified', rank: 3, upperBound: { kind: 'shape' } });
  });

  it('refuses NaN with its place', () => {
    const inputs = inputsFrom(streamFor(1, 'nan'), 3, 1);
    expect(() => certifyRank({ model: twoLayer(1, 1), parameters: Float64Array.of(1, NaN), inputs })).toThrow(
      'Parameter 1 is NaN',
    );
    inputs.values[2] = Infinity;
    expect(() => certifyRank({ model: twoLayer(1, 1), parameters: Float64Array.of(1, 1), inputs })).toThrow(
      'input 2 is Infinity',
    );
  });
});

describe('matrix factorization', () => {
  const rationals = new RationalArithmetic();
  const entries = (rows: number, columns: number): Inputs => ({
    count: rows * columns,
    dimension: 2,
    values: Float64Array.from(Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns]).flat()),
  });

  it('d1 d2 − (d1 − rA)(d2 − rB), certified, for factors of any rank', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        fc.nat(1e6),
        (rows, columns, inner, rankA, rankB, seed) => {
          const stream = streamFor(seed, 'factors');
          // Products of small integers: ranks at most rankA and rankB, without rounding.
          const whole = (n: number, m: number) =>
            Array.from({ length: n }, () => Array.from({ length: m }, () => stream.integer(7) - 3));
          const times = (a: number[][], b: number[][], m: number) =>
            a.map((row) => Array.from({ length: m }, (_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
          const A = times(whole(rows, rankA), whole(rankA, inner), inner);
          const B = times(whole(inner, rankB), whole(rankB, columns), columns);
          const rankOf = (a: number[][]) =>
            exactRank(integerMatrix(a.map((row) => row.map((x) => rationals.fromFloat(x)))), 1e8)?.rank ?? NaN;
          const expected = rows * columns - (rows - rankOf(A)) * (columns - rankOf(B));
          const result = certifyRank({
            model: { kind: 'matrixFactorization', rows, columns, inner },
            parameters: Float64Array.from([...A.flat(), ...B.flat()]),
            inputs: entries(rows, columns),
          });
          expect(result).toMatchObject({ status: 'certified', rank: expected });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('over some entries only, by exact elimination', () => {
    // Rank 1: A = (1, 2, 4), B = (3, 5, 7); the entries of one row give 3, another entry of another row one more.
    const parameters = Float64Array.of(1, 2, 4, 3, 5, 7);
    const model: ResolvedModel = { kind: 'matrixFactorization', rows: 3, columns: 3, inner: 1 };
    const inputs: Inputs = { count: 5, dimension: 2, values: Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1, 0, 0) };
    expect(certifyRank({ model, parameters, inputs })).toMatchObject({
      status: 'certified',
      rank: 3,
      upperBound: { kind: 'exact', value: 3 },
    });
  });
});

describe('formulas', () => {
  const inputs = inputsFrom(streamFor(21, 'formula inputs'), 30, 2);
  const rank = (parameters: Record<string, number>, expression: string) =>
    certifyRank({
      model: formula(Object.keys(parameters), ['x1', 'x2'], expression),
      parameters: Float64Array.from(Object.values(parameters)),
      inputs,
    });

  it('polynomials, exactly', () => {
    const expression = 't0 + t1*x1 + t2*t3*x2';
    expect(rank({ t0: 1, t1: 1, t2: 0, t3: 0 }, expression)).toMatchObject({ status: 'certified', rank: 2 });
    expect(rank({ t0: 1, t1: 1, t2: 0.1, t3: 0 }, expression)).toMatchObject({ status: 'certified', rank: 3 });
    expect(rank({ a: 0.1, b: 0.3 }, 'a*b*x1 + a*b*x2')).toMatchObject({ status: 'certified', rank: 1 });
    expect(rank({ a: 0.1, b: 0.3 }, 'x1/a + x1*b')).toMatchObject({ status: 'certified', rank: 1 });
  });

  it('equal, opposite and shared neurons, by symbolic relations', () => {
    const two = 'a*tanh(v*x1 + w*x2) + b*tanh(r*x1 + s*x2)';
    expect(rank({ a: 1, v: 0.3, w: 0.7, b: 2, r: 0.5, s: 0.1 }, two)).toMatchObject({ status: 'certified', rank: 6 });
    expect(rank({ a: 1, v: 0.3, w: 0.7, b: 2, r: 0.3, s: 0.7 }, two)).toMatchObject({
      status: 'certified',
      rank: 3,
      upperBound: { kind: 'structure' },
    });
    expect(rank({ a: 1, v: 0.3, w: 0.7, b: 2, r: -0.3, s: -0.7 }, two)).toMatchObject({ status: 'certified', rank: 3 });
    expect(rank({ a: 1, v: 0.3, w: 0.7, b: 0, r: 0.3, s: 0.7 }, two)).toMatchObject({ status: 'certified', rank: 3 });
  });

  it('says when nothing bounds the rank from above', () => {
    // ∂/∂a and ∂/∂b agree because e^(x+1) = e·e^x, which no relation here knows.
    const result = rank({ a: 1, b: 1 }, 'a*exp(x1 + 1) + b*exp(x1)');
    expect(result).toMatchObject({ status: 'certifiedLowerBound', rank: 1, upperBound: { value: 2 } });
    expect(result.reasons.join(' ')).toMatch(/probably 0/);
    expect(Number(result.remainder)).toBeLessThan(1e-120);
  });

  it('and takes the word of the caller for it, or refutes it', () => {
    const model = formula(['a', 'b'], ['x1', 'x2'], 'a*exp(x1 + 1) + b*exp(x1)');
    const parameters = Float64Array.of(1, 1);
    const upperBound = { value: 1, source: 'e^(x+1) = e·e^x' };
    expect(certifyRank({ model, parameters, inputs, upperBound })).toMatchObject({
      status: 'certified',
      rank: 1,
      upperBound: { kind: 'theory', value: 1 },
    });
    const independent = formula(['a', 'b'], ['x1', 'x2'], 'a*exp(x2) + b*exp(x1)');
    const refuted = certifyRank({ model: independent, parameters, inputs, upperBound });
    expect(refuted).toMatchObject({ status: 'certified', rank: 2, upperBound: { kind: 'shape' } });
    expect(refuted.reasons.join(' ')).toMatch(/refuted/);
  });

  it('is inconclusive where the formula is not defined', () => {
    const result = rank({ a: 1 }, 'a*log(-1 - square(x1))');
    expect(result).toMatchObject({ status: 'inconclusive', rank: 0, certificate: null });
    expect(result.reasons.join(' ')).toMatch(/log/);
  });
});

describe('degenerate points', () => {
  it('bounds are never on the wrong side, and for tanh always meet', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('tanh', 'sigmoid', 'softplus', 'sin', 'exp', 'relu'),
        fc.infiniteStream(fc.constantFrom(0, 0, 1, -1, 0.5, -0.5, 2)),
        fc.nat(1e6),
        (width, dimension, hiddenBias, outputBias, activation, values, seed) => {
          const model = twoLayer(width, dimension, { activation: activation as 'tanh', hiddenBias, outputBias });
          const count = parameterCount(model);
          const parameters = Float64Array.from({ length: count }, () => values.next().value as number);
          const inputs = inputsFrom(streamFor(seed, 'degenerate'), 2 * count + 5, dimension);
          const result = certifyRank({ model, parameters, inputs });
          expect(result.rank).toBeLessThanOrEqual(result.upperBound.value);
          // These points are so well apart that float64 knows the rank wherever it says so.
          const measured = float64Rank(model, parameters, inputs);
          if (measured.conclusive && measured.gap > 1e8) {
            expect(result.rank).toBe(measured.rank);
            expect(result.upperBound.value).toBeGreaterThanOrEqual(measured.rank);
          }
          if (activation === 'tanh') expect(result.status).toBe('certified');
        },
      ),
      { numRuns: 250 },
    );
  });
});
