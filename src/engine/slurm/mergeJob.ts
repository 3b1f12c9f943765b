import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { askSlurm } from './command';
import type { SlurmSettings } from './settings';
import { batchScript, mergeArguments, submit } from './submit';

/** Holds the ids of the jobs that were submitted to go on with a run. */
const MERGES_FILE = 'merges.json';

const SCANCEL_MS = 15_000;

export interface MergeJobOptions {
  runFolder: string;
  slurmFolder: string;
  planFolder: string;
  /** By which jobs of the plan are known. */
  name: string;
  engine: string;
  settings: SlurmSettings;
  /** Jobs on their way are saved so often. */
  checkpointMs: number;
  signal: AbortSignal;
}

/**
 * The job that goes on with a run when all of its tasks have ended, however they have: it takes what they published, submits what
 * they did not, with another job after that, and writes the summary when nothing is left. A session that is there when
 * tasks end does the same sooner, and the job finds nothing to do.
 */
export class MergeJob {
  constructor(private readonly options: MergeJobOptions) {}

  /**
   * Puts one job after some arrays, instead of those before it.
   *
   * @param fruitless sessions without a person, one after the other, in which no task had finished anything
   * @returns why there is none; undefined when there is
   */
  async submit(after: readonly number[], fruitless: number): Promise<string | undefined> {
    const { runFolder, slurmFolder, planFolder, name, engine, settings, checkpointMs, signal } = this.options;
    const script = path.join(planFolder, 'attempts', 'merge.sh');
    const args = mergeArguments(settings, runFolder, fruitless, checkpointMs);
    fs.writeFileSync(script, batchScript(settings, engine, args), { mode: 0o700 });
    const answer = await submit(
      { name: `${name}-merge-${randomBytes(4).toString('hex')}`, planFolder, script, work: { after }, settings },
      signal,
    );
    if (!('array' in answer)) return Object.values(answer)[0];
    const before = readMerges(slurmFolder);
    fs.writeFileSync(path.join(slurmFolder, MERGES_FILE), JSON.stringify([answer.array]), { flush: true });
    await cancelJobs(before);
    return undefined;
  }
}

/** Cancels the jobs that were to go on with a run, but for the one that this is. */
export async function cancelMerges(slurmFolder: string): Promise<void> {
  await cancelJobs(readMerges(slurmFolder));
}

export function readMerges(slurmFolder: string): number[] {
  try {
    const jobs = JSON.parse(fs.readFileSync(path.join(slurmFolder, MERGES_FILE), 'utf8')) as unknown;
    return Array.isArray(jobs) ? jobs.filter((job): job is number => Number.isSafeInteger(job) && (job as number) > 0) : [];
  } catch {
    return [];
  }
}

async function cancelJobs(jobs: readonly number[]): Promise<void> {
  const others = jobs.map(String).filter((job) => job !== process.env['SLURM_JOB_ID']);
  if (others.length > 0) await askSlurm('scancel', others, { timeoutMs: SCANCEL_MS });
}
