import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import type { ExperimentKindName, ExperimentOf } from '../../../src/experiment/kinds';
import { followSmallStarts, testSeparation } from '../../../src/engine/studies/geometry/jobs';
import { GeometrySetting } from '../../../src/engine/studies/geometry/setting';
import { takeLocalRecovery } from '../../../src/engine/studies/localRecovery/measure';
import { prepare } from '../../../src/engine/studies/preparation';
import { Workbench } from '../../../src/engine/studies/workbench';
import { exampleText } from './runFile';
import { expectSameFromEverywhere } from './cutting';

function resolved<K extends ExperimentKindName>(kind: K, file: object | string): ExperimentOf<K> {
  const { problems, resolved: found } = parseExperiment(typeof file === 'string' ? file : JSON.stringify(file));
  if (found?.experiment !== kind) throw new Error(JSON.stringify(problems));
  return found as unknown as ExperimentOf<K>;
}

// Slices end by the clock: here each one does at once, so that there is a state after every pause.
beforeEach(() => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 20));
});
afterEach(() => vi.restoreAllMocks());

describe('measurements that are cut are the same at the end', () => {
  it('local recovery: draws, and fits from near a point', { timeout: 60_000 }, () => {
    const experiment = resolved('rank', {
      experiment: 'rank',
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 1, width: 3 },
      target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [0.7] }] },
      data: { inputs: { kind: 'normal' }, sampleSizes: [2, 3] },
      analysis: { localRecovery: { draws: 6, perturbation: { epsilons: [1e-2, 1e-3], trials: 3 } } },
      points: [{ kind: 'given', name: 'mine', parameters: [0.5, 0.5, 1, 0.7, 0.7, 0.2] }],
    });
    const bench = () => {
      const made = new Workbench(experiment);
      made.share(prepare(experiment).preparation);
      return made;
    };
    const states = [0, 1].map((place) =>
      expectSameFromEverywhere((checkpoint) => takeLocalRecovery(bench(), experiment, place, checkpoint), 25),
    );
    // Draws, and fits with some states on their way.
    for (const count of states) expect(count).toBeGreaterThan(6 + 2 * 2 * 3);
  });

  it('the separation of branches and of given points', { timeout: 60_000 }, () => {
    const setting = () => new GeometrySetting(resolved('geometry', exampleText('geometry-separation')));
    const { types } = setting().geometry;
    expect(types.length).toBeGreaterThan(1);
    const count = expectSameFromEverywhere((checkpoint) => testSeparation(setting(), 1, 3, checkpoint), 15);
    expect(count).toBeGreaterThan(10);
  });

  it('flows from small starts', { timeout: 60_000 }, () => {
    const experiment = resolved('geometry', exampleText('geometry-imbalance'));
    const { sampleSizes, scales } = { sampleSizes: experiment.data.sampleSizes, scales: experiment.imbalance!.scales };
    const ratios = experiment.imbalance!.ratios;
    const few = {
      ...experiment,
      imbalance: { ...experiment.imbalance!, ...(ratios ? { ratios: { ...ratios, count: 3 } } : {}) },
    };
    const job = { kind: 'imbalance', sampleSize: sampleSizes[0], dataSet: 0, scale: scales[0] } as const;
    expect(expectSameFromEverywhere((checkpoint) => followSmallStarts(new GeometrySetting(few), job, checkpoint))).toBe(3);
  });
});
