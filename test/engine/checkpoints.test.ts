import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCheckedLine } from '../../src/engine/store/checkedLine';
import { decodeExact } from '../../src/engine/store/exactJson';
import { quickExperiment, runEngine, startEngine, temporaryFolder, until } from './engine';
import { eventsOf, measured, read, timeless } from './runContents';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** A few trainings, each of which takes longer than many checkpoints. */
function fewLongTrainings(changes: Record<string, unknown>, training: Record<string, unknown>): Record<string, unknown> {
  const quick = quickExperiment();
  return {
    ...quick,
    data: { ...(quick['data'] as object), sampleSizes: [6] },
    analysis: { rank: true, hessian: 'full' },
    ...changes,
    training: { ...(quick['training'] as object), trials: 2, ...training },
    expect: {},
  };
}

const TWO_LAYER = {
  model: { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 5 },
  target: { kind: 'teacher', neurons: [{ outputWeight: 1, inputWeights: [0.6, 0.8] }] },
  data: { sampleSizes: [9], inputs: { kind: 'normal' } },
};
const NEVER = { trainLoss: 0 };

const EXPERIMENTS: Record<string, Record<string, unknown>> = {
  'gradient descent': fewLongTrainings(
    {},
    { optimizer: { kind: 'gradientDescent', learningRate: 1e-4 }, stop: { ...NEVER, steps: 40_000_000 } },
  ),
  'Adam with a falling rate': fewLongTrainings(TWO_LAYER, {
    optimizer: { kind: 'adam', learningRate: { initial: 0.001, factor: 0.9, every: 10_000 } },
    initialization: { kind: 'normal', scale: 0.5 },
    stop: { ...NEVER, steps: 900_000 },
  }),
  'spectra on the way': fewLongTrainings(
    { ...TWO_LAYER, analysis: { rank: true, hessian: 'full', hessianEvery: { perDecade: 6 } } },
    { initialization: { kind: 'normal', scale: 0.5 }, stop: { ...NEVER, steps: 900_000 } },
  ),
  'a gradient flow': fewLongTrainings(TWO_LAYER, {
    optimizer: { kind: 'gradientFlow', relativeTolerance: 1e-13, absoluteTolerance: 1e-16 },
    initialization: { kind: 'normal', scale: 0.5 },
    stop: { ...NEVER, steps: 40_000 },
  }),
  dropout: fewLongTrainings(TWO_LAYER, {
    dropout: 0.3,
    initialization: { kind: 'normal', scale: 0.5 },
    stop: { ...NEVER, steps: 200_000 },
  }),
};

interface Saved {
  run: number;
  place: number;
  /** With spectra at its end a cell is saved in parts. */
  state: Partial<SavedTraining> & { current?: Partial<SavedTraining> };
}

interface SavedTraining {
  training: { step: number } | { flow: { integrator: { statistics: { steps: number } } } };
  path?: { steps: Float64Array };
}

/** Undefined of a training that has ended, whose measurements are on their way. */
const trainingOf = ({ state }: Saved): SavedTraining | undefined => {
  const { training, path } = state.current ?? state;
  return training && { training, ...(path ? { path } : {}) };
};

const stepsOf = (saved: Saved): number => {
  const { training } = trainingOf(saved) ?? {};
  if (!training) return Infinity;
  return 'flow' in training ? training.flow.integrator.statistics.steps : training.step;
};

/** What is saved of a run; the files may go while they are read. */
function savedOf(run: string): Saved[] {
  const checkpoints = path.join(run, 'checkpoints');
  const names = fs.existsSync(checkpoints) ? fs.readdirSync(checkpoints).filter((name) => name.endsWith('.json')) : [];
  return names.map((name) => {
    const line = readCheckedLine(fs.readFileSync(path.join(checkpoints, name)).subarray(0, -1));
    expect(line).toBeDefined();
    return decodeExact(line!) as Saved;
  });
}

const EVERY = ['--checkpoint', '0.05'];

/** Starts a session, waits until it has saved anew, and then some more, and kills it. */
async function killOnTheWay(args: string[], run: string, wait: number): Promise<boolean> {
  const checkpoints = path.join(run, 'checkpoints');
  const newest = () =>
    Math.max(
      0,
      ...(fs.existsSync(checkpoints) ? fs.readdirSync(checkpoints) : [])
        .filter((name) => name.endsWith('.json'))
        .map((name) => fs.statSync(path.join(checkpoints, name), { throwIfNoEntry: false })?.mtimeMs ?? 0),
    );
  const before = newest();
  const { child, ended } = startEngine([...args, ...EVERY]);
  expect(await until(() => child.exitCode !== null || newest() > before, 60_000)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, wait));
  child.kill('SIGKILL');
  const { signal, stderr } = await ended;
  expect(stderr).toBe('');
  return signal === 'SIGKILL';
}

describe('a run of long trainings that is killed again and again', () => {
  for (const [index, [name, experiment]] of Object.entries(EXPERIMENTS).entries())
    for (const workers of index === 0 ? ['0', '2'] : [index % 2 === 0 ? '0' : '2'])
      it(`ends with the same bytes: ${name}, ${workers} workers`, { timeout: 240_000 }, async () => {
        const file = folder.file('long.recovery.json', experiment);
        const whole = path.join(folder.path, 'whole');
        const run = path.join(folder.path, 'killed');
        const calm = await runEngine('run', file, '--out', whole, '--workers', workers, '--checkpoint', '0');
        expect([0, 1]).toContain(calm.code);
        let reached = new Map<string, number>();
        let kills = 0;
        for (let session = 0; session < 5; session++) {
          const args = session === 0 ? ['run', file, '--out', run] : ['resume', run];
          if (!(await killOnTheWay([...args, '--workers', workers], run, Math.random() * 300))) break;
          kills++;
          // Killed after its last byte: there is nothing to go on with.
          if (fs.existsSync(path.join(run, 'summary.json'))) break;
          const saved = savedOf(run);
          const now = new Map(saved.map((each) => [`${each.run}-${each.place}`, stepsOf(each)]));
          // No session falls behind what an earlier one saved.
          for (const [job, step] of now) expect(step).toBeGreaterThanOrEqual(reached.get(job) ?? 0);
          // Of the first trial, which is the first job, parameters are followed.
          for (const each of saved) {
            const training = trainingOf(each);
            if (training) expect((training.path?.steps.length ?? 0) > 0).toBe(each.place === 0);
          }
          reached = now;
        }
        expect(kills).toBeGreaterThan(0);
        if (fs.existsSync(path.join(run, 'summary.json'))) return;
        const went = savedOf(run).length;
        const { code, stdout, stderr } = await runEngine('resume', run, '--workers', workers, ...EVERY);
        expect({ code, stderr }).toEqual({ code: calm.code, stderr: '' });
        if (went > 0) {
          expect(stdout).toMatch(went === 1 ? /one other goes on from a checkpoint/ : /\d others go on from checkpoints/);
          expect(eventsOf(run).find((event) => event.type === 'accepted')?.resumed?.checkpoints).toBe(went);
        }
        expect(read(run, 'summary.json')).toBe(read(whole, 'summary.json'));
        expect(timeless(run)).toBe(timeless(whole));
        expect(timeless(run)).toContain('"id":"parameterTrajectories"');
        expect(measured(run)).toEqual(measured(whole));
        // Sessions of less than half a second write no journal.
        const files = (of: string) => fs.readdirSync(of).filter((name) => name !== 'journal.jsonl');
        expect(files(run).sort()).toEqual(files(whole).sort());
      });
});
