import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { syncFolder } from '../store/appendFile';

/** Stands for the folder that the node itself says. */
export const NODE_SCRATCH = 'node';

/**
 * Makes a folder of a task's own on the disk of its node, readable by nobody else.
 *
 * @param place an absolute path, or `NODE_SCRATCH` for the first of `$SLURM_TMPDIR`, `$TMPDIR` and `/tmp` that is there: the
 * environment of a task is that of the login node, whose `$TMPDIR` compute nodes may not have
 * @throws the system's error when nothing can be made there
 */
export function makeScratch(place: string, environment: NodeJS.ProcessEnv): string {
  const candidates = place === NODE_SCRATCH ? [environment['SLURM_TMPDIR'], environment['TMPDIR'], '/tmp', os.tmpdir()] : [place];
  const found = candidates.find((each) => each !== undefined && path.isAbsolute(each) && isFolder(each));
  return fs.mkdtempSync(path.join(found ?? candidates.at(-1)!, 'recovery-'));
}

/** Puts a file of this node into the run folder, whole or not at all, and on the disk before it has its name. */
export function moveOver(from: string, to: string): void {
  copyOver(from, to);
  fs.rmSync(from, { force: true });
}

/** The same of a file that is still written to: as it is now. */
export function copyOver(from: string, to: string): void {
  // No task takes a file of this name for the part of a chunk.
  const temporary = path.join(path.dirname(to), `partial-${randomUUID()}`);
  try {
    fs.copyFileSync(from, temporary, fs.constants.COPYFILE_EXCL);
    const descriptor = fs.openSync(temporary, 'r+');
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, to);
    syncFolder(path.dirname(to));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}
