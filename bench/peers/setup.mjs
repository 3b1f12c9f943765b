// Makes the Python environments of the peers, in ~/.cache/recovery-lab-bench (or $RECOVERY_BENCH_CACHE).
//   node bench/peers/setup.mjs           NumPy, SciPy, JAX, diffrax, mpmath, FLINT: about 0.5 GB
//   node bench/peers/setup.mjs --torch   PyTorch from PyPI as well: about 5 GB, most of it CUDA libraries that stay unused
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const here = import.meta.dirname;
const cache = process.env.RECOVERY_BENCH_CACHE ?? path.join(os.homedir(), '.cache', 'recovery-lab-bench');

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : '.'}`);
  process.exit(1);
}

function environment(name, requirements) {
  const folder = path.join(cache, name);
  const python = path.join(folder, 'bin', 'python');
  if (!fs.existsSync(python)) run('python3', ['-m', 'venv', folder]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', path.join(here, requirements)]);
  console.log(`${folder} is ready.`);
}

fs.mkdirSync(cache, { recursive: true });
environment('python', 'requirements.txt');
if (process.argv.includes('--torch')) environment('torch', 'requirements-torch.txt');
