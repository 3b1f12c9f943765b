import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheFolder } from '../cacheFolder';

export const PACKAGE = '@tensorflow/tfjs-node';
/** The version that is installed and tested; package.json names it too. */
export const PACKAGE_VERSION = '4.22.0';

/** Folder of the package, or why there is none. */
export type Location = { folder: string } | { folder: undefined; reason: string };

/**
 * Where an installation goes: the folder that the variable RECOVERY_TENSORFLOW names (the editor does, for its extension's storage),
 * else this user's cache.
 */
export function installFolder(env: NodeJS.ProcessEnv): string {
  const named = env['RECOVERY_TENSORFLOW'];
  return named && named !== 'off' ? path.resolve(named) : path.join(cacheFolder(env), 'tensorflow');
}

/** Where TensorFlow.js lies: in the named folder, beside the engine, or in this user's cache. Loads nothing. */
export function findTensorFlow(env: NodeJS.ProcessEnv): Location {
  if (env['RECOVERY_TENSORFLOW'] === 'off') return none('RECOVERY_TENSORFLOW=off turns it off');
  const places = [
    env['RECOVERY_TENSORFLOW'] ? inside(installFolder(env)) : none(''),
    besideEngine(),
    inside(path.join(cacheFolder(env), 'tensorflow')),
  ];
  const refusal = places.find((place) => place.folder === undefined && place.reason !== '');
  return places.find(({ folder }) => folder !== undefined) ?? refusal ?? none('it has not been installed');
}

/** The package in an installation; code is taken from nobody else. */
function inside(folder: string): Location {
  const found = complete(path.join(folder, 'node_modules', PACKAGE));
  if (found.folder === undefined) return found;
  const { uid, mode } = fs.statSync(folder);
  // Windows has neither.
  if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0))
    return none(`${folder} can be written by others than you`);
  return found;
}

/** The package among the modules of the running program, where somebody installed it like any other. */
function besideEngine(): Location {
  const program = process.argv[1];
  if (program === undefined) return none('');
  try {
    return complete(path.dirname(createRequire(path.resolve(program)).resolve(`${PACKAGE}/package.json`)));
  } catch {
    return none('');
  }
}

/** Without its compiled part, which npm leaves out when the download fails, the package is of no use. */
function complete(folder: string): Location {
  try {
    const compiled = fs.readdirSync(path.join(folder, 'lib'));
    if (compiled.some((name) => fs.existsSync(path.join(folder, 'lib', name, 'tfjs_binding.node')))) return { folder };
  } catch {
    // Not there.
  }
  return none('');
}

function none(reason: string): Location {
  return { folder: undefined, reason };
}
