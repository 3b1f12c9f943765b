import path from 'node:path';
import { cacheFolder } from '../cacheFolder';
import { ENGINE_VERSION } from '../version';
import { sourceHash } from './sources';

/** Why this machine cannot have native kernels; undefined where it can. */
export function unsupportedMachine(): string | undefined {
  if (process.arch === 'x64' && (process.platform === 'linux' || process.platform === 'darwin')) return undefined;
  return `native kernels are for x86-64 processors under Linux and macOS, this is ${process.arch} under ${process.platform}`;
}

/**
 * Where the compiled kernels of this engine lie: in the user's cache folder, under a name that changes with everything they depend
 * on. (Node-API is the same for all versions of Node and Electron that the engine runs in.)
 */
export function nativeFile(env: NodeJS.ProcessEnv): string {
  const name = `kernels-${ENGINE_VERSION}-${sourceHash()}-${process.platform}-${process.arch}.node`;
  return path.join(cacheFolder(env), name);
}
