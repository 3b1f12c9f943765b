import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** PyTorch has an environment of its own, because of its size. */
export type PythonKind = 'science' | 'torch';

const OVERRIDES = { science: 'RECOVERY_BENCH_PYTHON', torch: 'RECOVERY_BENCH_TORCH' } as const;

/** Interpreters to try, best first: the one named by the environment, that of peers/setup.mjs, those of the system. */
export function pythons(kind: PythonKind): string[] {
  const cache = process.env.RECOVERY_BENCH_CACHE ?? path.join(os.homedir(), '.cache', 'recovery-lab-bench');
  const made = path.join(cache, kind === 'torch' ? 'torch' : 'python', 'bin', 'python');
  const candidates = [process.env[OVERRIDES[kind]], made, '/usr/bin/python3', 'python3'];
  return candidates.filter((file) => file !== undefined && (!path.isAbsolute(file) || fs.existsSync(file))) as string[];
}
