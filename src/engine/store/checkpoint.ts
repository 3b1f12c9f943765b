import fs from 'node:fs';
import path from 'node:path';
import { errorMessage, fileValue, systemErrorCode } from '../errors';
import { syncFolder, writeSynced } from './appendFile';
import { CHECKED_START, checkedLine, readCheckedLine } from './checkedLine';
import { decodeExact, encodeExact } from './exactJson';

/** Version of checkpoint files. */
export const CHECKPOINT_VERSION = 1;

/** Folder of a run folder with what is saved of jobs on their way: a file each. */
export const CHECKPOINTS = 'checkpoints';

/** A larger state is not saved. */
const LARGEST_BYTES = 64 * 1024 * 1024;

const NAME = /^(\d{1,9})-(\d{1,10})\.json((?:\.[\w-]{1,64})?\.partial)?$/;

/** What a checkpoint belongs to. */
export interface CheckpointHead {
  engine: string;
  /** Hash of the experiment. */
  experiment: string;
  /** Number of the list of jobs, and the place in it. */
  run: number;
  place: number;
  /** Hash of the job, and of what was shared with the workers. */
  job: string;
}

/** A checkpoint that is of no use; the message ends "The checkpoint FILE …". */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

export function checkpointName({ run, place }: Pick<CheckpointHead, 'run' | 'place'>): string {
  return `${run}-${place}.json`;
}

/** The checkpoints in a run folder; `partial` ones were not written whole. Other files are none of our business. */
export function listCheckpoints(runFolder: string): { name: string; run: number; place: number; partial: boolean }[] {
  const folder = path.join(runFolder, CHECKPOINTS);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names.flatMap((name) => {
    const match = NAME.exec(name);
    return match ? [{ name, run: Number(match[1]), place: Number(match[2]), partial: match[3] !== undefined }] : [];
  });
}

/** What of a checkpoint changes whenever it is written with another state: its length and its checksum. Undefined where there is none. */
export function checkpointMark(file: string): string | undefined {
  let descriptor: number;
  try {
    if (!fs.lstatSync(file).isFile()) return undefined;
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const start = Buffer.alloc(CHECKED_START);
    const read = fs.readSync(descriptor, start, 0, start.length, 0);
    return `${fs.fstatSync(descriptor).size} ${start.toString('latin1', 0, read)}`;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Removes the checkpoints of a run folder, and their folder if nothing else is in it. */
export function removeCheckpoints(runFolder: string): void {
  const folder = path.join(runFolder, CHECKPOINTS);
  for (const { name } of listCheckpoints(runFolder)) fs.rmSync(path.join(folder, name), { force: true });
  removeEmptyFolder(folder);
}

export function removeEmptyFolder(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // It is not there, or somebody keeps other files in it.
  }
}

/**
 * Writes a file that is there whole or not at all, also after a power cut.
 *
 * @param writer tells those who may write the same file at the same time from each other
 * @throws CheckpointError when there is too much to save; what the file system throws
 */
export function writeCheckpoint(file: string, head: CheckpointHead, state: object, writer?: string): void {
  const content = { checkpoint: CHECKPOINT_VERSION, ...head, state };
  const line = checkedLine(encodeExact(content));
  if (line.length > LARGEST_BYTES)
    throw new CheckpointError(
      `would take ${Math.ceil(line.length / 1024 / 1024)} MB, more than ${LARGEST_BYTES / 1024 / 1024}, and is not written`,
    );
  const folder = path.dirname(file);
  const temporary = `${file}${writer === undefined ? '' : `.${writer}`}.partial`;
  try {
    fs.mkdirSync(folder, { recursive: true });
    writeSynced(temporary, line);
    fs.renameSync(temporary, file);
    syncFolder(folder);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * The state that was saved; undefined when there is none.
 *
 * @throws CheckpointError when it is of no use
 */
export function readCheckpoint(file: string, head: CheckpointHead): unknown {
  const bytes = readBounded(file);
  if (!bytes) return undefined;
  const text = bytes[bytes.length - 1] === 0x0a ? readCheckedLine(bytes.subarray(0, -1)) : undefined;
  if (text === undefined) throw new CheckpointError('is damaged');
  let content: Record<string, unknown>;
  try {
    content = Object(decodeExact(text)) as Record<string, unknown>;
  } catch (error) {
    // Its checksum is right all the same, so that this is no accident.
    throw new CheckpointError(`cannot be read (${errorMessage(error)})`);
  }
  const { checkpoint, engine, experiment, run, place, job, state } = content;
  if (checkpoint !== CHECKPOINT_VERSION)
    throw new CheckpointError(`has version ${fileValue(checkpoint)}, but this engine reads version ${CHECKPOINT_VERSION}`);
  if (engine !== head.engine)
    throw new CheckpointError(
      `was written by engine ${fileValue(engine)}, but this is ${head.engine}, whose numbers may be others`,
    );
  if (experiment !== head.experiment || run !== head.run || place !== head.place || job !== head.job)
    throw new CheckpointError('is of another job');
  if (state === undefined) throw new CheckpointError('says nothing of its job');
  return state;
}

/** A plain file of a bounded size; a link, a pipe or a device is none. */
function readBounded(file: string): Buffer | undefined {
  let descriptor: number;
  try {
    if (!fs.lstatSync(file).isFile()) throw new CheckpointError('is no plain file');
    // Also if it has become something else since.
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError(`cannot be read (${errorMessage(error)})`);
  }
  try {
    const status = fs.fstatSync(descriptor);
    if (!status.isFile()) throw new CheckpointError('is no plain file');
    if (status.size > LARGEST_BYTES) throw new CheckpointError(`has ${status.size} bytes, more than any that is written`);
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
