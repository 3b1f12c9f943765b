// node test/slurm/run.mjs [WORD]: tries everything that is to work with a real Slurm, or what has this word in its name.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
if (!fs.existsSync(path.join(root, 'dist/recovery.js')))
  spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-slurm-tests-'));
const bundle = path.join(folder, 'slurm.cjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/slurm/main.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
});
const { status } = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
fs.rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
