import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickExperiment, runEngine, startEngine, temporaryFolder } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

describe('recovery check', () => {
  it('prints the prediction and the grid, and trains nothing', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    const { code, stdout, stderr } = await runEngine('check', file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('optimistic sample size 5');
    expect(stdout).toContain('3 sample sizes × 4 trials = 12 trainings');
    expect(fs.readdirSync(folder.path)).toEqual(['quick.recovery.json']);
  });

  it('--json says the same to programs', async () => {
    const valid = JSON.parse(
      (await runEngine('check', '--json', folder.file('a.recovery.json', quickExperiment()))).stdout,
    ) as unknown;
    expect(valid).toMatchObject({
      valid: true,
      problems: [],
      experiment: 'recovery',
      cells: 12,
      predictions: { optimisticSampleSize: 5, exact: true },
    });
    const invalid = await runEngine('check', '--json', folder.file('b.recovery.json', quickExperiment({ target: {} })));
    expect(invalid.code).toBe(2);
    expect(JSON.parse(invalid.stdout)).toMatchObject({
      valid: false,
      problems: [{ severity: 'error', path: expect.arrayContaining(['target']) as unknown }],
    });
  });
});

describe('other commands', () => {
  it('schema prints the JSON schema', async () => {
    const { code, stdout } = await runEngine('schema');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining('draft-07') as unknown });
  });

  it('native says what there is, and fails in words without a compiler', async () => {
    const run = (env: NodeJS.ProcessEnv, ...args: string[]) => {
      const { child, ended } = startEngine(['native', ...args], { env: { ...process.env, ...env } });
      child.stdin?.end();
      return ended;
    };
    const cache = { XDG_CACHE_HOME: folder.path, RECOVERY_NATIVE: '' };
    const status = await run(cache);
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toContain('Native kernels: none');
    expect(status.stdout).toContain('with the same numbers');
    const build = await run({ ...cache, CC: '/no/such/compiler' }, 'build');
    expect(build.code).toBe(3);
    expect(build.stderr).toContain('cannot be built');
    expect((await run(cache, 'remove')).code).toBe(2);
    expect(fs.readdirSync(folder.path)).toEqual([]);
  });

  it('tensorflow says what there is, and fails in words where npm does', async () => {
    const run = (env: NodeJS.ProcessEnv, ...args: string[]) => {
      const { child, ended } = startEngine(args, { env: { ...process.env, XDG_CACHE_HOME: folder.path, ...env } });
      child.stdin?.end();
      return ended;
    };
    const off = await run({ RECOVERY_TENSORFLOW: 'off' }, 'tensorflow');
    expect(off).toMatchObject({ code: 0, stderr: '' });
    expect(off.stdout).toContain('TensorFlow: none, RECOVERY_TENSORFLOW=off turns it off');
    expect(off.stdout).toContain('recovery tensorflow install');
    const named = path.join(folder.path, 'storage', 'tensorflow');
    const failed = await run({ RECOVERY_TENSORFLOW: named, PATH: folder.path }, 'tensorflow', 'install');
    expect(failed.code).toBe(3);
    expect(failed.stdout).toContain(`into ${named}`);
    expect(failed.stderr).toContain('TensorFlow was not installed: npm');
    expect(fs.readdirSync(path.dirname(named))).toEqual([]);
    expect((await run({}, 'tensorflow', 'remove')).code).toBe(2);
  });

  it('an experiment that asks for TensorFlow is refused in words where there is none', async () => {
    const file = folder.file('wide.recovery.json', {
      experiment: 'recovery',
      model: { kind: 'twoLayer', inputs: 2, width: 5 },
      target: { kind: 'teacher', width: 1 },
      data: { sampleSizes: 4 },
      training: { backend: 'tensorflow', trials: 1 },
    });
    const { child, ended } = startEngine(['run', file], { env: { ...process.env, RECOVERY_TENSORFLOW: 'off' } });
    child.stdin?.end();
    const { code, stderr } = await ended;
    expect(code).toBe(3);
    expect(stderr).toContain('There is no TensorFlow');
    expect(stderr).toContain('recovery tensorflow install');
    expect(stderr).toContain('Recovery: Install TensorFlow');
  });

  it('--version and --help', async () => {
    const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string };
    expect((await runEngine('--version')).stdout).toBe(`${version}\n`);
    const help = await runEngine('--help');
    expect(help.code).toBe(0);
    for (const word of [
      'run',
      'check',
      'verify',
      'native',
      'tensorflow',
      'schema',
      'serve',
      '--events',
      '--json',
      '--out',
      '--workers',
      '--no-report',
    ])
      expect(help.stdout).toContain(word);
  });
});

describe('a point from a file', () => {
  const experiment = (file: string) => ({
    experiment: 'rank',
    model: { kind: 'diagonal', inputs: 2, depth: 2 },
    target: { kind: 'vector', values: [1, 0] },
    points: [{ file, name: 'mine' }],
    expect: { points: [{ name: 'mine', modelRank: 1 }] },
  });

  it('is read by check and run, and kept in the run folder', async () => {
    folder.file('w.json', { a1: [1, 0], a2: [1, 0] });
    const file = folder.file('a.recovery.json', experiment('w.json'));
    expect(await runEngine('check', file)).toMatchObject({ code: 0, stderr: '' });
    const { code } = await runEngine('run', file, '--out', `${folder.path}/run`);
    expect(code).toBe(0);
    const kept = JSON.parse(fs.readFileSync(`${folder.path}/run/experiment.json`, 'utf8')) as unknown;
    expect(kept).toMatchObject({ experiment: { points: [{ file: 'w.json', parameters: [1, 0, 1, 0] }] } });
  });

  it('that is not there is told at its place, by both', async () => {
    const file = folder.file('a.recovery.json', experiment('none.json'));
    for (const command of ['check', 'run']) {
      const { code, stderr } = await runEngine(command, file);
      expect(code).toBe(2);
      expect(stderr).toContain('none.json: There is no such file.');
    }
  });
});
