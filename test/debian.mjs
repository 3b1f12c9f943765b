// Programs that tests need and Debian has.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Where a program is, also one for administrators; undefined where it is not. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

/**
 * Installs packages where programs are missing, which root can.
 *
 * @returns why they are not there; undefined when all of them are
 */
export function missingPrograms(programs, packages) {
  const missing = () => programs.filter((program) => !findProgram(program));
  if (missing().length === 0) return undefined;
  if (process.platform !== 'linux') return `only on Linux there are ${missing().join(', ')}`;
  if (process.getuid?.() !== 0) return `missing programs: ${missing().join(', ')}; only root can install ${packages.join(' ')}`;
  try {
    const apt = (...args) =>
      execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
        stdio: 'pipe',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    return `${packages.join(' ')} cannot be installed: ${String(error.message).split('\n')[0]}`;
  }
  return missing().length === 0 ? undefined : `missing programs: ${missing().join(', ')}`;
}
