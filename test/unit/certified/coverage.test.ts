import { describe, expect, it } from 'vitest';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { certifyRank } from '../../../src/engine/certified';
import { createModel } from '../../../src/engine/models/registry';
import { TestNumbers } from '../models/arbitraries';

describe('families without enclosures', () => {
  it('are answered with "not covered", and nothing is proven', () => {
    const models: ResolvedModel[] = [
      { kind: 'matrixFactorization', dimensions: [2, 2, 2, 2] },
      { kind: 'diagonal', inputs: 3, depth: 2 },
      { kind: 'deepNetwork', activation: 'tanh', inputs: 2, widths: [2], outputs: 1, bias: false },
      { kind: 'convolution', activation: 'tanh', inputs: 3, kernel: 2, kernels: 1, sharing: true, hiddenBias: false },
    ];
    for (const model of models) {
      const numbers = new TestNumbers(1);
      const { parameterCount, inputDimension } = createModel(model);
      const answer = certifyRank({
        model,
        parameters: numbers.normals(parameterCount),
        inputs: numbers.inputs(5, inputDimension),
        upperBound: { value: 1, source: 'a claim' },
      });
      expect(answer).toMatchObject({ status: 'inconclusive', rank: 0, certificate: null });
      expect(answer.reasons.join(' ')).toMatch(/not covered/);
    }
  });
});
