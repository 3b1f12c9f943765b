// Bundles TypeScript programs of a test folder into a temporary folder and runs the first of them.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/**
 * Runs `programs[0]` with the arguments of this process and takes over its exit code; the engine is built first if it is not there.
 * programs: paths from the project's root, bundled side by side as NAME.cjs; nodeOptions: options of node; bundling: further options of esbuild.
 */
export async function bundleAndRun(programs, { nodeOptions = [], bundling = {} } = {}) {
  if (!fs.existsSync(path.join(root, 'dist/recovery.js')))
    spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-tests-'));
  try {
    await build({
      absWorkingDir: root,
      entryPoints: programs,
      outdir: folder,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      logLevel: 'warning',
      ...bundling,
    });
    const main = path.join(folder, `${path.parse(programs[0]).name}.cjs`);
    const { status } = spawnSync(process.execPath, [...nodeOptions, main, ...process.argv.slice(2)], {
      cwd: root,
      stdio: 'inherit',
    });
    process.exitCode = status ?? 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
