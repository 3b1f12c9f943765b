import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CancelledError, EngineError, errorMessage, EXIT } from '../errors';
import { PACKAGE, PACKAGE_VERSION } from './location';

const NPM_ARGUMENTS = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];

/**
 * Installs TensorFlow.js with npm into `folder`, in one move at the end: a failure leaves what was there before. npm and the
 * package's own script, which downloads the compiled part, say on standard error what they do.
 *
 * @throws EngineError in words, CancelledError.
 */
export async function installTensorFlow(folder: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const staging = `${folder}.${process.pid}`;
  // npm makes files by the mask of this process; what is loaded later must not be writable by others.
  const mask = process.umask(0o022);
  try {
    fs.mkdirSync(staging, { recursive: true, mode: 0o700 });
    const manifest = { private: true, dependencies: { [PACKAGE]: PACKAGE_VERSION } };
    fs.writeFileSync(path.join(staging, 'package.json'), JSON.stringify(manifest));
    const code = await runNpm(staging, env, signal);
    if (signal.aborted) throw new CancelledError();
    if (code !== 0) throw failure(`npm ended with exit code ${code}.`);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(staging, folder);
  } catch (caught) {
    if (caught instanceof EngineError) throw caught;
    throw failure(`${errorMessage(caught)}.`);
  } finally {
    process.umask(mask);
    fs.rmSync(staging, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** In a process group of its own, which ends as a whole when the installation is cancelled. */
function runNpm(cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number | null> {
  const windows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn('npm', NPM_ARGUMENTS, { cwd, env, stdio: ['ignore', 2, 2], shell: windows, detached: !windows });
    const stop = () => {
      if (child.pid === undefined || windows) child.kill();
      else process.kill(-child.pid, 'SIGKILL');
    };
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', (error) => reject(failure(`npm does not start: ${error.message}.`)));
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve(code);
    });
  });
}

function failure(reason: string): EngineError {
  return new EngineError(
    'tensorflow-install',
    `TensorFlow was not installed: ${reason}\nIts install script downloads libtensorflow from Google's storage. Where that cannot be reached, tools/build-tfjs-node.mjs builds it from packages of npm and PyPI (Linux, x86-64).\nNothing else needs it: without "backend": "tensorflow" experiments train in float64 kernels.`,
    EXIT.failure,
  );
}
