import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { placeFile } from '../cacheFolder';
import { EngineError, errorMessage, EXIT } from '../errors';
import { unsupportedMachine } from './location';
import { COMPILER_FLAGS, NATIVE_SOURCES } from './sources';

/** The C compiler to call: the one that `CC` names, else the first that answers. */
export function findCompiler(env: NodeJS.ProcessEnv): string | undefined {
  const candidates = env['CC'] ? [env['CC']] : ['cc', 'gcc', 'clang'];
  return candidates.find((name) => spawnSync(name, ['--version'], { env, stdio: 'ignore' }).status === 0);
}

/**
 * Compiles the native kernels into `file`, by one call of the C compiler.
 *
 * @throws EngineError in words, when there is no compiler or it refuses.
 */
export function buildNative(file: string, env: NodeJS.ProcessEnv): void {
  const unsupported = unsupportedMachine();
  if (unsupported !== undefined) throw failure(`${unsupported}.`);
  const compiler = findCompiler(env);
  if (compiler === undefined)
    throw failure(
      env['CC']
        ? `the compiler ${env['CC']}, which the variable CC names, does not answer.`
        : 'there is no C compiler: install GCC or Clang, or name one in the variable CC.',
    );
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-native-'));
  try {
    for (const [name, text] of Object.entries(NATIVE_SOURCES)) fs.writeFileSync(path.join(folder, name), text);
    const linking = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
    const { status, stderr, error } = spawnSync(compiler, [...COMPILER_FLAGS, ...linking, 'addon.c', '-o', 'addon.node', '-lm'], {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw failure(`${compiler} does not compile the kernels.\n${error ? errorMessage(error) : stderr.trim()}`);
    placeFile(file, 0o755, (beside) => fs.copyFileSync(path.join(folder, 'addon.node'), beside));
  } catch (caught) {
    if (caught instanceof EngineError) throw caught;
    throw failure(`${errorMessage(caught)}.`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function failure(reason: string): EngineError {
  return new EngineError(
    'native-build',
    `The native kernels cannot be built: ${reason}\nNothing else needs them: experiments run in WebAssembly, with the same numbers.`,
    EXIT.failure,
  );
}
