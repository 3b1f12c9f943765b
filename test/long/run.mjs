// node test/long/run.mjs [HOURS]: streams a long run, time compressed, and lists very many runs; prints time and memory.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-long-'));
const bundle = path.join(folder, 'long.cjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/long/main.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
});
const { status } = spawnSync(process.execPath, ['--expose-gc', bundle, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
fs.rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
