import fs from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { CancelledError, DetachedError, EngineError, HOST_GONE } from '../errors';
import type { JobHandlers } from '../schedule/executor';
import { retell } from '../schedule/recordedJobs';
import { reviveError, type WorkerError } from '../schedule/workerError';
import type { JournalEntry } from '../store/journal';
import { attemptName, Attempts, type Attempt } from './attempts';
import { cancelTasks } from './cancelTasks';
import { failedFile, liveFile, readDone } from './chunkFile';
import { chunkOf, placesOf } from './chunks';
import { splitIntoArrays, type ClusterLimits } from './limits';
import { LiveTail } from './liveTail';
import type { MergeJob } from './mergeJob';
import type { PlanHead } from './plan';
import { askQueue, describeQueue, findArrays, type QueueView } from './queue';
import { savedMarks, type SavedMarks } from './savedMarks';
import type { SlurmSettings } from './settings';
import { batchScript, submit, workArguments } from './submit';

const SQUEUE_MS = 20_000;
/** Files are looked for so often, or as often as Slurm is asked where that is oftener. */
const FILES_MS = 10_000;
/** A long queue is asked for less often while nothing changes. */
const LONGEST_MS = 300_000;
/** Files whose progress is followed at a time. */
const MOST_TAILS = 20;
/** A task is gone when so many answers do not have it: its files may be late. */
const MISSED = 2;
/** So often in one session a chunk is submitted again. */
const MOST_TRIES = 3;
/** Arrays that one job waits for: those of long ago have ended. */
const MOST_DEPENDENCIES = 50;
/** So many failures to submit with nothing in the queue end the session. */
const MOST_BUSY = 4;

export interface TaskArraysOptions {
  planFolder: string;
  plan: PlanHead;
  /** By which the arrays of this plan are known. */
  name: string;
  /** The program that tasks run. */
  engine: string;
  limits: ClusterLimits;
  settings: SlurmSettings;
  merge: MergeJob;
  /** Given where nobody waits: submits what is left and ends, with the number of such sessions before it that bore no fruit. */
  detached: { fruitless: number } | undefined;
  /** Jobs on their way are saved so often. */
  checkpointMs: number;
  /** @throws when another process has the run now */
  checkHold(): void;
  signal: AbortSignal;
  say(text: string): void;
}

/** A chunk with jobs that nobody has been told of. */
interface OpenChunk {
  left: Set<number>;
  /** Answers of Slurm, one after the other, that did not have it. */
  missed: number;
  /** Submissions in this session, since it got on the last time. */
  tries: number;
  /** Whether a job of it was told since it was submitted the last time. */
  told: boolean;
}

/** Sees to it that every chunk with jobs that are left gets done, and tells the jobs as they are finished. */
export class TaskArrays<Output> {
  private readonly open = new Map</* chunk */ number, OpenChunk>();
  private readonly attempts: Attempts;
  private view: QueueView = { unknown: 'not asked yet' };
  /** Chunks that Slurm has, and among them those that run, with the task that does it. */
  private queued = new Set<number>();
  private running = new Map</* chunk */ number, string>();
  private readonly tails = new Map<string, { tail: LiveTail; chunk: number; task: string; restart: number }>();
  /** Tasks of an array that Slurm was seen to take. */
  private mostTasks = Infinity;
  private busy = 0;
  /** Whether a job was told that was not before, or saved further on its way than when it was submitted. */
  private fruitful = false;
  private said = '';
  private readonly pollMs: number;

  constructor(
    private readonly options: TaskArraysOptions,
    left: Iterable<number>,
    private readonly handlers: JobHandlers<Output>,
  ) {
    for (const job of left) {
      const chunk = chunkOf(options.plan, job);
      let each = this.open.get(chunk);
      if (!each) this.open.set(chunk, (each = { left: new Set(), missed: 0, tries: 0, told: false }));
      each.left.add(job);
    }
    this.attempts = new Attempts(options.planFolder);
    this.pollMs = options.settings.pollSeconds * 1000;
  }

  async conduct(): Promise<void> {
    try {
      await this.findLost();
      await this.watch();
    } catch (error) {
      const { signal, planFolder } = this.options;
      if (!(error instanceof DetachedError) && signal.reason !== HOST_GONE) await cancelTasks(planFolder, this.attempts);
      throw signal.aborted ? new CancelledError() : error;
    }
  }

  private async watch(): Promise<void> {
    const { signal } = this.options;
    // What earlier sessions left failed is tried again.
    for (const chunk of this.open.keys()) fs.rmSync(failedFile(this.options.planFolder, chunk), { force: true });
    let nextAsk = 0;
    let pause = this.pollMs;
    await this.takeDone(() => true);
    while (this.open.size > 0) {
      if (signal.aborted) throw new CancelledError();
      this.options.checkHold();
      if (performance.now() >= nextAsk) {
        const changed = await this.ask();
        pause = changed ? this.pollMs : Math.min(LONGEST_MS, pause * 1.5);
        nextAsk = performance.now() + pause;
        // Looked for after the answer: a task that was gone by then has published before.
        await this.takeDone((chunk) => !('unknown' in this.view) && !this.queued.has(chunk));
        this.takeFailure();
        if (!('unknown' in this.view) && (await this.submitMissing())) {
          await this.putMergeAfter();
          nextAsk = performance.now() + Math.min(this.pollMs, 5000);
        } else if (this.options.detached && this.queued.size > 0) await this.putMergeAfter();
      }
      this.takeFailure();
      await this.takeDone((chunk) => 'unknown' in this.view || this.running.has(chunk) || !this.queued.has(chunk));
      this.followRunning();
      if (this.open.size === 0) return;
      await sleep(Math.min(FILES_MS, this.pollMs), undefined, { signal });
    }
  }

  /** Arrays that were submitted by a process which died before it could note their ids. */
  private async findLost(): Promise<void> {
    const { signal, name } = this.options;
    for (const attempt of this.attempts.all.filter(({ array }) => array === undefined)) {
      const found = await findArrays(`${name}-${attemptName(attempt.number)}`, SQUEUE_MS, signal);
      if (found?.[0] !== undefined) this.attempts.submitted(attempt, found[0]);
    }
  }

  /** @returns whether anything is other than before */
  private async ask(): Promise<boolean> {
    const view = await askQueue(this.attempts.arrays, SQUEUE_MS, this.options.signal);
    this.view = view;
    const text = describeQueue(view);
    const changed = text !== this.said;
    if (changed && this.attempts.arrays.length > 0) this.options.say(text);
    this.said = text;
    if ('unknown' in view) return changed;
    this.queued = new Set();
    this.running = new Map();
    const byArray = new Map(this.attempts.all.map((attempt) => [attempt.array, attempt]));
    for (const { array, indices, state } of view.tasks) {
      for (const index of indices) {
        const chunk = byArray.get(array)?.chunks[index];
        if (chunk === undefined) continue;
        this.queued.add(chunk);
        if (state !== 'PENDING') this.running.set(chunk, `${array}_${index}`);
      }
    }
    for (const [chunk, each] of this.open) each.missed = this.queued.has(chunk) ? 0 : each.missed + 1;
    return changed;
  }

  /** Submits chunks that are neither done nor queued. */
  private async submitMissing(): Promise<boolean> {
    const { settings, limits, signal, name, plan, planFolder, engine, checkpointMs } = this.options;
    const missing: number[] = [];
    const saved = savedMarks(planFolder);
    for (const [chunk, each] of this.open) {
      if (this.queued.has(chunk) || (each.tries > 0 && each.missed < MISSED)) continue;
      const savedMore = this.attempts.gotOn(chunk, placesOf(plan, chunk), saved);
      if (each.told || savedMore) each.tries = 0;
      this.fruitful ||= savedMore;
      if (each.tries >= MOST_TRIES || (!this.fruitful && (this.options.detached?.fruitless ?? 0) >= MOST_TRIES))
        throw this.lost(chunk);
      missing.push(chunk);
    }
    const arrays = splitIntoArrays(missing, { maxArraySize: Math.min(limits.maxArraySize, this.mostTasks) });
    const share = settings.concurrent === undefined ? undefined : Math.max(1, Math.floor(settings.concurrent / arrays.length));
    let submitted = false;
    for (const chunks of arrays) {
      const attempt: Attempt = this.attempts.begin(chunks, marksOf(plan, chunks, saved), (each) =>
        batchScript(settings, engine, workArguments(settings, planFolder, each, checkpointMs)),
      );
      const answer = await submit(
        {
          name: `${name}-${attemptName(attempt.number)}`,
          planFolder,
          script: this.attempts.scriptOf(attempt),
          work: { tasks: chunks.length, concurrent: share },
          settings,
        },
        signal,
      );
      if ('array' in answer) {
        this.attempts.submitted(attempt, answer.array);
        submitted = true;
        this.busy = 0;
        for (const chunk of chunks) {
          const each = this.open.get(chunk)!;
          each.tries++;
          each.missed = 0;
          each.told = false;
          this.queued.add(chunk);
        }
        continue;
      }
      if (signal.aborted) throw new CancelledError();
      this.attempts.drop(attempt);
      if ('refused' in answer)
        throw new EngineError(
          'slurm-refused',
          `Slurm refused the tasks: ${answer.refused}. Mend that, with options of the command line if need be, and go on with recovery resume.`,
        );
      const why = 'limit' in answer ? answer.limit : answer.busy;
      if ('limit' in answer && chunks.length > 1) this.mostTasks = Math.floor(chunks.length / 2);
      else if (this.queued.size === 0 && ++this.busy >= MOST_BUSY)
        throw new EngineError('slurm-busy', `Slurm takes no tasks: ${why}. Go on with recovery resume later.`);
      this.options.say(`Slurm takes no more tasks now (${why}); the others are submitted later.`);
      return submitted;
    }
    return submitted;
  }

  /**
   * Has a job go on with the run once what is queued has ended, should this process be gone by then.
   *
   * @throws DetachedError where nobody waits for that
   */
  private async putMergeAfter(): Promise<void> {
    const { merge, detached, planFolder, say } = this.options;
    const after = this.attempts.arrays.slice(-MOST_DEPENDENCIES);
    const fruitless = detached && !this.fruitful ? detached.fruitless + 1 : 0;
    const why = await merge.submit(after, fruitless);
    if (why !== undefined) say(`No job could be submitted that goes on with the run once its tasks have ended: ${why}`);
    if (!detached) return;
    const runFolder = path.dirname(path.dirname(planFolder));
    throw new DetachedError(
      why === undefined
        ? `${this.queued.size} tasks are in the queue of Slurm, and a job that waits for them goes on with the run. To watch or cancel: recovery resume ${runFolder}`
        : `${this.queued.size} tasks are in the queue of Slurm, and nothing goes on with the run after that. To watch or cancel: recovery resume ${runFolder}`,
    );
  }

  /** Takes published chunks, opened by name: on a network file system a listing of the folder may be old. */
  private async takeDone(which: (chunk: number) => boolean): Promise<void> {
    const { planFolder, plan, signal } = this.options;
    for (const chunk of [...this.open.keys()]) {
      if (!which(chunk)) continue;
      const done = readDone(planFolder, plan, chunk);
      if (!done) continue;
      try {
        for (const job of placesOf(plan, chunk)) if (this.open.get(chunk)?.left.has(job)) this.tell(done.entry(job));
      } finally {
        done.close();
      }
      await nextTurn();
      await this.handlers.caughtUp?.();
      if (signal.aborted) throw new CancelledError();
    }
  }

  /** Tells jobs of chunks that are not whole yet. */
  private followRunning(): void {
    const { planFolder, plan } = this.options;
    for (const [chunk, task] of this.running) {
      if (this.tails.size >= MOST_TAILS) break;
      if (this.open.has(chunk) && !this.tails.has(task))
        this.tails.set(task, { chunk, task, restart: 0, tail: new LiveTail(liveFile(planFolder, chunk, task, 0), plan) });
    }
    for (const [task, followed] of this.tails) {
      const { chunk, restart } = followed;
      for (const entry of followed.tail.read()) this.tell(entry);
      const next = liveFile(planFolder, chunk, task, restart + 1);
      if (fs.existsSync(next)) this.tails.set(task, { ...followed, restart: restart + 1, tail: new LiveTail(next, plan) });
      else if (!this.open.has(chunk) || this.running.get(chunk) !== task) this.tails.delete(task);
    }
  }

  private tell(entry: JournalEntry): void {
    const chunk = chunkOf(this.options.plan, entry.job);
    const each = this.open.get(chunk);
    if (!each?.left.delete(entry.job)) return;
    each.told = true;
    if (each.left.size === 0) this.open.delete(chunk);
    this.fruitful = true;
    retell(entry, this.handlers);
  }

  /** @throws what a job threw in a task */
  private takeFailure(): void {
    for (const chunk of this.open.keys()) {
      let text: string;
      try {
        text = fs.readFileSync(failedFile(this.options.planFolder, chunk), 'utf8');
      } catch {
        continue;
      }
      throw reviveError(JSON.parse(text) as WorkerError);
    }
  }

  private lost(chunk: number): EngineError {
    const { planFolder } = this.options;
    return new EngineError(
      'slurm-lost',
      `Tasks of Slurm ended ${MOST_TRIES} times without a result for chunk ${chunk}, and without having saved more of it. Their output is in ${path.join(planFolder, 'logs')}. What was finished is kept: recovery resume goes on from there.`,
    );
  }
}

/** Marks of jobs of some chunks. */
function marksOf(plan: PlanHead, chunks: readonly number[], marks: SavedMarks): SavedMarks {
  const which = new Set(chunks);
  return new Map([...marks].filter(([place]) => which.has(chunkOf(plan, place))));
}
