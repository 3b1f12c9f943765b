import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The user's folder for what the engine can always make anew. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const home = os.homedir();
  const cache =
    env['XDG_CACHE_HOME'] || (process.platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache'));
  return path.join(cache, 'recovery-lab');
}

/** Whether code may be taken from a file: it belongs to this user, and nobody else can write it. */
export function isOwnFile({ uid, mode }: fs.Stats): boolean {
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

/** Puts a file into place in one move: who reads it meanwhile sees all of it or nothing. */
export function placeFile(file: string, mode: number, write: (beside: string) => void): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}`;
  write(beside);
  fs.chmodSync(beside, mode);
  fs.renameSync(beside, file);
}
