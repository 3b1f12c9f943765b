import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { probeInputs } from '../../../src/engine/targets/probes';
import { pointRank } from '../../../src/engine/theory/twoLayer/pointRank';
import { TestNumbers, activation } from '../models/arbitraries';
import { degeneratePoint } from './degeneratePoint';

describe('exact rank at any point of a two-layer network', () => {
  it('is the numerical rank at degenerate points, wherever that is conclusive', () => {
    let conclusive = 0;
    let total = 0;
    fc.assert(
      fc.property(
        activation,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(),
        (name, inputs, width, hiddenBias, outputBias, seed) => {
          const config: ResolvedTwoLayer = { kind: 'twoLayer', activation: name, inputs, width, hiddenBias, outputBias };
          const parameters = degeneratePoint(config, new TestNumbers(seed));
          const measured = tangentRank(createModel(config), parameters, reluProbes(config));
          total += 1;
          if (!measured.conclusive) return;
          conclusive += 1;
          expect(measured.rank).toBe(pointRank(config, parameters));
        },
      ),
      { numRuns: 1500 },
    );
    expect(conclusive / total).toBeGreaterThan(0.8);
  });
});

/** Relu sees a neuron only where it fires: many more probes, farther out. */
function reluProbes(config: ResolvedTwoLayer) {
  const inputs = probeInputs(config);
  if (config.activation !== 'relu') return inputs;
  return new TestNumbers(5).inputs(600, config.inputs, 2);
}
