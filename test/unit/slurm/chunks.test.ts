import fc from 'fast-check';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseExperiment } from '../../../src/experiment';
import { ChunkEntries, doneFile, liveFile, publish, readDone } from '../../../src/engine/slurm/chunkFile';
import { chunkCount, chunkOf, cutByCost, placesOf } from '../../../src/engine/slurm/chunks';
import { workOnChunk } from '../../../src/engine/slurm/chunkWork';
import { LiveTail } from '../../../src/engine/slurm/liveTail';
import { spread } from '../../../src/engine/slurm/pilot';
import { listHash, readPlan, writePlan, type PlanHead } from '../../../src/engine/slurm/plan';
import { savedMarks } from '../../../src/engine/slurm/savedMarks';
import { checkSetup, readSettings, saveSettings, slurmSettings, SLURM_FOLDER } from '../../../src/engine/slurm/settings';
import { mayGoOn } from '../../../src/engine/slurm/stalls';
import { readCheckedLine } from '../../../src/engine/store/checkedLine';
import { decodeExact } from '../../../src/engine/store/exactJson';
import { Journal, JOURNAL_VERSION, type JournalEntry } from '../../../src/engine/store/journal';
import { ENGINE_VERSION } from '../../../src/engine/version';
import { dropoutExperiment } from '../../fixtures/dropoutExperiment';
import { EIGHT_CELLS } from '../../fixtures/eightCells';

const TASK = { restart: 0, workers: 0, workerFile: '', checkpointMs: Infinity, say: () => undefined };

let folder: string;
let planFolder: string;
let plan: PlanHead;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-chunks-'));
  planFolder = path.join(folder, SLURM_FOLDER, 'plan');
  const parsed = parseExperiment(EIGHT_CELLS);
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
  workOnChunk({ ...TASK, planFolder, chunk, task: name, signal });

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
    expect(await task(2, '7_2', stop.signal)).toBe('stalled');
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

  it('leaves no file behind, open or not, where publishing fails', async () => {
    await task(0);
    const torn = {
      entry: () => {
        throw new Error('the disk is full');
      },
    } as unknown as ChunkEntries;
    const opened = vi.spyOn(fs, 'openSync');
    try {
      expect(() => publish(planFolder, plan, 1, torn)).toThrow('the disk is full');
      const [{ value: descriptor }] = opened.mock.results;
      expect(() => fs.fstatSync(descriptor as number)).toThrow('EBADF');
    } finally {
      opened.mockRestore();
    }
    expect(fs.readdirSync(path.join(planFolder, 'done'))).toEqual(['0.jsonl']);
  });
});

describe('long trainings of a task', () => {
  const long = dropoutExperiment({ width: 4, samples: 6, steps: 60_000, trials: 2 });
  const checkpoints = () => path.join(planFolder, 'checkpoints');
  const stepOf = (name: string) => {
    const bytes = fs.readFileSync(path.join(checkpoints(), name));
    const line = readCheckedLine(bytes.subarray(0, -1));
    return (decodeExact(line!) as { state: { training: { step: number } } }).state.training.step;
  };

  beforeEach(() => {
    planFolder = path.join(folder, SLURM_FOLDER, 'long');
    const parsed = parseExperiment(JSON.stringify(long));
    expect(parsed.problems).toEqual([]);
    const wholeList = { each: { kind: 'cell' }, count: 2 };
    const shared = { modelRank: null, entryOrder: null };
    plan = writePlan(planFolder, {
      ...{ experiment: parsed.resolved!, hash: 'abc', engine: ENGINE_VERSION, jobs: 2, size: 2, wholeList, shared },
      ...{ list: listHash(wholeList, shared), curves: true, spectra: false },
    });
  });

  /** Interrupts a task again and again, soon after it has saved; returns the steps that it was saved at, by job. */
  async function interrupted(scratchOf: () => string | undefined, said: string[] = []): Promise<Map<string, number[]>> {
    const steps = new Map<string, number[]>();
    for (let session = 0; session < 40; session++) {
      const stop = new AbortController();
      const scratch = scratchOf();
      const watched = path.join(scratch ?? planFolder, 'checkpoints');
      let before = stamps(watched);
      // The later ones get further, so that there is an end.
      let left = 1 + session ** 2 / 20;
      const timer = setInterval(() => {
        const now = stamps(watched);
        if (now !== before && --left <= 0) stop.abort();
        before = now;
      }, 7);
      const end = await workOnChunk({
        ...{ ...TASK, planFolder, chunk: 0, task: '7_0', restart: session, signal: stop.signal },
        ...{ scratch, checkpointMs: 20, say: (text: string) => said.push(text) },
      });
      clearInterval(timer);
      if (end === 'published') return steps;
      expect(end).toBe('interrupted');
      for (const name of fs.readdirSync(checkpoints())) steps.set(name, [...(steps.get(name) ?? []), stepOf(name)]);
    }
    throw new Error('it comes to no end');
  }
  const stamps = (of: string) =>
    (fs.existsSync(of) ? fs.readdirSync(of) : []).map((name) => `${name} ${fs.statSync(path.join(of, name)).mtimeMs}`).join();

  for (const place of ['the run folder', 'the node'])
    it(`go on from what was saved, to the same bytes: in ${place}`, { timeout: 60_000 }, async () => {
      expect(await task(0)).toBe('published');
      const whole = fs.readFileSync(doneFile(planFolder, 0));
      fs.rmSync(doneFile(planFolder, 0));
      expect(fs.existsSync(checkpoints())).toBe(false);
      const steps = await interrupted(() => (place === 'the node' ? fs.mkdtempSync(path.join(folder, 'node-')) : undefined));
      expect(steps.size).toBeGreaterThan(0);
      for (const each of steps.values())
        for (let i = 1; i < each.length; i++) expect(each[i]).toBeGreaterThanOrEqual(each[i - 1]);
      expect(Math.max(...[...steps.values()].map(({ length }) => length))).toBeGreaterThan(1);
      expect(fs.readFileSync(doneFile(planFolder, 0)).equals(whole)).toBe(true);
      expect(fs.readdirSync(checkpoints())).toEqual([]);
    });

  it('on a node that is lost go on from what had been copied from there', { timeout: 60_000 }, async () => {
    expect(await task(0)).toBe('published');
    const whole = fs.readFileSync(doneFile(planFolder, 0));
    fs.rmSync(doneFile(planFolder, 0));
    const stop = new AbortController();
    const survives = path.join(folder, 'survives');
    const timer = setInterval(() => {
      if (stop.signal.aborted || savedMarks(planFolder).size === 0) return;
      // What the task does after that, nobody sees.
      fs.cpSync(planFolder, survives, { recursive: true });
      stop.abort();
    }, 3);
    const work = { ...TASK, chunk: 0, task: '7_0', checkpointMs: 5 };
    const scratch = () => fs.mkdtempSync(path.join(folder, 'node-'));
    expect(await workOnChunk({ ...work, planFolder, scratch: scratch(), signal: stop.signal })).toBe('interrupted');
    clearInterval(timer);
    fs.rmSync(planFolder, { recursive: true });
    fs.renameSync(survives, planFolder);
    const copied = new Map(fs.readdirSync(checkpoints()).map((name) => [name, stepOf(name)]));
    expect(Math.min(...copied.values())).toBeGreaterThan(0);

    const again = new AbortController();
    const other = scratch();
    const watch = setInterval(() => fs.existsSync(path.join(other, 'checkpoints')) && again.abort(), 3);
    const restarted = { ...work, planFolder, restart: 1 };
    expect(await workOnChunk({ ...restarted, scratch: other, signal: again.signal })).toBe('interrupted');
    clearInterval(watch);
    for (const [name, step] of copied)
      if (fs.existsSync(path.join(checkpoints(), name))) expect(stepOf(name)).toBeGreaterThanOrEqual(step);
    expect(await workOnChunk({ ...restarted, restart: 2, scratch: scratch(), signal: new AbortController().signal })).toBe(
      'published',
    );
    expect(fs.readFileSync(doneFile(planFolder, 0)).equals(whole)).toBe(true);
  });

  it('have stalled where nothing more was saved', { timeout: 60_000 }, async () => {
    const work = { ...TASK, planFolder, chunk: 0, task: '7_0' };
    const stop = new AbortController();
    const timer = setInterval(() => fs.existsSync(checkpoints()) && stop.abort(), 5);
    expect(await workOnChunk({ ...work, checkpointMs: 20, signal: stop.signal })).toBe('interrupted');
    clearInterval(timer);
    // Its time is up before the next state is due.
    const marks = savedMarks(planFolder);
    expect(marks.size).toBeGreaterThan(0);
    const early = new AbortController();
    setTimeout(() => early.abort(), 20);
    expect(await workOnChunk({ ...work, checkpointMs: 60_000, signal: early.signal })).toBe('stalled');
    expect(savedMarks(planFolder)).toEqual(marks);
  });

  it('begin anew, with words in the log of the task, where what was saved is damaged', { timeout: 60_000 }, async () => {
    const stop = new AbortController();
    const timer = setInterval(() => fs.existsSync(checkpoints()) && stop.abort(), 5);
    const work = { ...TASK, planFolder, chunk: 0, task: '7_0', checkpointMs: 20 };
    expect(await workOnChunk({ ...work, signal: stop.signal })).toBe('interrupted');
    clearInterval(timer);
    const name = fs.readdirSync(checkpoints()).find((each) => each.endsWith('.json'))!;
    fs.appendFileSync(path.join(checkpoints(), name), 'x');
    const said: string[] = [];
    const end = await workOnChunk({ ...work, signal: new AbortController().signal, say: (text) => said.push(text) });
    expect(end).toBe('published');
    expect(said).toEqual([`The checkpoint ${path.join(checkpoints(), name)} is damaged. Its job begins anew.`]);
  });
});

describe('a task that is out of time', () => {
  const goesOn = (stalled: boolean, restart = 0, name = '7_0') => mayGoOn({ planFolder, task: name, restart, stalled });

  it('is queued again five times without having got on, one after the other', () => {
    expect(Array.from({ length: 7 }, (_, restart) => goesOn(true, restart))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(goesOn(true, 9, '7_1')).toBe(true);
  });

  it('is queued again as often as it gets on, but for a task that would go on for years', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (stalls) => {
        fs.rmSync(path.join(planFolder, 'stalled'), { recursive: true, force: true });
        let row = 0;
        stalls.forEach((stalled, restart) => {
          row = stalled ? row + 1 : 0;
          expect(goesOn(stalled, restart)).toBe(row <= 5);
        });
      }),
      { numRuns: 30 },
    );
    expect(goesOn(false, 1000)).toBe(false);
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
