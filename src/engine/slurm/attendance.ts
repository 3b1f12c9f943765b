import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../errors';
import { LOCK_FILE } from '../store/runLock';
import { SLURM_FOLDER } from './settings';

const BEAT_MS = 10_000;

/** A session without a sign of life for so long is gone: attributes of a network file system may be a minute late. */
export const SILENT_MS = 180_000;

function fileOf(runFolder: string): string {
  return path.join(runFolder, SLURM_FOLDER, 'attended.json');
}

/**
 * Signs of life of the session that holds a run folder, for processes on other machines, which cannot see its process: a number
 * in a file that grows. No clock is compared with that of another machine.
 */
export class Attendance {
  private beats = 0;
  private readonly lock: string | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly runFolder: string) {
    this.lock = textOf(path.join(runFolder, LOCK_FILE));
    this.beat();
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
  }

  /** @throws EngineError when somebody else has taken over the run */
  check(): void {
    if (textOf(path.join(this.runFolder, LOCK_FILE)) !== this.lock)
      throw new EngineError(
        'run-taken-over',
        `Another process went on with the run in ${this.runFolder}, since this one gave no sign of life for ${SILENT_MS / 60_000} minutes. Its tasks go on.`,
      );
  }

  close(): void {
    clearInterval(this.timer);
    fs.rmSync(fileOf(this.runFolder), { force: true });
  }

  private beat(): void {
    try {
      fs.mkdirSync(path.join(this.runFolder, SLURM_FOLDER), { recursive: true });
      fs.writeFileSync(fileOf(this.runFolder), `{"pid":${process.pid},"beats":${this.beats++}}\n`);
    } catch {
      // A disk that is full for a while; what it means for the run is told where results are written.
    }
  }
}

/** Whether whoever holds a run folder gives a sign of life within some time. */
export async function isAttended(runFolder: string, signal: AbortSignal, silentMs = SILENT_MS): Promise<boolean> {
  const before = textOf(fileOf(runFolder));
  const lock = textOf(path.join(runFolder, LOCK_FILE));
  for (let waited = 0; waited < silentMs; waited += 1000) {
    await sleep(1000, undefined, { signal });
    // A session that ends removes the file and gives its lock back.
    if (textOf(fileOf(runFolder)) !== before || textOf(path.join(runFolder, LOCK_FILE)) !== lock) return true;
  }
  return false;
}

/** Takes the lock from a session that gives no sign of life. */
export function removeLock(runFolder: string): void {
  fs.rmSync(path.join(runFolder, LOCK_FILE), { force: true });
}

function textOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
