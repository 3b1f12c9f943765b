// node test/fuzz/run.mjs [--runs N] [--seed S] [--target WORD] [--place P]: tries N inputs, or one again, and prints a table.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
if (!fs.existsSync(path.join(root, 'dist/linalg.wasm')))
  spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-fuzz-'));
await build({
  absWorkingDir: root,
  entryPoints: { main: 'test/fuzz/main.ts', child: 'test/fuzz/child.ts' },
  outdir: folder,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  loader: { '.c': 'text', '.h': 'text' },
  define: { __ENGINE_VERSION__: JSON.stringify('0.0.0-fuzz') },
  logLevel: 'warning',
  plugins: [
    {
      name: 'wasm',
      setup(api) {
        api.onResolve({ filter: /^[a-z]+:wasm$/ }, ({ path: name }) => ({
          path: path.join(root, 'dist', `${name.split(':')[0]}.wasm`),
          namespace: 'wasm',
        }));
        api.onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path: file }) => ({
          contents: fs.readFileSync(file),
          loader: 'binary',
        }));
      },
    },
  ],
});
const { status } = spawnSync(process.execPath, [path.join(folder, 'main.cjs'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
fs.rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
