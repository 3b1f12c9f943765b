import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearRecovery } from '../../../src/engine/rank/linearRecovery';
import { createModel } from '../../../src/engine/models/registry';
import { minimalRepresentation } from '../../../src/engine/targets/representation';
import { entryInputs } from '../../../src/engine/inputs/entries';
import { randomStream } from '../../../src/engine/random/stream';

/** M2* and the six designed sequences of "Linear stability hypothesis", arXiv 2211.11623, Fig. 4; the third as corrected. */
const M2 = [
  [4, 0.6, 1.8, 0.8],
  [6, 0.9, 2.7, 1.2],
  [8, 1.2, 3.6, 1.6],
  [18, 2.7, 8.1, 3.6],
];
const SEQUENCES: [string, number][] = [
  ['31 43 21 13 24 41 11 12 42 44 32 34 33 22 23 14', 8],
  ['34 21 23 43 41 44 11 33 12 14 13 24 32 22 31 42', 9],
  ['24 33 31 44 43 34 13 14 23 32 11 12 42 22 21 41', 10],
  ['44 23 42 12 14 32 41 31 11 34 13 22 24 21 33 43', 11],
  ['24 34 41 12 22 44 11 31 32 42 21 13 43 33 23 14', 12],
  ['43 44 21 34 33 31 23 11 41 24 14 13 12 22 32 42', 13],
];

describe('n*(X), the smallest size with local linear recovery', () => {
  it.each(SEQUENCES)('is that of the paper for %s', (sequence, expected) => {
    const config = { kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 } as const;
    const { parameters } = minimalRepresentation(config, { kind: 'matrix', values: M2 })!;
    const order = sequence.split(' ').map((each) => (Number(each[0]) - 1) * 4 + Number(each[1]) - 1);
    const found = linearRecovery(createModel(config), parameters, entryInputs(order, 4, 16), 7);
    expect(found).toEqual({ sampleSize: expected, conclusive: true });
  });

  it('is the model rank for random inputs of a network', () => {
    const cases = fc.record({ d: fc.integer({ min: 2, max: 4 }), k: fc.integer({ min: 1, max: 3 }), seed: fc.nat(1000) });
    fc.assert(
      fc.property(cases, ({ d, k, seed }) => {
        const config = {
          kind: 'twoLayer',
          activation: 'tanh',
          inputs: d,
          width: k + 2,
          hiddenBias: false,
          outputBias: false,
        } as const;
        const model = createModel(config);
        const stream = randomStream(seed, 'n*');
        // k neurons, and two that are zero.
        const parameters = new Float64Array(model.parameterCount);
        for (let j = 0; j < k; j++) {
          parameters[j] = 1 + stream.uniform();
          for (let i = 0; i < d; i++) parameters[k + 2 + j * d + i] = 1.5 * stream.normal();
        }
        const count = 4 * k * (d + 1);
        const values = new Float64Array(count * d);
        stream.fillNormal(values, 1.5);
        const { sampleSize, conclusive } = linearRecovery(model, parameters, { count, dimension: d, values }, k * (d + 1));
        if (conclusive) expect(sampleSize).toBe(k * (d + 1));
      }),
      { numRuns: 60 },
    );
  });

  it('is none where too few inputs are given', () => {
    const config = { kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 } as const;
    const { parameters } = minimalRepresentation(config, { kind: 'matrix', values: M2 })!;
    const order = [0, 1, 2, 3, 4, 5, 6, 7];
    expect(linearRecovery(createModel(config), parameters, entryInputs(order, 4, 8), 7).sampleSize).toBeNull();
    expect(linearRecovery(createModel(config), parameters, entryInputs(order, 4, 3), 7).sampleSize).toBeNull();
  });
});
