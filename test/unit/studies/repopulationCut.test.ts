import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import { functionTask } from '../../../src/engine/meanField/task';
import { convexityOf, distill, pathOf, trainNet } from '../../../src/engine/studies/repopulation/jobs';
import { expectSameFromEverywhere, Notebook, wholeJob } from './cutting';

/** Slices end by the clock: here each one does, so that a training saves after every step. */
const clock = { now: 0 };

function experimentOf() {
  const { resolved } = parseExperiment(
    JSON.stringify({
      experiment: 'repopulation',
      task: { kind: 'function', expression: 'cos(x)', samples: 100, testSamples: 30 },
      network: { widths: [8, 6] },
      training: { epochs: 8, batch: 20, learningRate: 0.01, decay: 0.9, gradientNoise: 0.1, decays: [0, 0.01, 1] },
      repopulation: { epochs: [2, 5] },
      analysis: { every: 3, segments: 40, neurons: [2, 4], draws: 3 },
    }),
  );
  if (resolved?.experiment !== 'repopulation') throw new Error('this is no experiment');
  return resolved;
}
const experiment = experimentOf();
if (experiment.task.kind !== 'function') throw new Error('a task of its own');
const task = functionTask(experiment.task, experiment.training.seed);

describe('jobs of repopulation experiments that are cut', () => {
  it('are the same at the end: trainings, with and without repopulations', () => {
    const { now } = performance;
    performance.now = () => (clock.now += 20);
    try {
      for (const net of ['repopulated', 'baseline', 'other'] as const)
        expect(expectSameFromEverywhere((checkpoint) => trainNet(experiment, task, net, checkpoint), 40)).toBe(8 * 5);
    } finally {
      performance.now = now;
    }
  });

  const trained = (net: 'repopulated' | 'other') => wholeJob(() => trainNet(experiment, task, net)).output.parameters;
  const [a, b] = [trained('repopulated'), trained('other')];

  it('are the same at the end: convexity, the path between two nets, distillation', () => {
    expect(expectSameFromEverywhere((checkpoint) => convexityOf(experiment, task, a, checkpoint))).toBe(40);
    expect(expectSameFromEverywhere((checkpoint) => pathOf(experiment, task, a, b, checkpoint))).toBe(2 * 21);
    expect(expectSameFromEverywhere((checkpoint) => distill(experiment, task, a, checkpoint))).toBe(2 * 3 * 2);
  });

  it('begin anew, with words, where what was saved is of another one', () => {
    const notebook = new Notebook();
    wholeJob((checkpoint) => convexityOf(experiment, task, a, checkpoint), notebook);
    const other = new Notebook(notebook.states[20]);
    const uncut = wholeJob(() => trainNet(experiment, task, 'baseline'));
    expect(wholeJob((checkpoint) => trainNet(experiment, task, 'baseline', checkpoint), other)).toEqual(uncut);
    expect(other.refused).toEqual(['it is no record']);
  });
});
