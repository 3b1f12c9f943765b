import fs from 'node:fs';
import path from 'node:path';

/** Calls by which files are read, made, changed and removed; the first argument is a path, of some the second too. */
const ONE_PATH = [
  'openSync',
  'readFileSync',
  'writeFileSync',
  'appendFileSync',
  'rmSync',
  'unlinkSync',
  'mkdirSync',
  'rmdirSync',
  'truncateSync',
  'readdirSync',
  'createReadStream',
] as const;
const TWO_PATHS = ['renameSync', 'linkSync', 'copyFileSync', 'symlinkSync'] as const;

/**
 * Watches which files are touched while `work` runs, wherever symbolic links lead.
 *
 * @returns the paths outside of `folder`.
 */
export function touchedOutside(folder: string, work: () => void): string[] {
  const root = fs.realpathSync(folder);
  const outside: string[] = [];
  const calls = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  const originals = [...ONE_PATH, ...TWO_PATHS].map((name) => [name, calls[name]] as const);
  const real = (file: string): string => {
    try {
      return fs.realpathSync(file);
    } catch {
      const parent = path.dirname(file);
      return parent === file ? file : path.join(real(parent), path.basename(file));
    }
  };
  const watch = (name: string, file: unknown): void => {
    if (typeof file !== 'string') return;
    // Facts about the machine and its processes, which the lock of a run asks for.
    if (/^\/proc\/(\d+\/stat|sys\/kernel\/random\/boot_id)$/.test(file)) return;
    const at = real(path.resolve(file));
    if (at !== root && !at.startsWith(root + path.sep)) outside.push(`${name} ${at}`);
  };
  for (const [name, original] of originals) {
    calls[name] = (...args) => {
      watch(name, args[0]);
      if ((TWO_PATHS as readonly string[]).includes(name)) watch(name, args[1]);
      return original.apply(fs, args);
    };
  }
  try {
    work();
  } finally {
    for (const [name, original] of originals) calls[name] = original;
  }
  return outside;
}
