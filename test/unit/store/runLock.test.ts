import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunInUse, LOCK_FILE, RunLock } from '../../../src/engine/store/runLock';

let folder: string;
let file: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-lock-'));
  file = path.join(folder, LOCK_FILE);
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const change = (changes: object) =>
  fs.writeFileSync(file, JSON.stringify({ ...(JSON.parse(fs.readFileSync(file, 'utf8')) as object), ...changes }));

describe('the lock of a run folder', () => {
  it('is given to one at a time, and leaves nothing behind', () => {
    const lock = RunLock.take(folder);
    expect(isRunInUse(folder)).toBe(true);
    expect(() => RunLock.take(folder)).toThrow(
      new RegExp(`Process ${process.pid} on ${os.hostname()}, since .* is writing to the run folder .* delete .*lock\\.json`),
    );
    lock.release();
    expect(isRunInUse(folder)).toBe(false);
    RunLock.take(folder).release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('of a process that is gone is taken over', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    RunLock.take(folder);
    change({ pid: child.pid, processStart: null });
    RunLock.take(folder).release();
  });

  it('of a process whose number another one has now is taken over, where the system tells starts', (context) => {
    if (!fs.existsSync('/proc/self/stat')) return context.skip('this system does not tell when a process started');
    RunLock.take(folder);
    change({ processStart: '1' });
    RunLock.take(folder).release();
  });

  it('of before a restart of the machine is taken over, where the system tells it', (context) => {
    if (!fs.existsSync('/proc/sys/kernel/random/boot_id')) return context.skip('this system does not tell its restarts');
    RunLock.take(folder);
    change({ boot: 'another' });
    RunLock.take(folder).release();
  });

  it('of another machine, or one that cannot be read, is left alone', () => {
    RunLock.take(folder);
    change({ host: 'elsewhere', pid: 999_999_999, boot: 'another' });
    expect(() => RunLock.take(folder)).toThrow(/on elsewhere, .*If you are sure that it is gone, delete/);
    fs.writeFileSync(file, '{"pid":');
    expect(() => RunLock.take(folder)).toThrow(/Another process is writing/);
  });

  it('is not released by one that no longer has it', () => {
    const lock = RunLock.take(folder);
    change({ token: 'of another' });
    lock.release();
    expect(fs.existsSync(file)).toBe(true);
  });

  it('is had by one of many that come at once', () => {
    // A stale lock, which all of them find.
    RunLock.take(folder);
    change({ pid: 999_999_999, boot: 'another' });
    const source = path.resolve('src/engine/store/runLock.ts');
    const bundle = path.join(folder, 'lock.cjs');
    execFileSync('node_modules/.bin/esbuild', [source, '--bundle', '--platform=node', `--outfile=${bundle}`], {
      stdio: 'ignore',
    });
    const script = `
      const { RunLock } = require(${JSON.stringify(bundle)});
      const results = [];
      const { Worker, isMainThread } = require('node:worker_threads');
      try { RunLock.take(${JSON.stringify(folder)}); console.log('taken'); setTimeout(() => {}, 3000); } catch (e) { console.log(e.code); }`;
    const children = Array.from({ length: 6 }, () => spawn(process.execPath, ['-e', script]));
    return Promise.all(
      children.map(async (child) => {
        let said = '';
        child.stdout.on('data', (chunk) => (said += String(chunk)));
        await once(child, 'close');
        return said.trim();
      }),
    ).then((said) => {
      expect(said.filter((each) => each === 'taken')).toHaveLength(1);
      expect(said.filter((each) => each === 'run-in-use')).toHaveLength(5);
    });
  });
});
