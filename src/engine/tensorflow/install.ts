import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { EngineError, errorMessage, EXIT } from '../errors';
import { PACKAGE, PACKAGE_VERSION } from './location';

/** A download that stands still this long has failed. */
const LIMIT_MS = 20 * 60_000;

/**
 * Installs TensorFlow.js with npm into `folder`, in one move at the end: a failure leaves what was there before. npm and the
 * package's own script, which downloads the compiled part, say on standard error what they do.
 *
 * @throws EngineError in words.
 */
export function installTensorFlow(folder: string, env: NodeJS.ProcessEnv): void {
  const staging = `${folder}.${process.pid}`;
  // npm makes files by the mask of this process; what is loaded later must not be writable by others.
  const mask = process.umask(0o022);
  try {
    fs.mkdirSync(staging, { recursive: true, mode: 0o700 });
    const manifest = { private: true, dependencies: { [PACKAGE]: PACKAGE_VERSION } };
    fs.writeFileSync(path.join(staging, 'package.json'), JSON.stringify(manifest));
    const { status, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], {
      cwd: staging,
      env,
      stdio: ['ignore', 2, 2],
      timeout: LIMIT_MS,
      shell: process.platform === 'win32',
    });
    if (error) throw failure(`npm: ${error.message}.`);
    if (status !== 0) throw failure(`npm ended with exit code ${status}.`);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(staging, folder);
  } catch (caught) {
    if (caught instanceof EngineError) throw caught;
    throw failure(`${errorMessage(caught)}.`);
  } finally {
    process.umask(mask);
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

function failure(reason: string): EngineError {
  return new EngineError(
    'tensorflow-install',
    `TensorFlow was not installed: ${reason}\nIts install script downloads libtensorflow from Google's storage. Where that cannot be reached, tools/build-tfjs-node.mjs builds it from packages of npm and PyPI (Linux, x86-64).\nNothing else needs it: without "backend": "tensorflow" experiments train in float64 kernels.`,
    EXIT.failure,
  );
}
