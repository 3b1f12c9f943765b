import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Attendance, isAttended, removeLock } from '../../../src/engine/slurm/attendance';

const NEVER = new AbortController().signal;
let run: string;
beforeEach(() => {
  run = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-attendance-'));
  fs.writeFileSync(path.join(run, 'lock.json'), '{"token":"a"}');
});
afterEach(() => fs.rmSync(run, { recursive: true, force: true }));

describe('a session on another machine', () => {
  it('is alive while it gives signs of life, or when it ends meanwhile', async () => {
    const session = new Attendance(run);
    const asked = isAttended(run, NEVER, 2000);
    setTimeout(() => session.close(), 300);
    expect(await asked).toBe(true);
  });

  it('is gone when it gives none', async () => {
    fs.mkdirSync(path.join(run, 'slurm'));
    fs.writeFileSync(path.join(run, 'slurm/attended.json'), '{"pid":1,"beats":7}\n');
    expect(await isAttended(run, NEVER, 1000)).toBe(false);
  });

  it('hears that its run was taken over', () => {
    const session = new Attendance(run);
    session.check();
    removeLock(run);
    expect(() => session.check()).toThrow('Another process went on');
    session.close();
  });
});
