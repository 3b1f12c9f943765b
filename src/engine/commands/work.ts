import fs from 'node:fs';
import path from 'node:path';
import { EngineError, errorMessage, EXIT, systemErrorCode } from '../errors';
import { checkpointMs } from '../schedule/checkpoints';
import { readChunks } from '../slurm/attempts';
import { workOnChunk } from '../slurm/chunkWork';
import { askSlurm } from '../slurm/command';
import { makeScratch } from '../slurm/scratch';
import { mayGoOn } from '../slurm/stalls';

/** Exit codes of tasks, by which a log of the cluster tells how they ended. */
const TASK_EXIT = { published: 0, machine: 1, job: 3, disk: 74, again: 75, cancelled: 143 } as const;

const REQUEUE_MS = 30_000;

export interface WorkOptions {
  planFolder: string;
  /** The chunk itself, or the attempt in which the index of the array task stands for one. */
  chunk: number | undefined;
  attempt: string | undefined;
  /** Where on this node it may write: a folder, or NODE_SCRATCH. */
  scratch: string | undefined;
  /** Seconds after which a job on its way is saved; 0 for never. */
  checkpointSeconds: number | undefined;
  workerFile: string;
}

/** `recovery work`: what a task of a cluster runs; no command for people. */
export async function workCommand({
  planFolder: given,
  chunk,
  attempt,
  scratch: place,
  checkpointSeconds,
  workerFile,
}: WorkOptions): Promise<number> {
  const planFolder = path.resolve(given);
  const { env } = process;
  const array = env['SLURM_ARRAY_JOB_ID'];
  const index = env['SLURM_ARRAY_TASK_ID'];
  const task = array !== undefined && index !== undefined ? `${array}_${index}` : `pid-${process.pid}`;
  const restart = Number(env['SLURM_RESTART_COUNT'] ?? 0);
  const stop = new AbortController();
  let timeIsUp = false;
  process.on('SIGUSR1', () => {
    timeIsUp = true;
    stop.abort();
  });
  process.on('SIGTERM', () => stop.abort());
  const cores = Number(env['SLURM_CPUS_PER_TASK'] ?? 1);
  let scratch: string | undefined;
  try {
    scratch = place === undefined ? undefined : makeScratch(place, env);
    const end = await workOnChunk({
      planFolder,
      chunk: chunk ?? chunkOfTask(planFolder, attempt, index),
      task,
      restart,
      workers: cores > 1 ? cores : 0,
      workerFile,
      scratch,
      checkpointMs: checkpointMs(checkpointSeconds),
      say: (text) => process.stderr.write(`recovery: ${text}\n`),
      signal: stop.signal,
    });
    if (end === 'published') return TASK_EXIT.published;
    if (end === 'failed') return TASK_EXIT.job;
    if (!timeIsUp) return TASK_EXIT.cancelled;
    // Not $SLURM_JOB_ID: in the last task of an array that is the whole array.
    if (index !== undefined && mayGoOn({ planFolder, task, restart, stalled: end === 'stalled' }))
      await askSlurm('scontrol', ['requeue', task], { timeoutMs: REQUEUE_MS });
    return TASK_EXIT.again;
  } catch (error) {
    process.stderr.write(`recovery: ${error instanceof EngineError ? error.message : errorMessage(error)}\n`);
    return ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'].includes(systemErrorCode(error) ?? '') ? TASK_EXIT.disk : TASK_EXIT.machine;
  } finally {
    if (scratch !== undefined) fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function chunkOfTask(planFolder: string, attempt: string | undefined, index: string | undefined): number {
  if (attempt === undefined || !/^\d{4,}$/.test(attempt) || index === undefined)
    throw new EngineError(
      'usage',
      'work is what a task of a cluster runs: it needs --chunk, or --attempt in an array',
      EXIT.invalid,
    );
  const chunk = readChunks(planFolder, attempt)[Number(index)] as number | undefined;
  if (chunk === undefined) throw new EngineError('slurm-plan', `Attempt ${attempt} has no task ${index}.`);
  return chunk;
}
