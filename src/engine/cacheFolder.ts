import os from 'node:os';
import path from 'node:path';

/** Where this user's compiled kernels and libraries lie: nothing that cannot be made anew. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const home = os.homedir();
  const cache =
    env['XDG_CACHE_HOME'] || (process.platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache'));
  return path.join(cache, 'recovery-lab');
}
