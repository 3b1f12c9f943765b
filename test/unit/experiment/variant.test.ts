import { describe, expect, it } from 'vitest';
import { withDefaults } from '../../../src/experiment/defaults';
import { ExpectedNumberSchema } from '../../../src/experiment/schema/expectation';

describe('variants of a union without discriminator', () => {
  it('are chosen by the properties that are written', () => {
    for (const value of [7, { value: 1, within: 0.5 }, { above: 2 }, { below: 2 }, { above: 1, below: 2 }])
      expect(withDefaults(ExpectedNumberSchema, value)).toEqual(value);
  });
});
