import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Attempts } from './attempts';
import { askSlurm } from './command';
import { readMerges } from './mergeJob';

/** Lies in the folder of all plans, and asks all tasks to stop. */
export const STOP_FILE = 'STOP';

/** A cancelled run has little time; `scancel` itself goes on beyond it. */
const SCANCEL_MS = 15_000;
const CANCEL_MS = 900;

/** Asks the tasks of a plan, and the job that waits for them, to stop in two ways, since either may not reach them. No others are asked. */
export async function cancelTasks(planFolder: string, { arrays } = new Attempts(planFolder)): Promise<void> {
  const slurmFolder = path.dirname(planFolder);
  const jobs = [...readMerges(slurmFolder), ...arrays];
  if (jobs.length === 0) return;
  try {
    fs.writeFileSync(path.join(slurmFolder, STOP_FILE), '');
  } catch {
    // The other way remains.
  }
  const cancelled = askSlurm('scancel', jobs.map(String), { timeoutMs: SCANCEL_MS });
  await Promise.race([cancelled, sleep(CANCEL_MS, undefined, { ref: false })]);
}
