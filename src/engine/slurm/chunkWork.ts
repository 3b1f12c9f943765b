import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError, errorMessage } from '../errors';
import { createExecutor } from '../schedule/create';
import type { JobHandlers } from '../schedule/executor';
import { recordJobs } from '../schedule/recordedJobs';
import { describeError } from '../schedule/workerError';
import { Journal, JOURNAL_VERSION, type JournalEntry } from '../store/journal';
import { ENGINE_VERSION } from '../version';
import { STOP_FILE } from './cancelTasks';
import { placesOf } from './chunks';
import { ChunkEntries, failedFile, liveFile, publish, readDone } from './chunkFile';
import { readPlan, type Plan } from './plan';
import { hasNewMarks, savedMarks } from './savedMarks';
import { copyOver, moveOver } from './scratch';
import { TaskCheckpoints } from './taskCheckpoints';

/** A shared file system is spared: others see what is finished, and a lost node loses, so much. */
const WRITE_MS = 1000;
const SYNC_MS = 10_000;

/** What is on a node alone is copied from there once in so many checkpoints' time, but every ten minutes at least. */
const COPY_EVERY = 10;
const COPY_MS = 600_000;

/** How often a task looks for the file that asks all of them to stop. */
const STOP_MS = 5000;

export interface ChunkWork {
  planFolder: string;
  chunk: number;
  /** What tells this task from others that may do the same chunk. */
  task: string;
  restart: number;
  /** Worker threads; 0 for none. */
  workers: number;
  workerFile: string;
  /** Folder on this node for what is not finished; undefined for the run folder, where others see it grow. */
  scratch?: string | undefined;
  /** Jobs on their way are saved so often; never where this is infinite. */
  checkpointMs: number;
  /** For the log of the task. */
  say(text: string): void;
  /** Asks for an end with what is finished so far. */
  signal: AbortSignal;
}

/** `stalled`: it was interrupted with no job finished and none saved further on its way, so that it would end alike again. */
export type WorkEnd = 'published' | 'interrupted' | 'stalled' | 'failed';

/**
 * Does what is left of a chunk and publishes it. Jobs that earlier copies of the task finished are taken from their files; a copy
 * that still runs somewhere is harmless, since both publish the same.
 *
 * @throws what is wrong with this machine or this file system; what a job throws is kept under `failed` instead.
 */
export async function workOnChunk(work: ChunkWork): Promise<WorkEnd> {
  const { planFolder, chunk, scratch } = work;
  const plan = readPlan(planFolder);
  if (plan.engine !== ENGINE_VERSION)
    throw new EngineError('slurm-plan', `The plan is of engine ${plan.engine}, and this is ${ENGINE_VERSION}.`);
  const published = readDone(planFolder, plan, chunk);
  published?.close();
  if (published) return 'published';
  const shared = freshName(work);
  const live = scratch === undefined ? shared : path.join(scratch, 'live.jsonl');
  const entries = new ChunkEntries(plan, chunk);
  const { task, checkpointMs: everyMs, say } = work;
  const checkpoints = new TaskCheckpoints({ planFolder, plan, task, scratch, everyMs, say });
  let copying: NodeJS.Timeout | undefined;
  try {
    for (const name of fs.readdirSync(path.join(planFolder, 'live')))
      if (name.startsWith(`${chunk}.`)) entries.add(path.join(planFolder, 'live', name));
    const left = placesOf(plan, chunk).filter((place) => !entries.has(place));
    const before = savedMarks(planFolder);
    const finished = new Set<number>();
    if (scratch !== undefined) copying = copyNowAndThen(work, live, shared, checkpoints);
    const end = left.length > 0 ? await runJobs(work, plan, left, live, checkpoints, finished) : 'published';
    clearInterval(copying);
    if (end !== 'published') {
      // Who goes on with the chunk, perhaps on another node, finds what was finished.
      // There is none where no job was finished.
      if (scratch !== undefined && fs.existsSync(live)) moveOver(live, shared);
      checkpoints.handOver();
      const gotOn = finished.size > 0 || hasNewMarks(savedMarks(planFolder), before, left);
      return end === 'interrupted' && !gotOn ? 'stalled' : end;
    }
    if (left.length > 0) entries.add(live);
    publish(planFolder, plan, chunk, entries, scratch);
  } finally {
    clearInterval(copying);
    entries.close();
  }
  checkpoints.discard(placesOf(plan, chunk));
  for (const file of [live, shared]) fs.rmSync(file, { force: true });
  return 'published';
}

async function runJobs(
  work: ChunkWork,
  plan: Plan,
  left: readonly number[],
  live: string,
  checkpoints: TaskCheckpoints,
  finished: Set<number>,
): Promise<WorkEnd> {
  const { planFolder, chunk, workers, workerFile, signal } = work;
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  signal.addEventListener('abort', onSignal, { once: true });
  if (signal.aborted) stop.abort();
  const stopFile = path.join(path.dirname(planFolder), STOP_FILE);
  const timer = setInterval(() => fs.existsSync(stopFile) && stop.abort(), STOP_MS);
  let storeFailure: unknown;
  const journal = new Journal(
    live,
    { journal: JOURNAL_VERSION, hash: plan.hash, engine: plan.engine },
    {
      holdMs: 0,
      writeMs: WRITE_MS,
      syncMs: SYNC_MS,
      onError(error) {
        storeFailure ??= error;
        stop.abort();
      },
    },
  );
  const executor = createExecutor({ experiment: plan.experiment, signal: stop.signal }, workers, workerFile);
  try {
    if (plan.shared !== undefined) executor.share(plan.shared);
    const onTheirWay = checkpoints.of(left);
    const saved = new Set(onTheirWay.early);
    const silent: JobHandlers<unknown> = {
      output: () => undefined,
      checkpoints: { ...onTheirWay, saved: (place) => saved.add(place) },
      ...(plan.curves ? { curve: () => undefined } : {}),
      ...(plan.spectra ? { spectrum: () => undefined } : {}),
    };
    const keep = (entry: JournalEntry) => {
      finished.add(entry.job);
      journal.add(entry, saved.has(entry.job) ? () => checkpoints.remove(entry.job) : undefined);
    };
    const recording = recordJobs({ run: 0, list: () => plan.list, keep }, silent);
    await executor.run({ of: plan.wholeList, places: Int32Array.from(left) }, recording);
    return 'published';
  } catch (error) {
    if (storeFailure !== undefined) throw storeFailure;
    if (stop.signal.aborted) return 'interrupted';
    fs.writeFileSync(`${failedFile(planFolder, chunk)}.${work.task}`, JSON.stringify(describeError(error)), { flush: true });
    fs.renameSync(`${failedFile(planFolder, chunk)}.${work.task}`, failedFile(planFolder, chunk));
    return 'failed';
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', onSignal);
    await Promise.race([executor.close(), sleep(1000, undefined, { ref: false })]);
    journal.close();
  }
}

/** Of a task that writes on its node: puts what it has into the run folder, as far as that can be, for the case that the node is lost. */
function copyNowAndThen(
  { checkpointMs, say }: ChunkWork,
  live: string,
  shared: string,
  checkpoints: TaskCheckpoints,
): NodeJS.Timeout {
  let copied = 0;
  const copy = () => {
    try {
      const size = fs.statSync(live, { throwIfNoEntry: false })?.size ?? 0;
      if (size > copied) copyOver(live, shared);
      copied = size;
      checkpoints.copyOver();
    } catch (error) {
      say(`What this node has cannot be copied now: ${errorMessage(error)}.`);
    }
  };
  return setInterval(copy, Math.min(COPY_MS, COPY_EVERY * checkpointMs));
}

/** Nobody else writes to this file, even where Slurm counts restarts wrongly. */
function freshName({ planFolder, chunk, task, restart }: ChunkWork): string {
  for (let copy = 0; ; copy++) {
    const name = liveFile(planFolder, chunk, copy === 0 ? task : `${task}-${copy}`, restart);
    if (!fs.existsSync(name)) return name;
  }
}
