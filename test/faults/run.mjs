// node test/faults/run.mjs [TRIES] [WORD]: tries every fault, or those with this word in their names, and prints a table.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
if (!fs.existsSync(path.join(root, 'dist/recovery.js')))
  spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-faults-'));
const bundle = path.join(folder, 'faults.cjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/faults/main.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
});
const { status } = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
fs.rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
