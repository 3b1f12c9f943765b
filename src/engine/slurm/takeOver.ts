import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError, EngineError } from '../errors';
import { countJobs, placeOf, type Executor, type JobHandlers, type JobList } from '../schedule/executor';
import { retell } from '../schedule/recordedJobs';
import { ENGINE_VERSION } from '../version';
import { adoptCheckpoints } from './adoptCheckpoints';
import { ChunkEntries } from './chunkFile';
import { chunkOf, placesOf } from './chunks';
import { listHash, PLAN_FILE, readPlanHead, type PlanHead } from './plan';
import { SLURM_FOLDER } from './settings';

interface TakeOverOptions {
  /** Does what is left. */
  local: Executor;
  /** Hash of the experiment. */
  hash: string;
  runFolder: string;
  signal: AbortSignal;
  /** Tells a person how things stand. */
  say(text: string): void;
}

/** Goes on here with lists of jobs that tasks of a cluster have begun: with what they finished, and what they saved of jobs on their way. */
export class TakeOverExecutor implements Executor {
  private shared: unknown;

  constructor(private readonly options: TakeOverOptions) {}

  get workers(): number {
    return this.options.local.workers;
  }

  share(shared: unknown): void {
    this.shared = shared;
    this.options.local.share(shared);
  }

  close(): Promise<void> {
    return this.options.local.close();
  }

  async run<Job, Output>(jobs: JobList<Job>, handlers: JobHandlers<Output>): Promise<void> {
    const { local, runFolder, hash: experiment, say } = this.options;
    const list = 'of' in jobs ? jobs.of : jobs;
    const hash = listHash(list, this.shared);
    const planFolder = path.join(runFolder, SLURM_FOLDER, hash.slice(0, 16));
    const plan = this.planIn(planFolder, hash, countJobs(list));
    if (!plan) return local.run(jobs, handlers);
    const left = new Set<number>();
    for (let index = 0; index < countJobs(jobs); index++) left.add(placeOf(jobs, index));
    const before = left.size;
    await this.tellFinished(planFolder, plan, left, handlers);
    const { checkpoints } = handlers;
    const saved = checkpoints
      ? adoptCheckpoints({
          from: { folder: planFolder, run: 0 },
          to: { folder: checkpoints.runFolder, run: checkpoints.run },
          jobs,
          places: left,
          shared: this.shared,
          experiment,
          say,
        })
      : [];
    for (const place of saved) checkpoints?.saved(place);
    const finished = before - left.size;
    if (finished + saved.length > 0)
      say(`Taken over from tasks of the cluster: ${finished} finished jobs, and ${saved.length} saved on their way.`);
    if (left.size === 0) return;
    const early = checkpoints && { checkpoints: { ...checkpoints, early: [...new Set([...checkpoints.early, ...saved])] } };
    await local.run<Job, Output>({ of: list, places: Int32Array.from(left) }, { ...handlers, ...early });
  }

  /** Undefined where no tasks have done anything of the list, or nothing that can be used. */
  private planIn(planFolder: string, list: string, jobs: number): PlanHead | undefined {
    const { hash, say } = this.options;
    // A link leads out of the run folder.
    const folders = [path.dirname(planFolder), planFolder, ...['live', 'done'].map((name) => path.join(planFolder, name))];
    if (!folders.every(isFolder) || !ownFiles(planFolder).includes(PLAN_FILE)) return undefined;
    try {
      const plan = readPlanHead(planFolder);
      const fits = plan?.hash === hash && plan.list === list && plan.jobs === jobs && plan.engine === ENGINE_VERSION;
      return fits ? plan : undefined;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      say(`What tasks of the cluster did is done again: the plan in ${planFolder} is damaged.`);
      return undefined;
    }
  }

  /** One that is of something else, or damaged, has nothing that could be told. */
  private add(entries: ChunkEntries, file: string): void {
    try {
      entries.add(file);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.options.say(`What a task wrote to ${file} cannot be used, and is done again.`);
    }
  }

  /** Tells jobs that tasks finished, and takes them from those that are left. */
  private async tellFinished(planFolder: string, plan: PlanHead, left: Set<number>, handlers: JobHandlers<never>): Promise<void> {
    const files = ['done', 'live'].flatMap((name) => {
      const folder = path.join(planFolder, name);
      return ownFiles(folder).map((each) => path.join(folder, each));
    });
    for (const chunk of new Set([...left].map((place) => chunkOf(plan, place)))) {
      const entries = new ChunkEntries(plan, chunk);
      try {
        for (const file of files) if (path.basename(file).startsWith(`${chunk}.`)) this.add(entries, file);
        const known = placesOf(plan, chunk).filter((place) => left.has(place) && entries.has(place));
        handlers.replaying?.(known.length);
        for (const place of known) {
          retell(entries.entry(place), handlers);
          left.delete(place);
        }
      } finally {
        entries.close();
      }
      await nextTurn();
      await handlers.caughtUp?.();
      if (this.options.signal.aborted) throw new CancelledError();
    }
  }
}

function isFolder(folder: string): boolean {
  return fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Names of the plain files in a folder. */
function ownFiles(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}
