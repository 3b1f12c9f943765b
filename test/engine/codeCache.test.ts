import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ENGINE, quickExperiment, temporaryFolder } from './engine';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** Starts the engine and says on standard error whether V8 took what was kept of it. */
const WATCHED = `
  const vm = require('node:vm');
  const { Script } = vm;
  vm.Script = class extends Script {
    constructor(source, options) {
      super(source, options);
      process.stderr.write(options.cachedData ? (this.cachedDataRejected ? 'refused' : 'taken') : 'nothing kept');
    }
  };
  process.argv.splice(1, 0, ${JSON.stringify(ENGINE)});
  require(${JSON.stringify(ENGINE)});`;

function run(env: NodeJS.ProcessEnv = {}): { status: number | null; stderr: string; results: string } {
  const file = folder.file('quick.recovery.json', quickExperiment());
  const out = fs.mkdtempSync(path.join(folder.path, 'run-'));
  const { status, stderr } = spawnSync(process.execPath, ['-e', WATCHED, '--', 'run', file, '--out', path.join(out, 'run')], {
    env: { ...process.env, XDG_CACHE_HOME: path.join(folder.path, 'cache'), ...env },
    encoding: 'utf8',
  });
  return { status, stderr, results: fs.readFileSync(path.join(out, 'run', 'summary.json'), 'utf8') };
}

it('keeps what V8 made of the engine, and the next start takes it', () => {
  const first = run();
  expect(first).toMatchObject({ status: 0, stderr: 'nothing kept' });
  expect(run()).toEqual({ ...first, stderr: 'taken' });
  const cache = path.join(folder.path, 'cache', 'recovery-lab');
  const [kept] = fs.readdirSync(cache);
  expect(kept).toMatch(/^code-[0-9a-f]{16}-[0-9a-f]{8}$/);

  fs.chmodSync(path.join(cache, kept), 0o666);
  expect(run().stderr, 'others can write it').toBe('nothing kept');
  fs.writeFileSync(path.join(cache, kept), 'broken');
  fs.chmodSync(path.join(cache, kept), 0o600);
  expect(run()).toEqual({ ...first, stderr: 'refused' });
  expect(run({ RECOVERY_CODE_CACHE: 'off' })).toEqual(first);
});
