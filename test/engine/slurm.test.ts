import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineCommand } from '../../src/protocol/events';
import { encodeLine } from '../../src/protocol/lines';
import { faultExperiment } from '../faults/engineRun';
import { fakeJobs } from '../fixtures/slurm/fakePrograms';
import { readEvents, runEngine, startEngine, until } from './engine';
import { fakeCluster } from './fakeCluster';

const EXPERIMENT = faultExperiment({
  training: { ...(faultExperiment()['training'] as object), trials: 20, stop: { trainLoss: 1e-28, steps: 60_000 } },
});
const PATIENCE_MS = 90_000;

const cluster = fakeCluster();

/** An engine as the editor has it, and the command that the editor gives it. */
function host() {
  const { child, ended } = startEngine(['serve'], { env: { ...process.env, ...cluster.slurm, RECOVERY_NATIVE: 'off' } });
  let said = '';
  child.stdout!.on('data', (chunk: string) => (said += chunk));
  const send = (command: EngineCommand) => child.stdin!.write(encodeLine(command));
  const hears = (word: string) => until(() => said.includes(word), PATIENCE_MS);
  return { child, ended, send, hears, said: () => said };
}

const options = { executor: 'slurm', slurm: { chunkJobs: 40, pollSeconds: 1, setup: ['export SEEN=1'] } } as const;
const outFolder = () => path.join(cluster.folder.path, 'out');
const start = (): EngineCommand => ({
  type: 'start',
  text: JSON.stringify(EXPERIMENT),
  fileName: path.join(cluster.folder.path, 'x.recovery.json'),
  outFolder: outFolder(),
  ...options,
});

async function expectSameAsHere(): Promise<void> {
  const local = path.join(cluster.folder.path, 'local');
  await runEngine('run', cluster.folder.file('x.recovery.json', EXPERIMENT), '--out', local, '--workers', '1');
  const read = (run: string) => fs.readFileSync(path.join(run, 'summary.json'), 'utf8');
  expect(read(outFolder())).toBe(read(local));
}

describe('a host whose runs are tasks of Slurm', () => {
  it('hears of trainings, stops them, and goes on', { timeout: 2 * PATIENCE_MS }, async () => {
    const { child, ended, send, hears, said } = host();
    send(start());
    expect(await hears('"type":"cell"')).toBe(true);
    send({ type: 'cancel' });
    expect(await hears('"cancelled"')).toBe(true);
    const [array, merge] = fakeJobs(cluster.slurm.SLURM_CONF);
    expect(array.args).toContain('--array=0-7');
    expect(merge.args).toContain(`--dependency=afterany:${array.id}`);
    expect([array.end, merge.end]).toEqual(['cancelled', 'cancelled']);
    expect(said()).not.toContain('"finished"');

    send({ type: 'resume', runFolder: outFolder(), slurm: { setup: [] } });
    expect(await hears('"slurm-setup"')).toBe(true);
    send({ type: 'resume', runFolder: outFolder(), slurm: options.slurm });
    expect(await hears('"finished"')).toBe(true);
    child.stdin!.end();
    expect((await ended).code).toBe(0);
    expect(new Set(readEvents(said()).flatMap((event) => (event.type === 'cell' ? [event.cell.sampleSize] : []))).size).toBe(16);
    expect(fakeJobs(cluster.slurm.SLURM_CONF)).toHaveLength(4);
    await expectSameAsHere();
  });

  it('may go: a job that depends on the tasks ends the run', { timeout: 2 * PATIENCE_MS }, async () => {
    const { child, ended, send, hears } = host();
    send(start());
    expect(await hears('"type":"cell"')).toBe(true);
    child.stdin!.end();
    await ended;
    expect(fakeJobs(cluster.slurm.SLURM_CONF).map(({ end }) => end)).not.toContain('cancelled');
    expect(fs.readFileSync(path.join(outFolder(), 'events.jsonl'), 'utf8')).not.toContain('"failed"');
    expect(await until(() => fs.existsSync(path.join(outFolder(), 'summary.json')), PATIENCE_MS)).toBe(true);
    await expectSameAsHere();
  });

  it('is told what cannot be', { timeout: PATIENCE_MS }, async () => {
    const { child, ended, send, hears } = host();
    send({ ...start(), slurm: { partition: '--wrap=id' } } as EngineCommand);
    expect(await hears('"slurm-settings"')).toBe(true);
    send({ ...start(), outFolder: null } as EngineCommand);
    expect(await hears('"slurm-folder"')).toBe(true);
    child.stdin!.end();
    await ended;
    expect(fakeJobs(cluster.slurm.SLURM_CONF)).toEqual([]);
  });
});
