import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineError, fileValue, systemErrorCode } from '../errors';

/** File of a run folder that is there while a process writes to it. */
export const LOCK_FILE = 'lock.json';

/** Which process holds a lock. Times of start tell a process from a later one with the same number. */
interface Holder {
  pid: number;
  host: string;
  /** Of the machine, where it can be told: after a restart nothing of before is running. */
  boot: string | null;
  /** Of the process, in ticks since the machine started, where it can be told. */
  processStart: string | null;
  since: string;
  token: string;
}

/**
 * The right of one process to write to a run folder: a file that appears whole or not at all, by a link, which also holds on
 * network file systems, where locks of the system do not.
 */
export class RunLock {
  private constructor(
    private readonly file: string,
    private readonly token: string,
  ) {}

  /** @throws EngineError `run-in-use` when another process has it. */
  static take(folder: string): RunLock {
    const file = path.join(folder, LOCK_FILE);
    const token = randomUUID();
    const own = `${file}.${token}`;
    try {
      // On the disk before it has its name: an empty lock after a power cut would say nothing.
      fs.writeFileSync(own, `${JSON.stringify(thisProcess(token), null, 2)}\n`, { flush: true });
      for (let tries = 0; tries < 3; tries++) {
        if (linkNew(own, file)) return new RunLock(file, token);
        const held = readHolder(file);
        if (held === 'gone') continue;
        if (held === 'unreadable' || !isOver(held)) throw inUse(folder, held);
        removeStale(folder, file, held);
      }
      throw inUse(folder, 'unreadable');
    } finally {
      fs.rmSync(own, { force: true });
    }
  }

  release(): void {
    const held = readHolder(this.file);
    // Somebody may have removed it by hand and begun another run.
    if (typeof held === 'object' && held.token === this.token) fs.rmSync(this.file, { force: true });
  }
}

/** Whether a process is writing to a run folder, as far as can be told from here. */
export function isRunInUse(folder: string): boolean {
  const held = readHolder(path.join(folder, LOCK_FILE));
  return held !== 'gone' && (held === 'unreadable' || !isOver(held));
}

function linkNew(own: string, file: string): boolean {
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(systemErrorCode(error) ?? '')) throw error;
  }
  // A file system without links.
  try {
    fs.copyFileSync(own, file, fs.constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Of two who find the same stale lock one moves it away; who moved a fresh one by mistake puts it back. */
function removeStale(folder: string, file: string, stale: Holder): void {
  const aside = `${file}.stale-${randomUUID()}`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (typeof moved === 'object' && moved.token !== stale.token) linkNew(aside, file);
  fs.rmSync(aside, { force: true });
  if (typeof moved === 'object' && moved.token !== stale.token) throw inUse(folder, moved);
}

function readHolder(file: string): Holder | 'gone' | 'unreadable' {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? 'gone' : 'unreadable';
  }
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    const known = typeof holder?.pid === 'number' && typeof holder.host === 'string' && typeof holder.token === 'string';
    return known ? (holder as Holder) : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** Whether the holder is known to be gone. Of another machine nothing is known. */
function isOver({ pid, host, boot, processStart }: Holder): boolean {
  if (host !== os.hostname()) return false;
  const bootNow = bootId();
  if (boot && bootNow && boot !== bootNow) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === 'ESRCH';
  }
  const startNow = processStartOf(pid);
  return Boolean(processStart && startNow && processStart !== startNow);
}

function inUse(folder: string, holder: Holder | 'unreadable'): EngineError {
  const file = path.join(folder, LOCK_FILE);
  const who =
    holder === 'unreadable' ? 'Another process' : `Process ${holder.pid} on ${holder.host}, since ${fileValue(holder.since)},`;
  return new EngineError(
    'run-in-use',
    `${who} is writing to the run folder ${folder}, so it is left alone. If you are sure that it is gone, delete ${file} and try again.`,
  );
}

function thisProcess(token: string): Holder {
  const { pid } = process;
  return {
    pid,
    host: os.hostname(),
    boot: bootId(),
    processStart: processStartOf(pid),
    since: new Date().toISOString(),
    token,
  };
}

function bootId(): string | null {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat; the name before it may hold anything, brackets and spaces too. A zombie is gone: it has no start. */
function processStartOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? `ended ${fields[19]}` : fields[19];
  } catch {
    return null;
  }
}
