import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedDeepNetwork } from '../../../src/experiment/resolved';
import { createTraining } from '../../../src/engine/kernels/createTraining';
import { createModel } from '../../../src/engine/models/registry';
import { tangentRank } from '../../../src/engine/rank/tangentRank';
import { probeInputs } from '../../../src/engine/targets/probes';
import { compatibleEmbedding, nullEmbedding, splittingEmbedding } from '../../../src/engine/targets/representation';
import { TestNumbers } from './arbitraries';
import { jacobianOf, values } from './differences';

const network = (outputs: number, changes: Partial<ResolvedDeepNetwork> = {}): ResolvedDeepNetwork => ({
  kind: 'deepNetwork',
  activation: 'tanh',
  inputs: 3,
  widths: [3, 2],
  outputs,
  bias: true,
  ...changes,
});

describe('networks with several outputs', () => {
  it('are one network for each output, which share all layers but the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 9 }), fc.boolean(), fc.nat(), (D, n, bias, seed) => {
        const numbers = new TestNumbers(seed);
        const model = createModel(network(D, { bias }));
        const inputs = numbers.inputs(n, 3, 1);
        const parameters = numbers.normals(model.parameterCount, 1);
        const all = values(model.bind(inputs), parameters);
        const rows = jacobianOf(model.bind(inputs), parameters);
        const shared = model.parameterCount - D * (2 + (bias ? 1 : 0));
        const single = createModel(network(1, { bias }));
        for (let o = 0; o < D; o++) {
          const own = Float64Array.of(
            ...parameters.subarray(0, shared),
            ...parameters.subarray(shared + 2 * o, shared + 2 * o + 2),
            ...(bias ? [parameters[shared + 2 * D + o]] : []),
          );
          const alone = values(single.bind(inputs), own);
          const slopes = jacobianOf(single.bind(inputs), own);
          for (let i = 0; i < n; i++) {
            expect(all[i * D + o]).toBe(alone[i]);
            for (let j = 0; j < shared; j++)
              expect(rows[(i * D + o) * model.parameterCount + j]).toBe(slopes[i * single.parameterCount + j]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are trained: the loss is the mean over all values and falls', () => {
    const numbers = new TestNumbers(5);
    const model = createModel(network(2));
    const bound = model.bind(numbers.inputs(7, 3, 1));
    const targets = numbers.normals(14, 1);
    const parameters = numbers.normals(model.parameterCount, 0.5);
    const start = values(bound, parameters).reduce((sum, f, i) => sum + (f - targets[i]) ** 2, 0) / 14;
    const training = createTraining(bound, targets, parameters, {
      optimizer: { kind: 'gradientDescent', learningRate: 0.05 },
      stop: { trainLoss: 0, steps: 2000, gradientNorm: 0 },
    });
    training.advance(1);
    expect(training.curve.take().losses[0]).toBeCloseTo(start, 12);
    while (training.stopReason === null) training.advance(500);
    expect(training.loss).toBeLessThan(start / 3);
  });

  it('keep rank and function of a teacher at its embeddings', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3 }), fc.boolean(), fc.integer({ min: 1, max: 1000 }), (D, bias, seed) => {
        const wide = network(D, { bias, widths: [4, 3] });
        const target = { kind: 'teacher' as const, widths: [2, 1], seed };
        const inputs = probeInputs(wide);
        const model = createModel(wide);
        const points = [
          nullEmbedding(wide, target)!,
          splittingEmbedding(wide, target, seed)!,
          compatibleEmbedding(wide, target, seed)!,
        ];
        const [first, ...others] = points.map((point) => values(model.bind(inputs), point));
        for (const other of others) other.forEach((value, i) => expect(Math.abs(value - first[i])).toBeLessThan(1e-12));
        // d m1 + m1 m2 + m2 D, with biases m1 + m2 + D more: the parameters of the teacher.
        const most = 3 * 2 + 2 + D + (bias ? 2 + 1 + D : 0);
        const ranks = points.map((point) => tangentRank(model, point, inputs)).filter(({ conclusive }) => conclusive);
        for (const { rank } of ranks) expect(rank).toBe(most);
      }),
      { numRuns: 40 },
    );
  });
});
