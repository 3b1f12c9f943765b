import { describe, expect, it } from 'vitest';
import { createModel } from '../../../src/engine/models/registry';
import { initialParameters } from '../../../src/engine/training/initialization';

describe('initial parameters', () => {
  it('are none of them −0, with a scale of 0 either', () => {
    const model = createModel({ kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 });
    for (const kind of ['normal', 'uniform'] as const) {
      const parameters = initialParameters({ kind, scale: 0 }, model, 3, { sampleSize: 5, trial: 1 });
      expect([...parameters]).toEqual(new Array(32).fill(0));
    }
  });
});
