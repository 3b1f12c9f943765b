// What the tests need besides npm packages: Chromium, and NumPy with SciPy for the oracle scripts. Debian has both.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

export const CHROMIUM =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => fs.existsSync(file));

const hasNumpy = () => spawnSync('/usr/bin/python3', ['-c', 'import numpy, scipy'], { stdio: 'ignore' }).status === 0;
const chromiumIsThere = () => Boolean(CHROMIUM) || fs.existsSync('/usr/bin/chromium');

/** Installs what is missing when it may (root on Debian or Ubuntu); otherwise says exactly what to install. */
export function installSystemPackages() {
  const missing = [];
  if (!chromiumIsThere()) missing.push('chromium');
  if (!hasNumpy()) missing.push('python3-numpy', 'python3-scipy');
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    console.log(`Installing ${missing.join(', ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  if (!hasNumpy()) {
    console.log('NumPy and SciPy are missing: oracle tests compare with recorded numbers and skip the live scripts.');
    console.log('  To run them: apt-get install python3-numpy python3-scipy');
  }
  if (!chromiumIsThere()) {
    console.error('The webview and extension tests need Chromium. Install it, then run npm test again:');
    console.error('  apt-get install chromium        (or name an installed one: CHROMIUM=/path/to/chrome npm test)');
    process.exit(1);
  }
}
