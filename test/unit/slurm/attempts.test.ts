import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Attempts } from '../../../src/engine/slurm/attempts';
import { savedMarks } from '../../../src/engine/slurm/savedMarks';
import { writeCheckpoint } from '../../../src/engine/store/checkpoint';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-attempts-'));
  fs.mkdirSync(path.join(folder, 'attempts'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const save = (place: number, state: object) =>
  writeCheckpoint(
    path.join(folder, 'checkpoints', `0-${place}.json`),
    { engine: '1', experiment: 'x', run: 0, place, job: 'y' },
    state,
  );

describe('submissions', () => {
  it('know whether a chunk got on since the last of them, also in another process', () => {
    save(4, { step: 1 });
    new Attempts(folder).begin([0, 2], savedMarks(folder), () => '');
    const gotOn = (chunk: number, places: number[]) => new Attempts(folder).gotOn(chunk, places, savedMarks(folder));
    expect(gotOn(2, [4, 5])).toBe(false);
    save(4, { step: 1 });
    expect(gotOn(2, [4, 5])).toBe(false);
    save(4, { step: 2 });
    expect(gotOn(2, [4, 5])).toBe(true);
    expect(gotOn(0, [0, 1])).toBe(false);
    // Never submitted.
    expect(gotOn(1, [4])).toBe(false);
    new Attempts(folder).begin([2], savedMarks(folder), () => '');
    expect(gotOn(2, [4, 5])).toBe(false);
    save(5, { step: 1 });
    expect(gotOn(2, [4, 5])).toBe(true);
  });
});
