import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import { placeOf, type Executor, type JobHandlers, type JobList } from '../../../src/engine/schedule/executor';
import { liveFile } from '../../../src/engine/slurm/chunkFile';
import { workOnChunk } from '../../../src/engine/slurm/chunkWork';
import { listHash, writePlan } from '../../../src/engine/slurm/plan';
import { SLURM_FOLDER } from '../../../src/engine/slurm/settings';
import { TakeOverExecutor } from '../../../src/engine/slurm/takeOver';
import { checkedLine } from '../../../src/engine/store/checkedLine';
import { EIGHT_CELLS } from '../../fixtures/eightCells';
import { ENGINE_VERSION } from '../../../src/engine/version';

const JOBS = { each: { kind: 'cell' }, count: 8 };
const SHARED = { modelRank: null, entryOrder: null };

let folder: string;
let planFolder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-take-over-'));
  const list = listHash(JOBS, SHARED);
  planFolder = path.join(folder, SLURM_FOLDER, list.slice(0, 16));
  const rest = { hash: 'abc', engine: ENGINE_VERSION, list, jobs: 8, size: 3, curves: true, spectra: false };
  writePlan(planFolder, { ...rest, experiment: parseExperiment(EIGHT_CELLS).resolved!, shared: SHARED, wholeList: JOBS });
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const task = (chunk: number) =>
  workOnChunk({
    ...{ planFolder, chunk, task: '7_0', restart: 0, workers: 0, workerFile: '', checkpointMs: Infinity },
    ...{ say: () => undefined, signal: new AbortController().signal },
  });

/** Does no jobs, and tells which it was given. */
class NothingDone implements Executor {
  readonly workers = 0;
  readonly given: number[] = [];
  share(): void {}
  run(jobs: JobList<unknown>): Promise<void> {
    const count = 'of' in jobs ? jobs.places.length : 8;
    for (let index = 0; index < count; index++) this.given.push(placeOf(jobs, index));
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function goOn(
  jobs: JobList<unknown> = JOBS,
  hash = 'abc',
): Promise<{ told: number[]; curves: number; left: number[]; said: string[] }> {
  const local = new NothingDone();
  const said: string[] = [];
  const signal = new AbortController().signal;
  const executor = new TakeOverExecutor({ local, hash, runFolder: folder, signal, say: (text) => said.push(text) });
  executor.share(SHARED);
  const told: number[] = [];
  let curves = 0;
  const handlers: JobHandlers<unknown> = { output: (_, index) => told.push(index), curve: () => curves++ };
  await executor.run(jobs, handlers);
  return { told, curves, left: local.given, said };
}

describe('a run of tasks that goes on here', () => {
  it('takes jobs that they finished, in whole chunks or not', async () => {
    await task(0);
    await task(2);
    const done = fs.readFileSync(path.join(planFolder, 'done', '2.jsonl'), 'utf8').split('\n');
    fs.rmSync(path.join(planFolder, 'done', '2.jsonl'));
    // One job of two, and a line that was not written whole.
    fs.writeFileSync(liveFile(planFolder, 2, '7_2', 0), `${done[0]}\n${done[2]}\n${done[1].slice(0, 40)}`);
    expect(await goOn()).toEqual({
      told: [0, 1, 2, 7],
      curves: 4,
      left: [3, 4, 5, 6],
      said: ['Taken over from tasks of the cluster: 4 finished jobs, and 0 saved on their way.'],
    });
    const places = Int32Array.of(1, 5, 7);
    expect(await goOn({ of: JOBS, places })).toMatchObject({ told: [1, 7], left: [5] });
  });

  it('does all of it where the plan is of something else, damaged or elsewhere', async () => {
    const all = { told: [], left: [0, 1, 2, 3, 4, 5, 6, 7] };
    await task(0);
    expect(await goOn(JOBS, 'other')).toMatchObject({ ...all, said: [] });
    const file = path.join(planFolder, 'plan.jsonl');
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    const words = [`What tasks of the cluster did is done again: the plan in ${planFolder} is damaged.`];
    for (const head of ['{"plan":1,"jobs":8,"size":0}', '{"plan":{"toString":1}}', '{"plan":(}', '{}']) {
      fs.writeFileSync(file, `${checkedLine(head).toString()}${lines.slice(1).join('\n')}`);
      expect(await goOn()).toMatchObject({ ...all, said: words });
    }
    fs.writeFileSync(file, lines[0]);
    expect(await goOn()).toMatchObject({ ...all, said: words });
    fs.writeFileSync(file, lines.join('\n'));
    expect(await goOn()).toMatchObject({ told: [0, 1, 2] });

    fs.renameSync(planFolder, path.join(folder, 'elsewhere'));
    fs.symlinkSync(path.join(folder, 'elsewhere'), planFolder);
    expect(await goOn()).toMatchObject({ ...all, said: [] });
  });

  it.skipIf(process.platform === 'win32')('waits for no pipe', async () => {
    fs.rmSync(path.join(planFolder, 'plan.jsonl'));
    execFileSync('mkfifo', [path.join(planFolder, 'plan.jsonl')]);
    expect(await goOn()).toMatchObject({ told: [], left: [0, 1, 2, 3, 4, 5, 6, 7] });
  });

  it('says which file of a task is of something else', async () => {
    await task(0);
    const file = liveFile(planFolder, 1, '7_1', 0);
    fs.writeFileSync(file, checkedLine('{"journal":1,"hash":"other","engine":"0"}'));
    const { told, left, said } = await goOn();
    expect([told, left]).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6, 7],
    ]);
    expect(said[0]).toBe(`What a task wrote to ${file} cannot be used, and is done again.`);
  });
});
