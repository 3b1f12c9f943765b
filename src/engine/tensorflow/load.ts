import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { EngineError, errorMessage, EXIT } from '../errors';
import type { TensorFlow } from './library';
import { findTensorFlow } from './location';

let loaded: TensorFlow | undefined;

/**
 * TensorFlow in this thread; loading it takes about half a second.
 *
 * @throws EngineError in words, where it is not installed or cannot be loaded.
 */
export function loadTensorFlow(): TensorFlow {
  if (loaded) return loaded;
  const location = findTensorFlow(process.env);
  if (location.folder === undefined) throw absent(location.reason);
  try {
    const require = createRequire(path.join(location.folder, 'package.json'));
    completeUtil(require('node:util') as Partial<DroppedByNode>);
    const library = require(location.folder) as TensorFlow;
    library.enableProdMode();
    return (loaded = library);
  } catch (error) {
    throw absent(`${location.folder} cannot be loaded: ${errorMessage(error).split('\n')[0]}`);
  }
}

/** Of Node's util; tfjs-node 4.22 calls them, and Node has had none of them since version 23. */
interface DroppedByNode {
  isNullOrUndefined(value: unknown): boolean;
  isArray(value: unknown): boolean;
}

function completeUtil(util: Partial<DroppedByNode>): void {
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= (value) => Array.isArray(value);
}

/**
 * What TensorFlow reads from the environment when it is loaded, in whichever thread: each of the threads that train computes in its
 * share of the processors, and it tells warnings and errors alone.
 */
export function prepareTensorFlow(env: NodeJS.ProcessEnv, workers: number): void {
  env['TF_NUM_INTRAOP_THREADS'] ??= String(Math.max(1, Math.floor(os.availableParallelism() / Math.max(1, workers))));
  env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
}

export function absent(reason: string): EngineError {
  return new EngineError(
    'no-backend',
    `There is no TensorFlow: ${reason}. It is installed by "recovery tensorflow install", in VS Code by the command "Recovery: Install TensorFlow". Without "backend" an experiment trains in our float64 kernels.`,
    EXIT.failure,
    { path: ['training', 'backend'] },
  );
}
