import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickExperiment, runEngine, startEngine, temporaryFolder } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

describe('recovery gc', () => {
  it('lists what can go and removes it; a dry run says the same and removes nothing', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    const run = path.join(folder.path, 'run');
    expect((await runEngine('run', file, '--out', run)).code).toBe(0);
    expect((await runEngine('gc', folder.path)).stdout).toBe('There is nothing to remove.\n');
    fs.writeFileSync(path.join(run, 'report.html.partial'), 'x'.repeat(2000));
    const words =
      'Left behind in run folders by processes that were stopped:\n    0.002 MB  run: report.html.partial\nTogether 0.002 MB.\n';
    const dry = await runEngine('gc', folder.path, '--dry-run', '--older', '0', '--keep', '1');
    expect(dry).toMatchObject({ code: 0, stderr: '', stdout: `${words}Nothing was removed: this was a dry run.\n` });
    expect(fs.existsSync(path.join(run, 'report.html.partial'))).toBe(true);
    const gone = await runEngine('gc', folder.path);
    expect(gone).toMatchObject({ code: 0, stderr: '', stdout: `${words}0.002 MB removed.\n` });
    expect(fs.existsSync(path.join(run, 'report.html.partial'))).toBe(false);
    expect(fs.existsSync(path.join(run, 'summary.json'))).toBe(true);

    fs.rmSync(path.join(run, 'summary.json'));
    expect((await runEngine('gc', folder.path, '--older', '0.5')).stdout).toBe('There is nothing to remove.\n');
    const old = await runEngine('gc', folder.path, '--older', '0');
    expect(old.stdout).toMatch(/^Runs without an end, nothing written for 0 days:\n +\d\.\d{3} MB {2}run: [34] files\n/);
    expect(fs.existsSync(run)).toBe(false);
    expect(fs.existsSync(file)).toBe(true);
  });

  it('asks Slurm before it removes what tasks left, and removes nothing while it has some', async () => {
    const file = folder.file('quick.recovery.json', quickExperiment());
    const run = path.join(folder.path, 'run');
    expect((await runEngine('run', file, '--out', run)).code).toBe(0);
    const plan = path.join(run, 'slurm', '0123456789abcdef');
    for (const [name, text] of Object.entries({
      'attempts/0001.json': '{"chunks":[0]}',
      'attempts/0001.id': '71',
      'done/0.jsonl': 'x',
    })) {
      fs.mkdirSync(path.dirname(path.join(plan, name)), { recursive: true });
      fs.writeFileSync(path.join(plan, name), text);
    }
    const programs = path.join(folder.path, 'bin');
    fs.mkdirSync(programs);
    const gc = async (squeue: string, ...more: string[]) => {
      fs.writeFileSync(path.join(programs, 'squeue'), `#!/bin/sh\n${squeue}\n`, { mode: 0o755 });
      const env = { ...process.env, PATH: `${programs}:${process.env['PATH']}` };
      const { code, stdout } = await startEngine(['gc', folder.path, ...more], { env }).ended;
      expect(code).toBe(0);
      return stdout;
    };
    const stays = (why: string) => `Left alone:\n  run: ${why}\nThere is nothing to remove.\n`;
    expect(await gc('[ "$3" = 71 ] && echo 71')).toBe(stays('it has tasks on a cluster'));
    expect(await gc('echo "it is away" >&2; exit 1')).toBe(stays('whether it has tasks on a cluster is not known: it is away'));
    const gone = 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1';
    const words = 'Left behind in run folders by processes that were stopped:\n    0.000 MB  run: 3 files\nTogether 0.000 MB.\n';
    expect(await gc(gone, '--dry-run')).toBe(`${words}Nothing was removed: this was a dry run.\n`);
    expect(fs.existsSync(path.join(plan, 'done/0.jsonl'))).toBe(true);
    expect(await gc(gone)).toBe(`${words}0.000 MB removed.\n`);
    expect(fs.existsSync(path.join(run, 'slurm'))).toBe(false);
    expect(fs.existsSync(path.join(run, 'summary.json'))).toBe(true);
  });

  it('refuses with words what it cannot do', async () => {
    const refusal = async (...args: string[]) => {
      const { code, stderr } = await runEngine('gc', ...args);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refusal(path.join(folder.path, 'nowhere'))).toMatch(/There is no folder/);
    expect(await refusal(folder.path, '--keep', '3')).toMatch(/give --older, too/);
    expect(await refusal(folder.path, '--older', 'x')).toMatch(/--older takes days, not "x"/);
  });
});
