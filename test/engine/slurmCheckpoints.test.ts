import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dropoutExperiment } from '../fixtures/dropoutExperiment';
import { fakeJobs, fakeRestarts, setShortStarts } from '../fixtures/slurm/fakePrograms';
import { runEngine, startEngine, until } from './engine';
import { fakeCluster } from './fakeCluster';

const EXPERIMENT = dropoutExperiment({ width: 5, samples: 9, steps: 400_000, trials: 2 });
const PATIENCE_MS = 120_000;
const EVERY = ['--checkpoint', '0.05'];

const cluster = fakeCluster();

const runFolder = () => path.join(cluster.folder.path, 'out');
const engine = (args: string[]) => startEngine([...args, ...EVERY], { env: { ...process.env, ...cluster.slurm } });
const onCluster = () =>
  engine([
    'run',
    cluster.folder.file('x.recovery.json', EXPERIMENT),
    '--out',
    runFolder(),
    '--executor',
    'slurm',
    '--chunk-jobs',
    '1',
    '--poll',
    '1',
  ]);

/** Steps of the trainings that are saved in a folder, by place; files may go while they are read. */
function savedSteps(of: string): Map<number, number> {
  const steps = new Map<number, number>();
  const checkpoints = path.join(of, 'checkpoints');
  for (const name of fs.existsSync(checkpoints) ? fs.readdirSync(checkpoints) : []) {
    const place = /^\d+-(\d+)\.json$/.exec(name);
    let text = '';
    try {
      text = place ? fs.readFileSync(path.join(checkpoints, name), 'utf8') : '';
    } catch {
      // It has just gone.
    }
    const step = /"training":\{"step":(\d+)/.exec(text);
    if (place && step) steps.set(Number(place[1]), Number(step[1]));
  }
  return steps;
}

function planFolder(): string {
  const plans = fs.readdirSync(path.join(runFolder(), 'slurm')).filter((name) => /^[0-9a-f]{16}$/.test(name));
  expect(plans).toHaveLength(1);
  return path.join(runFolder(), 'slurm', plans[0]);
}

/** Stops a run on the cluster when a training has come some way; returns the steps that are saved. */
async function stopped(): Promise<Map<number, number>> {
  const { child, ended } = onCluster();
  const isSaved = () => {
    try {
      return [...savedSteps(planFolder()).values()].some((step) => step > 5000);
    } catch {
      return false;
    }
  };
  expect(await until(isSaved, PATIENCE_MS)).toBe(true);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(await until(() => fakeJobs(cluster.slurm.SLURM_CONF).every(({ end }) => end !== 'queued'), 20_000)).toBe(true);
  const steps = savedSteps(planFolder());
  expect(steps.size).toBeGreaterThan(0);
  return steps;
}

/** Goes on with the run, watching that no training is ever behind where it was. */
async function goesOn(args: string[], watched: () => string, before: Map<number, number>): Promise<string> {
  const old = savedSteps(watched());
  const { child, ended } = engine(['resume', runFolder(), ...args]);
  const least = new Map<number, number>();
  while (child.exitCode === null) {
    for (const [place, step] of savedSteps(watched()))
      if (step !== old.get(place)) least.set(place, Math.min(step, least.get(place) ?? Infinity));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  for (const [place, step] of before) expect(least.get(place) ?? Infinity).toBeGreaterThanOrEqual(step);
  expect(least.size).toBeGreaterThan(0);
  return stderr;
}

async function expectSameAsHere(): Promise<void> {
  const local = path.join(cluster.folder.path, 'local');
  expect((await runEngine('run', cluster.folder.file('x.recovery.json', EXPERIMENT), '--out', local)).code).toBe(0);
  const read = (run: string) => fs.readFileSync(path.join(run, 'summary.json'), 'utf8');
  expect(read(runFolder())).toBe(read(local));
}

describe('what tasks of Slurm saved of a long training', () => {
  it('is gone on from here, without the cluster', { timeout: 2 * PATIENCE_MS }, async () => {
    const before = await stopped();
    const said = await goesOn(['--executor', 'local'], runFolder, before);
    expect(said).toMatch(/Taken over from tasks of the cluster: \d finished jobs?, and \d saved on their way/);
    expect(said).not.toContain('begins anew');
    expect(fs.existsSync(path.join(runFolder(), 'checkpoints'))).toBe(false);
    await expectSameAsHere();
  });

  it('is gone on from there after a session here', { timeout: 2 * PATIENCE_MS }, async () => {
    const before = await stopped();
    const { child, ended } = engine(['resume', runFolder(), '--executor', 'local']);
    const further = () => [...before].some(([place, step]) => (savedSteps(runFolder()).get(place) ?? 0) > step);
    expect(await until(further, PATIENCE_MS)).toBe(true);
    child.kill('SIGKILL');
    await ended;
    const here = savedSteps(runFolder());
    for (const [place, step] of before) expect(here.get(place)).toBeGreaterThanOrEqual(step);
    await goesOn(['--poll', '1'], planFolder, here);
    await expectSameAsHere();
  });

  it('lets a task whose time is short be queued again as often as it gets on', { timeout: 2 * PATIENCE_MS }, async () => {
    setShortStarts(cluster.slurm.SLURM_CONF, 8);
    expect((await onCluster().ended).code).toBe(0);
    const [array] = fakeJobs(cluster.slurm.SLURM_CONF);
    expect([0, 1].map((task) => fakeRestarts(cluster.slurm.SLURM_CONF, array.id, task))).toEqual([8, 8]);
    expect(fs.readdirSync(path.join(planFolder(), 'attempts')).filter((name) => name.endsWith('.id'))).toHaveLength(1);
    await expectSameAsHere();
  });
});
