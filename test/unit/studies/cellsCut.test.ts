import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import type { ResolvedRecoveryExperiment } from '../../../src/experiment/resolved';
import { prepare } from '../../../src/engine/studies/preparation';
import type { CellOptions } from '../../../src/engine/studies/cellTraining';
import { trainCell } from '../../../src/engine/studies/trainCell';
import { Workbench } from '../../../src/engine/studies/workbench';
import { expectSameFromEverywhere, Notebook, wholeJob } from './cutting';

function resolved(training: object, analysis: object): ResolvedRecoveryExperiment {
  const { problems, resolved: found } = parseExperiment(
    JSON.stringify({
      experiment: 'recovery',
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 3, width: 30 },
      target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [0.6, 0.8, 0.1] }] },
      data: { sampleSizes: [12], inputs: { kind: 'normal' } },
      training: { initialization: { kind: 'normal', scale: 0.3 }, trials: 1, ...training },
      analysis: { rank: false, ...analysis },
    }),
  );
  if (found?.experiment !== 'recovery') throw new Error(JSON.stringify(problems));
  return found;
}

// Slices end by the clock: here each one does at once, so that there are many states.
beforeEach(() => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 20));
});
afterEach(() => vi.restoreAllMocks());

function work(experiment: ResolvedRecoveryExperiment) {
  return (checkpoint?: CellOptions['checkpoint']) => {
    const bench = new Workbench(experiment);
    bench.share(prepare(experiment).preparation);
    return trainCell(bench, experiment, { sampleSize: 12, trial: 0 }, { followed: true, traced: true, checkpoint });
  };
}

const DESCENT = { optimizer: { kind: 'gradientDescent', learningRate: 0.05 }, stop: { steps: 60, trainLoss: 0 } };
const FLOW = {
  optimizer: { kind: 'gradientFlow', polish: true },
  stop: { steps: 40, trainLoss: 1e-9 },
};
const CASES: Record<string, [object, object]> = {
  'gradient descent, then both ends of its spectrum': [DESCENT, { hessian: { kind: 'extremal', count: 3 } }],
  'gradient descent, then a density': [DESCENT, { hessian: { kind: 'density', probes: 3, steps: 10, count: 2 } }],
  'gradient descent with spectra of a large model on the way': [
    DESCENT,
    { hessian: { kind: 'extremal', count: 2 }, hessianEvery: 20 },
  ],
  'a gradient flow that is polished, with spectra on the way': [
    FLOW,
    { hessian: { kind: 'extremal', count: 2 }, hessianEvery: 15 },
  ],
  'a training that diverges': [
    { optimizer: { kind: 'gradientDescent', learningRate: 1e6 }, stop: { steps: 60, trainLoss: 0 } },
    { hessian: { kind: 'extremal', count: 2 } },
  ],
};

describe('a cell that is cut', () => {
  for (const [name, [training, analysis]] of Object.entries(CASES))
    it(`is the same at the end: ${name}`, { timeout: 120_000 }, () => {
      const experiment = resolved(training, analysis);
      if (name.includes('diverges')) {
        const notebook = new Notebook();
        const uncut = wholeJob(work(experiment));
        expect(uncut.output.parameters).toBeNull();
        expect(wholeJob(work(experiment), notebook)).toEqual(uncut);
        for (const state of notebook.states) expect(wholeJob(work(experiment), new Notebook(state))).toEqual(uncut);
        return;
      }
      expect(expectSameFromEverywhere(work(experiment), 30)).toBeGreaterThan(60);
    });
});
