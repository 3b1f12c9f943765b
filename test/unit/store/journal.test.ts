import fc from 'fast-check';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, JOURNAL_VERSION, type JournalEntry } from '../../../src/engine/store/journal';
import { SavedJournal } from '../../../src/engine/store/readJournal';

const owner = { hash: 'abc', engine: '1.0.0' };
const head = { journal: JOURNAL_VERSION, ...owner };
let folder: string;
let file: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-journal-'));
  file = path.join(folder, 'journal.jsonl');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const entry = (job: number, run = 0): JournalEntry => ({
  run,
  job,
  list: 'cafe',
  steps: 10 * job,
  curve: { steps: [0, 1], losses: [1, NaN] },
  output: { job, weights: Float64Array.of(job, -0), missing: undefined },
});

function write(entries: JournalEntry[], kept?: number): void {
  const journal = new Journal(file, head, { ...(kept === undefined ? {} : { kept }), holdMs: 0, onError: () => undefined });
  for (const each of entries) journal.add(each);
  journal.close();
}

/** All entries that can be read, and where the next would be appended. */
function read(): { entries: JournalEntry[]; length: number; damaged: number } | undefined {
  const journal = SavedJournal.read(file, owner);
  if (!journal) return undefined;
  const entries = [...journal.lists.values()].flatMap((jobs) => jobs.jobs.map((_, i) => journal.entry(jobs, i)));
  journal.close();
  return { entries, length: journal.length, damaged: journal.damaged };
}

describe('the journal', () => {
  it('gives back every entry as it was', () => {
    const entries = [entry(3), entry(0), entry(1, 1)];
    write(entries);
    expect(read()).toEqual({ entries, length: fs.statSync(file).size, damaged: 0 });
  });

  it('is cut at a torn line, wherever it is torn, and goes on there', () => {
    write([entry(0), entry(1), entry(2)]);
    const whole = fs.readFileSync(file);
    const second = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let length = second; length < whole.length; length++) {
      fs.writeFileSync(file, whole.subarray(0, length));
      const found = read()!;
      expect(found.entries).toEqual([entry(0), entry(1)]);
      expect(found.length).toBe(second);
    }
    write([entry(2)], read()!.length);
    expect(fs.readFileSync(file).equals(whole)).toBe(true);
  });

  it('gives every whole line and nothing else, whatever becomes of its bytes', () => {
    const entries = [entry(0), entry(1), entry(2), entry(3)];
    write(entries);
    const whole = fs.readFileSync(file);
    const headLength = whole.indexOf(0x0a) + 1;
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(whole.length), (at, flip, cut) => {
        const changed = Buffer.from(whole.subarray(0, Math.max(cut, 1)));
        if (at < changed.length) changed[at] ^= flip;
        fs.writeFileSync(file, changed);
        const found = read();
        // Without its first line it is no journal; else what is whole is found, and what is found was written.
        if (at < headLength && at < changed.length) return found === undefined;
        if (!found) return changed.length < headLength;
        for (const each of found.entries) expect(entries).toContainEqual(each);
        const lines = changed.toString('latin1').split('\n').slice(0, -1);
        const written = new Set(whole.toString('latin1').split('\n'));
        const intact = lines.filter((line) => line !== '' && written.has(line)).length - 1;
        return found.entries.length === intact;
      }),
      { numRuns: 1000 },
    );
  });

  it('is nowhere when the run ends before it is worth it, and everywhere when it does not end', () => {
    const short = new Journal(file, head, { onError: () => undefined });
    short.add(entry(0));
    short.write();
    short.finish();
    expect(fs.existsSync(file)).toBe(false);
    const stopped = new Journal(file, head, { onError: () => undefined });
    stopped.add(entry(0));
    stopped.close();
    expect(read()?.entries).toEqual([entry(0)]);
  });

  it('of another experiment, engine or version is refused with words', () => {
    write([entry(0)]);
    expect(() => SavedJournal.read(file, { ...owner, hash: 'def' })).toThrow(/is of another experiment/);
    expect(() => SavedJournal.read(file, { ...owner, engine: '2.0.0' })).toThrow(
      /was written by engine 1.0.0, but this is 2.0.0/,
    );
    const newer = new Journal(file, { ...head, journal: 99 }, { holdMs: 0, onError: () => undefined });
    newer.add(entry(0));
    newer.close();
    expect(() => SavedJournal.read(file, owner)).toThrow(/has version 99, but this engine reads version 1/);
  });
});
