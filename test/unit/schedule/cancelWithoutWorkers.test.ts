import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ResolvedModel, ResolvedRecoveryExperiment } from '../../../src/experiment/resolved';
import * as hessianByProducts from '../../../src/engine/curvature/hessianByProducts';
import { CancelledError } from '../../../src/engine/errors';
import * as polish from '../../../src/engine/flow/polish';
import { InProcessExecutor } from '../../../src/engine/schedule/inProcess';
import { formulaExperiment } from '../experiments';

/** One training by gradient flow, whose first step is its last. */
function flowExperiment(model: ResolvedModel): ResolvedRecoveryExperiment {
  const base = formulaExperiment({ sampleSizes: [60] });
  return {
    ...base,
    model,
    training: {
      ...base.training,
      optimizer: { kind: 'gradientFlow', polish: true },
      initialization: { kind: 'normal', scale: 0.5 },
      stop: { trainLoss: 0, steps: 1, gradientNorm: 0 },
    },
    analysis: { ...base.analysis, rank: false },
  };
}

/** Cancels as soon as `begun` says so; what then becomes of the run. */
async function cancelled(
  experiment: ResolvedRecoveryExperiment,
  begun: () => boolean,
): Promise<{ error: unknown; seconds: number }> {
  const stop = new AbortController();
  const executor = new InProcessExecutor({ experiment, signal: stop.signal });
  executor.share({ modelRank: null, entryOrder: null });
  let ended = false;
  const run = executor
    .run<unknown, unknown>({ each: { kind: 'cell' }, count: 1 }, { output: () => undefined })
    .catch((error: unknown) => error)
    .finally(() => (ended = true));
  while (!begun() && !ended) await pause(1);
  const before = performance.now();
  stop.abort();
  const error = await run;
  return { error, seconds: (performance.now() - before) / 1000 };
}

afterEach(() => vi.restoreAllMocks());

describe('cancelling with no workers', () => {
  it('comes through while a flow is polished', async () => {
    const original = polish.polishInSteps;
    let iterations = 0;
    vi.spyOn(polish, 'polishInSteps').mockImplementation(function* (...args) {
      // Never at an end: without pauses between iterations the test would hang.
      for (;;) {
        const polishing = original(...args);
        for (let next = polishing.next(); !next.done; next = polishing.next()) {
          iterations++;
          yield next.value;
        }
      }
    });
    const model: ResolvedModel = {
      kind: 'twoLayer',
      activation: 'tanh',
      inputs: 2,
      width: 6,
      hiddenBias: true,
      outputBias: false,
    };
    const { error } = await cancelled(flowExperiment(model), () => iterations > 0);
    expect(error).toBeInstanceOf(CancelledError);
  });

  it('comes through while a dense Hessian is taken for its spectrum', async () => {
    const original = hessianByProducts.hessianByProducts;
    let columns = 0;
    vi.spyOn(hessianByProducts, 'hessianByProducts').mockImplementation(function* (...args) {
      for (;;) {
        const work = original(...args);
        for (let next = work.next(); !next.done; next = work.next()) {
          columns++;
          yield;
        }
      }
    });
    const model: ResolvedModel = { kind: 'deepNetwork', activation: 'tanh', inputs: 2, widths: [3, 3], outputs: 1, bias: true };
    const experiment = flowExperiment(model);
    experiment.training.optimizer = { kind: 'gradientDescent', learningRate: 0.1 };
    experiment.analysis.hessian = 'full';
    const { error } = await cancelled(experiment, () => columns > 0);
    expect(error).toBeInstanceOf(CancelledError);
  });
});
