import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endlessExperiment, quickExperiment, readEvents, runEngine, temporaryFolder } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

const quickText = JSON.stringify(quickExperiment(), null, 2);
const formula = (expression: string) => ({
  ...quickExperiment({ expect: {} }),
  model: { kind: 'formula', parameters: ['a', 'b'], inputs: ['x'], expression },
  target: { kind: 'formula', expression: 'x' },
  data: { sampleSizes: 3, inputs: { kind: 'normal' } },
});

describe('bad input ends with 2, a place and a reason', () => {
  it.each<[string, string | (() => string), RegExp]>([
    ['an empty file', '', /:1:1: error: .+/],
    ['blanks', ' \n\n ', /error: .+/],
    ['no JSON', 'experiment: recovery', /:1:1: error: .+/],
    ['a cut-off file', quickText.slice(0, 200), /:\d+:\d+: error: .+/],
    ['an array', '[1, 2]', /error: .+/],
    ['NaN', quickText.replace('"seed": 3', '"seed": NaN'), /:\d+:\d+: error: .*/],
    ['1e999', quickText.replace('0.05', '1e999'), /:\d+:\d+: error: .*/],
    ['an unknown kind', quickText.replace('"gradientDescent"', '"gradientDecent"'), /gradientDescent/],
    ['an unknown experiment', quickText.replace('"recovery"', '"recovry"'), /recovery/],
    ['a wrong type', quickText.replace('"trials": 4', '"trials": "four"'), /trials/i],
    ['a negative size', quickText.replace('"trials": 4', '"trials": -4'), /trials/i],
    ['a huge size', quickText.replace('"rows": 3', '"rows": 3000000000'), /rows/i],
    ['an unknown property', quickText.replace('"trials"', '"trails"'), /trials/],
    [
      'a target of the wrong shape',
      JSON.stringify(
        quickExperiment({
          target: {
            kind: 'matrix',
            values: [
              [1, 2],
              [3, 4],
            ],
          },
        }),
      ),
      /3/,
    ],
    [
      'more samples than entries',
      JSON.stringify(quickExperiment({ data: { sampleSizes: 10, inputs: { kind: 'entries', order: 'nested' } } })),
      /9/,
    ],
    ['code in a formula', JSON.stringify(formula('process.exit(7)')), /error: .+/],
    ['an unknown name in a formula', JSON.stringify(formula('a*x + c')), /"?c"?/],
  ])('%s', async (_, content, reason) => {
    const file = folder.file('bad.recovery.json', typeof content === 'string' ? content : content());
    const { code, stdout, stderr } = await runEngine('run', file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(stderr).toContain('bad.recovery.json:');
    expect(stderr).not.toMatch(/\n +at /);
    expect(fs.readdirSync(folder.path)).toEqual(['bad.recovery.json']);
    const check = await runEngine('check', file);
    expect([check.code, check.stderr]).toEqual([2, stderr]);
  });

  it('a file of 10 MB is refused before it is read', async () => {
    const file = folder.file('big.recovery.json', `{"title": "${'x'.repeat(10 * 1024 * 1024)}"}`);
    const { code, stderr } = await runEngine('run', file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/10\.0 MB; .* at most 4 MB/);
  });

  it('a missing file, a folder, and bad arguments', async () => {
    expect(await runEngine('run', path.join(folder.path, 'none.json'))).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('there is no such file') as unknown,
    });
    expect(await runEngine('run', folder.path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it is a folder') as unknown,
    });
    expect(await runEngine('run')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs an experiment file') as unknown,
    });
    expect(await runEngine('run', 'x', '--wrokers', '2')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--wrokers') as unknown,
    });
    expect(await runEngine('run', 'x', '--workers', 'two')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('whole number') as unknown,
    });
    expect(await runEngine('walk')).toMatchObject({ code: 2, stderr: expect.stringContaining('no command "walk"') as unknown });
    expect((await runEngine()).code).toBe(2);
  });

  it('with --events the failure is an event', async () => {
    const file = folder.file('bad.recovery.json', quickText.replace('"trials": 4', '"trials": 0'));
    const { code, stdout } = await runEngine('run', file, '--events');
    expect(code).toBe(2);
    const events = readEvents(stdout);
    expect(events.map((event) => event.type)).toEqual(['hello', 'failed']);
    expect(events[1]).toMatchObject({ code: 'invalid-experiment', exitCode: 2, at: { path: ['training', 'trials'] } });
  });

  it('shows the line and marks the place', async () => {
    const file = folder.file('bad.recovery.json', quickText.replace('"trials": 4', '"trials": 0'));
    const { stderr } = await runEngine('run', file);
    const [head, source, marks] = stderr.split('\n') as [string, string, string];
    const [, line, column] = head.match(/bad\.recovery\.json:(\d+):(\d+): error/)!;
    expect(source).toContain('"trials": 0');
    expect(source).toContain(`${line} | `);
    expect(marks.indexOf('^') - source.indexOf(' | ') - 3).toBe(Number(column) - 1);
  });
});

describe('a run folder that cannot be used ends with 3', () => {
  it('a path through a file', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    const { code, stdout } = await runEngine('run', file, '--events', '--out', path.join(file, 'out'));
    expect(code).toBe(3);
    expect(readEvents(stdout).at(-1)).toMatchObject({
      type: 'failed',
      code: 'run-folder',
      message: expect.stringContaining('--out') as unknown,
    });
  });

  it('a folder that may not be written to', async (context) => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    // Root may write everywhere but in the kernel's own folders.
    const locked = process.getuid?.() === 0 ? '/proc/recovery' : path.join(folder.path, 'locked');
    if (locked.startsWith('/proc') && process.platform !== 'linux') return context.skip('root may write everywhere here');
    if (!locked.startsWith('/proc')) fs.mkdirSync(locked, { mode: 0o500 });
    const { code, stderr } = await runEngine('run', file, '--out', path.join(locked, 'out'));
    expect(code).toBe(3);
    expect(stderr).toMatch(/run folder .* cannot be used/);
  });

  it('a full disk: nothing half-written is called a result', async (context) => {
    const disk = path.join(folder.path, 'disk');
    fs.mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('mounting a small file system is not possible here');
    }
    try {
      const endless = endlessExperiment();
      const file = folder.file('endless.recovery.json', {
        ...endless,
        training: { ...(endless['training'] as object), stop: { trainLoss: 0, steps: 2000 } },
      });
      const started = Date.now();
      const { code, stdout, stderr } = await runEngine('run', file, '--events', '--out', path.join(disk, 'run'));
      expect(code).toBe(3);
      expect(Date.now() - started).toBeLessThan(20_000);
      expect(readEvents(stdout).at(-1)).toMatchObject({ type: 'failed', code: 'disk-full', exitCode: 3 });
      expect(stderr).toContain('The disk is full');
      const names = fs.readdirSync(path.join(disk, 'run')).filter((name) => name !== 'journal.jsonl');
      expect(names.sort()).toEqual(['events.jsonl', 'experiment.json']);
      readEvents(fs.readFileSync(path.join(disk, 'run', 'events.jsonl'), 'utf8'));
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});
