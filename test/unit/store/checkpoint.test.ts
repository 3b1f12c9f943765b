import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkedLine } from '../../../src/engine/store/checkedLine';
import {
  CheckpointError,
  listCheckpoints,
  readCheckpoint,
  removeCheckpoints,
  writeCheckpoint,
  type CheckpointHead,
} from '../../../src/engine/store/checkpoint';
import { RunFolder } from '../../../src/engine/store/runFolder';
import { readSavedRun } from '../../../src/engine/store/savedRun';
import { ThreadCheckpoints } from '../../../src/engine/schedule/checkpoints';
import { ENGINE_VERSION } from '../../../src/engine/version';
import { matrixExperiment } from '../experiments';

const HEAD: CheckpointHead = { engine: '1.2.3', experiment: 'ab', run: 1, place: 7, job: 'cd' };
const STATE = { step: 3, values: Float64Array.of(NaN, -0, 1 / 3), spectra: [] };

let root: string;
let file: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-checkpoint-'));
  file = path.join(root, 'checkpoints', '1-7.json');
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const why = (): string => {
  try {
    readCheckpoint(file, HEAD);
  } catch (error) {
    if (error instanceof CheckpointError) return error.message;
    throw error;
  }
  return '';
};

describe('a checkpoint file', () => {
  it('says what was saved, bit for bit, and is replaced by the next one', () => {
    expect(readCheckpoint(file, HEAD)).toBeUndefined();
    writeCheckpoint(file, HEAD, STATE);
    expect(readCheckpoint(file, HEAD)).toEqual(STATE);
    writeCheckpoint(file, HEAD, { step: 4 });
    expect(readCheckpoint(file, HEAD)).toEqual({ step: 4 });
    expect(fs.readdirSync(path.dirname(file))).toEqual(['1-7.json']);
  });

  it('is refused with words where it was cut or changed anywhere', () => {
    writeCheckpoint(file, HEAD, STATE);
    const bytes = fs.readFileSync(file);
    for (let length = 0; length < bytes.length; length += 5) {
      fs.writeFileSync(file, bytes.subarray(0, length));
      expect(why()).toBe('is damaged');
    }
    for (let at = 0; at < bytes.length; at += 5) {
      const flipped = Buffer.from(bytes);
      flipped[at] ^= 1 << (at % 8);
      fs.writeFileSync(file, flipped);
      expect(why()).toBe('is damaged');
    }
  });

  it('is refused with words where it is of another version, engine, experiment or job', () => {
    const write = (changes: object) => {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, checkedLine(JSON.stringify({ checkpoint: 1, ...HEAD, state: {}, ...changes })));
    };
    write({});
    expect(why()).toBe('');
    write({ checkpoint: 0 });
    expect(why()).toBe('has version 0, but this engine reads version 1');
    write({ checkpoint: 2 });
    expect(why()).toBe('has version 2, but this engine reads version 1');
    write({ checkpoint: undefined });
    expect(why()).toBe('has version none, but this engine reads version 1');
    write({ engine: '0.9.0' });
    expect(why()).toBe('was written by engine 0.9.0, but this is 1.2.3, whose numbers may be others');
    for (const change of [{ experiment: 'xy' }, { run: 2 }, { place: 8 }, { job: 'ef' }]) {
      write(change);
      expect(why()).toBe('is of another job');
    }
    for (const json of ['{"$":"undefined"}', '{"$":"nothing"}', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`]) {
      fs.writeFileSync(file, checkedLine(json));
      expect(why()).not.toBe('');
    }
  });

  it('is no link, no pipe, and not too large', () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(path.join(root, 'elsewhere'), 'secret');
    fs.symlinkSync(path.join(root, 'elsewhere'), file);
    expect(why()).toBe('is no plain file');
    fs.rmSync(file);
    fs.mkdirSync(file);
    expect(why()).toBe('is no plain file');
    fs.rmdirSync(file);
    fs.writeFileSync(file, '');
    fs.truncateSync(file, 65 * 1024 * 1024);
    expect(why()).toMatch(/^has 68157440 bytes, more than any that is written/);
    expect(() => writeCheckpoint(file, HEAD, { much: new Float64Array(7_000_000) })).toThrow(
      /MB, more than 64, and is not written/,
    );
  });

  it('is told from other files', () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    for (const name of ['1-7.json', '1-8.json.partial', 'mine.txt', '1-7.json.bak', '-1-2.json'])
      fs.writeFileSync(path.join(path.dirname(file), name), '');
    expect(listCheckpoints(root).map(({ name, partial }) => [name, partial])).toEqual([
      ['1-7.json', false],
      ['1-8.json.partial', true],
    ]);
    removeCheckpoints(root);
    expect(fs.readdirSync(path.dirname(file)).sort()).toEqual(['-1-2.json', '1-7.json.bak', 'mine.txt']);
  });
});

describe('the checkpoints of a thread', () => {
  const job = { kind: 'cell' };
  function threads(everyMs = 0, early: number[] = [7]): { of: ThreadCheckpoints; said: string[]; saved: number[] } {
    const said: string[] = [];
    const saved: number[] = [];
    const listener = { saved: (place: number) => saved.push(place), say: (text: string) => said.push(text) };
    const of = new ThreadCheckpoints({ runFolder: root, experiment: 'ab', run: 1, everyMs, early }, listener, () => ({ x: 1 }));
    return { of, said, saved };
  }

  it('are told when they are written, and read by the next session', () => {
    const { of, saved } = threads();
    const checkpoint = of.of(job, 7);
    expect(checkpoint.due()).toBe(true);
    checkpoint.write(STATE);
    expect(saved).toEqual([7]);
    expect(threads(0, []).of.of(job, 7).read()).toBeUndefined();
    expect(threads().of.of(job, 7).read()).toEqual(STATE);
    expect(threads(1e9).of.of(job, 7).due()).toBe(false);
    expect(threads(Infinity).of.of(job, 7).due()).toBe(false);
  });

  it('are ignored with words where they are of no use', () => {
    threads().of.of(job, 7).write(STATE);
    const other = threads();
    expect(other.of.of({ kind: 'another' }, 7).read()).toBeUndefined();
    expect(other.said).toEqual([`The checkpoint ${file} is of another job. Its job begins anew.`]);
    const mine = threads();
    const checkpoint = mine.of.of(job, 7);
    expect(checkpoint.read()).toEqual(STATE);
    checkpoint.refuse('its step is 3');
    expect(checkpoint.read()).toBeUndefined();
    expect(mine.said).toEqual([`The checkpoint ${file} is of no use: its step is 3. Its job begins anew.`]);
  });

  it('say once that they cannot be written, and the training goes on', () => {
    fs.writeFileSync(path.join(root, 'checkpoints'), 'a file');
    const { of, said, saved } = threads();
    const checkpoint = of.of(job, 7);
    checkpoint.write(STATE);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/cannot be written \(.*\)\. What is on its way now begins anew if the run is stopped\.$/);
    expect(checkpoint.due()).toBe(false);
    expect(of.of(job, 8).due()).toBe(false);
    expect(saved).toEqual([]);
  });
});

describe('a run folder', () => {
  const experiment = matrixExperiment({});
  const origin = { text: '{}', fileName: '/nowhere/a.recovery.json', startedAt: 1, report: true };
  const until = async (condition: () => boolean) => {
    for (let tries = 0; tries < 400 && !condition(); tries++) await new Promise((done) => setTimeout(done, 20));
    expect(condition()).toBe(true);
  };
  const head = (place: number): CheckpointHead => ({ engine: ENGINE_VERSION, experiment: 'ab', run: 1, place, job: 'cd' });
  const save = (run: string, place: number) => {
    writeCheckpoint(path.join(run, 'checkpoints', `1-${place}.json`), head(place), STATE);
  };
  const names = (run: string) =>
    fs.existsSync(path.join(run, 'checkpoints')) ? fs.readdirSync(path.join(run, 'checkpoints')) : [];

  it('loses a checkpoint once the result is on the disk, and all at the end', async () => {
    const run = path.join(root, 'run');
    const first = RunFolder.open(run, experiment, 'ab', origin);
    for (const place of [7, 8]) {
      save(run, place);
      first.checkpoints.written(1, place);
    }
    first.keepJob({ run: 1, job: 7, list: 'cafe', steps: 1, output: 1 });
    expect(names(run)).toEqual(['1-7.json', '1-8.json']);
    await until(() => names(run).length === 1);
    expect(names(run)).toEqual(['1-8.json']);
    expect(fs.readFileSync(path.join(run, 'journal.jsonl'), 'utf8')).toContain('"job":7');
    first.close();

    // Killed between keeping the result and removing the file; and in the middle of writing another one.
    save(run, 7);
    fs.writeFileSync(path.join(run, 'checkpoints', '1-9.json.partial'), 'torn');
    const second = RunFolder.resume(readSavedRun(run));
    expect(names(run)).toEqual(['1-8.json']);
    expect(second.checkpoints.count).toBe(1);
    expect(second.checkpoints.earlier(1)).toContain(8);
    second.complete([{ name: 'summary.json', text: '{}\n' }], { type: 'phase', phase: 'writing' });
    second.close();
    expect(fs.existsSync(path.join(run, 'checkpoints'))).toBe(false);
  });

  it('keeps the checkpoints of a run that was stopped, and loses them when another run begins there', () => {
    const run = path.join(root, 'run');
    RunFolder.open(run, experiment, 'ab', origin).close();
    save(run, 7);
    const again = RunFolder.resume(readSavedRun(run));
    again.close();
    expect(names(run)).toEqual(['1-7.json']);
    RunFolder.open(run, experiment, 'ab', origin).close();
    expect(names(run)).toEqual([]);
  });
});
