// node bench/run.mjs TABLE… | all [--quick] [--no-build]
// Prints each table as Markdown and writes it to bench/results (quick runs: to bench/.build/results).
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { reportAssets, wasm } from '../scripts/builtAssets.mjs';

const here = import.meta.dirname;
const root = path.dirname(here);
const TABLES = [
  'step',
  'sweep',
  'linalg',
  'flow',
  'certified',
  'start',
  'checkpoints',
  'editor',
  'panel',
  'spectra',
  'tensorflow',
];

const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith('--'));
const wanted = words.filter((word) => !word.startsWith('--'));
const tables = wanted.includes('all') ? TABLES : wanted;
const unknown = [
  ...tables.filter((table) => !TABLES.includes(table)),
  ...flags.filter((flag) => !['--quick', '--no-build'].includes(flag)),
];
if (tables.length === 0 || unknown.length > 0) {
  console.error(
    `${unknown.length > 0 ? `There is no ${unknown.join(', ')}.\n` : ''}node bench/run.mjs ${TABLES.join(' | ')} | all [--quick] [--no-build]`,
  );
  process.exit(2);
}

if (!flags.includes('--no-build')) {
  const { status } = spawnSync(process.execPath, [path.join(root, 'esbuild.mjs')], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// The parts of a step, to be timed alone.
const profile = path.join(here, '.build', 'profile.wasm');
fs.mkdirSync(path.dirname(profile), { recursive: true });
const ascFlags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--disableWarning', '112'];
const compiled = await asc.main(
  ['bench/assembly/profile.ts', '--outFile', path.relative(root, profile), '--baseDir', root, ...ascFlags],
  {},
);
if (compiled.error) throw new Error(compiled.stderr.toString());

const bundle = path.join(here, '.build', 'bench.cjs');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
await build({
  absWorkingDir: root,
  entryPoints: ['bench/main.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  loader: { '.c': 'text', '.h': 'text' },
  logLevel: 'warning',
  define: { __ENGINE_VERSION__: JSON.stringify(version) },
  plugins: [wasm({ profile }), reportAssets],
});

// A process for each table: none inherits another's heap and compiled code.
let failed = 0;
for (const table of tables) {
  const { status } = spawnSync(process.execPath, [bundle, table, ...flags], {
    stdio: 'inherit',
    env: { ...process.env, BENCH_ROOT: here },
  });
  if (status !== 0) failed++;
}
process.exitCode = failed > 0 ? 1 : 0;
