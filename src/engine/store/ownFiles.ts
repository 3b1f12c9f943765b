import fs from 'node:fs';
import path from 'node:path';
import { EngineError, EXIT } from '../errors';
import { CHECKPOINTS } from './checkpoint';
import { CERTIFICATES, RUN_FILES } from './runFiles';
import { LOCK_FILE } from './runLock';

/**
 * Refuses a run folder whose files are symbolic links, pipes or devices: a folder from somebody else must lead nowhere out of
 * itself, neither to read nor to write, and nothing may be waited for.
 *
 * @throws EngineError that names the file
 */
export function requireOwnFiles(folder: string): void {
  const names = Object.values(RUN_FILES);
  for (const name of [...names, ...names.map((each) => `${each}.partial`), LOCK_FILE]) requireOwn(folder, name, 'file');
  for (const inner of [CERTIFICATES, CHECKPOINTS]) {
    requireOwn(folder, inner, 'folder');
    const within = path.join(folder, inner);
    if (!fs.existsSync(within)) continue;
    for (const name of fs.readdirSync(within)) requireOwn(folder, path.join(inner, name), 'file');
  }
}

/** What is not there is fine. */
function requireOwn(folder: string, name: string, kind: 'file' | 'folder'): void {
  const found = fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false });
  if (!found || (kind === 'file' ? found.isFile() : found.isDirectory())) return;
  const what = found.isSymbolicLink() ? 'a symbolic link' : `no ${kind}`;
  throw new EngineError(
    'run-folder',
    `The run folder ${folder} is left alone: its ${name} is ${what}. Put the ${kind} itself there, or remove it.`,
    EXIT.invalid,
  );
}
