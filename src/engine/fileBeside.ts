import fs from 'node:fs';
import path from 'node:path';
import { EngineError, errorMessage, EXIT, systemErrorCode } from './errors';

/**
 * Bytes of a file that an experiment names, which must lie in the folder of the experiment or in one inside of it, wherever
 * symbolic links lead: an experiment from somebody else reads nothing but what came with it.
 *
 * @throws EngineError in words that say why it cannot be read.
 */
export function readFileBeside(folder: string, file: string, largestBytes: number): Uint8Array {
  const refuse = (reason: string) => new EngineError('unreadable-file', reason, EXIT.invalid);
  if (path.isAbsolute(file) || path.win32.isAbsolute(file))
    throw refuse('The path must be relative to the folder of the experiment.');
  let descriptor: number | undefined;
  try {
    const root = fs.realpathSync(folder);
    const real = fs.realpathSync(path.join(root, file));
    const within = path.relative(root, real);
    if (within.split(path.sep)[0] === '..' || path.isAbsolute(within))
      throw refuse('The file lies outside of the folder of the experiment.');
    // A pipe would be waited for for ever.
    if (!fs.statSync(real).isFile()) throw refuse('This is no file.');
    descriptor = fs.openSync(real, 'r');
    const { size } = fs.fstatSync(descriptor);
    if (size > largestBytes)
      throw refuse(`The file has ${inMegabytes(size)} MB; it may have at most ${inMegabytes(largestBytes)}.`);
    return fs.readFileSync(descriptor);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const code = systemErrorCode(error) ?? '';
    const reason = { ENOENT: 'There is no such file.', ENOTDIR: 'There is no such file.', EACCES: 'It may not be read.' }[code];
    throw refuse(reason ?? `${errorMessage(error)}.`);
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

function inMegabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0);
}
