import fc from 'fast-check';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import { ChunkEntries, doneFile, liveFile, publish, readDone } from '../../../src/engine/slurm/chunkFile';
import { chunkCount, chunkOf, cutByCost, placesOf } from '../../../src/engine/slurm/chunks';
import { workOnChunk } from '../../../src/engine/slurm/chunkWork';
import { LiveTail } from '../../../src/engine/slurm/liveTail';
import { spread } from '../../../src/engine/slurm/pilot';
import { listHash, readPlan, writePlan, type PlanHead } from '../../../src/engine/slurm/plan';
import { checkSetup, readSettings, saveSettings, slurmSettings, SLURM_FOLDER } from '../../../src/engine/slurm/settings';
import { Journal, JOURNAL_VERSION, type JournalEntry } from '../../../src/engine/store/journal';
import { ENGINE_VERSION } from '../../../src/engine/version';

const TEXT = JSON.stringify({
  experiment: 'recovery',
  model: { kind: 'matrixFactorization', rows: 3, columns: 3 },
  target: { kind: 'lowRank', rank: 1 },
  data: { sampleSizes: [4, 5], inputs: { kind: 'entries', order: 'random' } },
  training: { optimizer: { kind: 'gradientDescent', learningRate: 0.05 }, stop: { steps: 40 }, trials: 4, seed: 1 },
  analysis: { rank: false, hessian: 'none' },
});

let folder: string;
let planFolder: string;
let plan: PlanHead;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-chunks-'));
  planFolder = path.join(folder, SLURM_FOLDER, 'plan');
  const parsed = parseExperiment(TEXT);
  expect(parsed.problems).toEqual([]);
  const wholeList = { each: { kind: 'cell' }, count: 8 };
  const shared = { modelRank: null, entryOrder: null };
  plan = writePlan(planFolder, {
    experiment: parsed.resolved!,
    hash: 'abc',
    engine: ENGINE_VERSION,
    list: listHash(wholeList, shared),
    jobs: 8,
    size: 3,
    curves: true,
    spectra: false,
    shared,
    wholeList,
  });
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const task = (chunk: number, name = '7_0', signal = new AbortController().signal) =>
  workOnChunk({ planFolder, chunk, task: name, restart: 0, workers: 0, workerFile: '', signal });

function entries(chunk: number, ...files: string[]): ChunkEntries {
  const found = new ChunkEntries(plan, chunk);
  for (const file of files) found.add(file);
  return found;
}

describe('chunks', () => {
  it('hold every job once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 }), (jobs, size) => {
        const chunks = { jobs, size };
        const places = Array.from({ length: chunkCount(chunks) }, (_, chunk) => placesOf(chunks, chunk));
        expect(places.flat()).toEqual(Array.from({ length: jobs }, (_, job) => job));
        places.forEach((each, chunk) => each.forEach((job) => expect(chunkOf(chunks, job)).toBe(chunk)));
      }),
      { numRuns: 50 },
    );
  });

  it('are cut by cost, and are no more than there may be', () => {
    const cost = { jobs: 1_000_000, secondsPerJob: 0.5, cores: 1, minutes: 10, mostChunks: 2500 };
    expect(cutByCost(cost).size).toBe(1200);
    expect(cutByCost({ ...cost, cores: 8 }).size).toBe(9600);
    expect(cutByCost({ ...cost, secondsPerJob: 60 }).size).toBe(400);
    expect(cutByCost({ ...cost, jobs: 10, secondsPerJob: undefined }).size).toBe(1);
    expect(cutByCost({ ...cost, jobs: 10 }).size).toBe(10);
  });

  it('are measured by jobs from all over', () => {
    const order = spread(Array.from({ length: 1000 }, (_, place) => place));
    expect(order.slice(0, 4)).toEqual([0, 500, 250, 750]);
    expect(new Set(order).size).toBe(1000);
    expect(spread([5])).toEqual([5]);
  });
});

describe('plan', () => {
  it('reads back as it was written, and is refused when damaged', () => {
    expect(readPlan(planFolder)).toMatchObject({ ...plan, wholeList: { count: 8 } });
    const file = path.join(planFolder, 'plan.jsonl');
    const bytes = fs.readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    fs.writeFileSync(file, bytes);
    expect(() => readPlan(planFolder)).toThrow('damaged');
  });
});

describe('task', () => {
  it('publishes the same bytes whatever an earlier copy left, torn lines too', async () => {
    expect(await task(0)).toBe('published');
    const whole = fs.readFileSync(doneFile(planFolder, 0));
    expect(fs.readdirSync(path.join(planFolder, 'live'))).toEqual([]);
    for (const cut of [10, Math.floor(whole.length / 2), whole.length - 5]) {
      fs.rmSync(doneFile(planFolder, 0));
      fs.writeFileSync(liveFile(planFolder, 0, '6_1', 0), whole.subarray(0, cut));
      expect(readDone(planFolder, plan, 0)).toBeUndefined();
      expect(await task(0)).toBe('published');
      expect(fs.readFileSync(doneFile(planFolder, 0)).equals(whole)).toBe(true);
    }
  });

  it('does nothing where the chunk is published', async () => {
    await task(1);
    const { mtimeMs, ino } = fs.statSync(doneFile(planFolder, 1));
    expect(await task(1, '8_0')).toBe('published');
    expect(fs.statSync(doneFile(planFolder, 1))).toMatchObject({ mtimeMs, ino });
  });

  it('stops when it is asked to, and publishes nothing', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await task(2, '7_2', stop.signal)).toBe('interrupted');
    expect(readDone(planFolder, plan, 2)).toBeUndefined();
  });

  it('takes no results of another experiment or list', async () => {
    await task(0);
    expect(() => entries(0).add(doneFile(planFolder, 0))).not.toThrow();
    const other = new ChunkEntries({ ...plan, list: 'other' }, 0);
    other.add(doneFile(planFolder, 0));
    expect(other.whole).toBe(false);
    expect(() => new ChunkEntries({ ...plan, hash: 'other' }, 0).add(doneFile(planFolder, 0))).toThrow('another experiment');
  });

  it('publishes a chunk out of several files', async () => {
    await task(2);
    const done = readDone(planFolder, plan, 2)!;
    const parts = placesOf(plan, 2).map((job) => {
      const file = liveFile(planFolder, 2, `${job}_0`, 0);
      write(file, [done.entry(job)]);
      return file;
    });
    done.close();
    const bytes = fs.readFileSync(doneFile(planFolder, 2));
    fs.rmSync(doneFile(planFolder, 2));
    const merged = entries(2, ...parts.reverse());
    expect(merged.whole).toBe(true);
    publish(planFolder, plan, 2, merged);
    merged.close();
    expect(fs.readFileSync(doneFile(planFolder, 2)).equals(bytes)).toBe(true);
  });
});

function write(file: string, added: JournalEntry[]): void {
  const journal = new Journal(
    file,
    { journal: JOURNAL_VERSION, hash: plan.hash, engine: plan.engine },
    { holdMs: 0, onError: () => undefined },
  );
  for (const each of added) journal.add(each);
  journal.close();
}

describe('live file', () => {
  it('is told line by line while it grows, in any pieces', async () => {
    await task(0);
    const bytes = fs.readFileSync(doneFile(planFolder, 0));
    const file = path.join(folder, 'growing.jsonl');
    const tail = new LiveTail(file, plan);
    expect(tail.read()).toEqual([]);
    const jobs: number[] = [];
    for (let at = 0; at < bytes.length; at += 97) {
      fs.appendFileSync(file, bytes.subarray(at, at + 97));
      jobs.push(...tail.read().map(({ job }) => job));
    }
    expect(jobs).toEqual([0, 1, 2]);
    const foreign = new LiveTail(file, { ...plan, hash: 'other' });
    expect(foreign.read()).toEqual([]);
  });
});

describe('saved settings', () => {
  it('bring no commands with them', () => {
    const settings = slurmSettings({ partition: 'main' }, { setup: ['module load node'], node: '/opt/node' });
    saveSettings(path.join(folder, SLURM_FOLDER), settings);
    const text = fs.readFileSync(path.join(folder, SLURM_FOLDER, 'settings.json'), 'utf8');
    expect(text).not.toContain('module');
    expect(text).not.toContain('/opt/node');
    const saved = readSettings(folder)!;
    expect(saved.choice).toMatchObject({ partition: 'main', minutes: 30 });
    expect(() => checkSetup(saved.setup, [])).toThrow('--setup');
    expect(() => checkSetup(saved.setup, ['module load node'])).not.toThrow();
  });
});
