import fs from 'node:fs';
import path from 'node:path';

/** A task whose time was too short for anything is queued again so often, one time after the other: else it would go on for ever. */
const MOST_STALLS = 5;

/** Whatever it says that it saved, and however often its nodes are lost. */
const MOST_RESTARTS = 1000;

export interface TimedOutTask {
  planFolder: string;
  /** What tells this task from others that may do the same chunk. */
  task: string;
  /** Starts before this one, by Slurm's count. */
  restart: number;
  /** Whether nothing was finished or saved this time. */
  stalled: boolean;
}

/** Whether a task that ran out of time is to be queued again; keeps count of the times in which it did not get on. */
export function mayGoOn({ planFolder, task, restart, stalled }: TimedOutTask): boolean {
  const file = path.join(planFolder, 'stalled', task);
  if (restart >= MOST_RESTARTS) return false;
  if (!stalled) {
    fs.rmSync(file, { force: true });
    return true;
  }
  const stalls = readCount(file) + 1;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${stalls}\n`, { flush: true });
  return stalls <= MOST_STALLS;
}

function readCount(file: string): number {
  try {
    const count = Number(fs.readFileSync(file, 'utf8'));
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  } catch {
    return 0;
  }
}
