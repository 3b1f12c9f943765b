// Starts engine.js, which lies beside this file. What the JavaScript engine made of it is kept in the user's cache folder: to read that
// takes a tenth of the time of compiling the source anew.
import fs from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';
import { cacheFolder, isOwnFile, placeFile } from './cacheFolder';

/** Commands after which what has been compiled is worth keeping. */
const KEPT_AFTER: readonly (string | undefined)[] = ['run', 'serve'];

/** Kept for so many versions of the engine and Node. */
const MOST_KEPT = 4;

/**
 * What the engine sets while it runs, and what that implies, back to its default: V8 refuses what it made under other flags than those
 * at the start.
 */
const DEFAULT_FLAGS = [
  '--liftoff',
  '--wasm-dynamic-tiering',
  '--wasm-tier-up',
  '--parallel-scavenge',
  ...(v8IsBefore(11, 4) ? ['--no-experimental-wasm-relaxed-simd'] : []),
];

/** Later ones have relaxed SIMD without a flag, and complain of flags that they do not know. */
function v8IsBefore(major: number, minor: number): boolean {
  const [ownMajor, ownMinor] = process.versions.v8.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

type Wrapper = (exports: object, require: NodeJS.Require, module: object, fileName: string, folder: string) => void;

/** Of engine.js, by the build: to load what computes hashes takes longer than to read the file. */
declare const __ENGINE_HASH__: string;

function launch(fileName: string): void {
  // The build sees to it that it is ASCII, which is read fastest as this.
  const source = fs.readFileSync(fileName, 'latin1');
  // Without owners of files (Windows) it could not be told whose code it is.
  const keeps = process.env['RECOVERY_CODE_CACHE'] !== 'off' && process.getuid !== undefined;
  const cache = keeps ? cacheFile(fileName) : undefined;
  const cachedData = cache === undefined ? undefined : readOwn(cache);
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: fileName,
    ...(cachedData ? { cachedData } : {}),
  });
  if (cache !== undefined && !cachedData && KEPT_AFTER.includes(process.argv[2])) process.once('exit', () => keep(cache, script));
  const module = { exports: {}, launched: true };
  (script.runInThisContext() as Wrapper)(module.exports, require, module, fileName, path.dirname(fileName));
}

/**
 * V8 itself refuses what another version or other flags of it made, but takes any source of the same length for the same: who builds
 * the engine anew, or changes its file by hand, gets another name. What V8 refuses stays: to make it anew at every start would cost
 * more than it saves.
 */
function cacheFile(engine: string): string {
  const { versions, arch, execArgv, env } = process;
  const { size, mtimeMs, ino } = fs.statSync(engine);
  const circumstances = JSON.stringify([versions.v8, arch, execArgv, env['NODE_OPTIONS'], engine, size, mtimeMs, ino]);
  return path.join(cacheFolder(env), `code-${__ENGINE_HASH__}-${shortHash(circumstances)}`);
}

/** FNV-1a of 32 bits: of the few circumstances on one machine. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function readOwn(file: string): Buffer | undefined {
  try {
    return isOwnFile(fs.statSync(file)) ? fs.readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}

/** Where nothing can be kept, the next start is as slow as this one. */
function keep(file: string, script: vm.Script): void {
  try {
    for (const flag of DEFAULT_FLAGS) setFlagsFromString(flag);
    placeFile(file, 0o600, (beside) => fs.writeFileSync(beside, script.createCachedData()));
    const folder = path.dirname(file);
    const kept = fs.readdirSync(folder).filter((name) => name.startsWith('code-'));
    const byAge = kept.map((name) => ({ name, at: fs.statSync(path.join(folder, name)).mtimeMs })).sort((a, b) => b.at - a.at);
    for (const { name } of byAge.slice(MOST_KEPT)) fs.rmSync(path.join(folder, name), { force: true });
  } catch {
    // Nobody waits for it.
  }
}

launch(path.join(__dirname, 'engine.js'));
