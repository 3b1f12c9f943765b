import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { ResolvedExperiment } from '../../experiment/resolved';
import { CancelledError, EngineError, HOST_GONE } from '../errors';
import { countJobs, placeOf, type Executor, type JobHandlers, type JobList } from '../schedule/executor';
import { syncFolder } from '../store/appendFile';
import { CHECKPOINTS } from '../store/checkpoint';
import { ENGINE_VERSION } from '../version';
import { adoptCheckpoints } from './adoptCheckpoints';
import { Attendance } from './attendance';
import { cancelTasks, STOP_FILE } from './cancelTasks';
import { chunkCount, cutByCost } from './chunks';
import { askSlurm } from './command';
import { copyEngine } from './engineCopy';
import { mostTasks, parseLimits, type ClusterLimits } from './limits';
import { cancelMerges, MergeJob } from './mergeJob';
import { pilot } from './pilot';
import { listHash, readPlanHead, writePlan, type PlanHead } from './plan';
import { whyUnknown } from './queue';
import { saveSettings, SLURM_FOLDER, type SlurmSettings } from './settings';
import { TaskArrays } from './taskArrays';

const SCONTROL_MS = 20_000;

/** Jobs that take less together, or less than one task should, are done here: a task alone takes seconds to start. */
const WORTH_SECONDS = 30;

export interface SlurmOptions {
  /** Does what is not worth a task. */
  local: Executor;
  experiment: ResolvedExperiment;
  /** Of the experiment. */
  hash: string;
  /** Absolute; on a file system that compute nodes have too. */
  runFolder: string;
  settings: SlurmSettings;
  /** Given where nobody waits for tasks: what comes before the first of them is done, they are submitted, and that is all. */
  detached: { fruitless: number } | undefined;
  /** The bundled engine. */
  engineFile: string;
  signal: AbortSignal;
  /** Tells a person how things stand. */
  say(text: string): void;
}

/**
 * Runs long lists of jobs as array tasks of Slurm. All that tasks and this process say to each other stands in files of the run
 * folder; Slurm only starts tasks. This process may die at any time: who resumes the run takes what is finished, and submits
 * what is neither finished nor queued.
 */
export class SlurmExecutor implements Executor {
  private shared: unknown;
  private readonly folder: string;
  private readonly attendance: Attendance;

  constructor(private readonly options: SlurmOptions) {
    this.folder = path.join(options.runFolder, SLURM_FOLDER);
    this.attendance = new Attendance(options.runFolder);
  }

  get workers(): number {
    return this.options.local.workers;
  }

  share(shared: unknown): void {
    this.shared = shared;
    this.options.local.share(shared);
  }

  async run<Job, Output>(jobs: JobList<Job>, handlers: JobHandlers<Output>): Promise<void> {
    const { local, settings, signal, say } = this.options;
    const count = countJobs(jobs);
    const list = 'of' in jobs ? jobs.of : jobs;
    const left = new Set<number>();
    for (let index = 0; index < count; index++) left.add(placeOf(jobs, index));
    const told: JobHandlers<Output> = {
      ...handlers,
      output: (output, index, steps) => {
        left.delete(index);
        handlers.output(output, index, steps);
      },
    };
    const hash = listHash(list, this.shared);
    const planFolder = path.join(this.folder, hash.slice(0, 16));
    let plan = readPlanHead(planFolder);
    if (!plan && count <= 1) return local.run(jobs, handlers);
    const limits = await this.askLimits(planFolder);
    if (!plan) {
      const size = settings.chunkJobs ?? (await this.measure(list, left, told, limits));
      if (size === undefined) return local.run<Job, Output>({ of: list as readonly Job[], places: Int32Array.from(left) }, told);
      plan = this.plan(planFolder, { jobs: countJobs(list), size, list: hash, handlers, wholeList: list });
    }
    if (plan.hash !== this.options.hash || plan.list !== hash || plan.engine !== ENGINE_VERSION)
      throw new EngineError(
        'slurm-plan',
        `The plan in ${planFolder} is of something else. Remove that folder and go on with recovery resume.`,
      );
    fs.rmSync(path.join(this.folder, STOP_FILE), { force: true });
    this.handOver(planFolder, jobs, left, handlers);
    const name = `recovery-${createHash('sha256').update(planFolder).digest('hex').slice(0, 10)}`;
    const engine = copyEngine(this.folder, this.options.engineFile);
    const { runFolder, detached } = this.options;
    const checkHold = () => this.attendance.check();
    const checkpointMs = handlers.checkpoints?.everyMs ?? Infinity;
    const common = { planFolder, name, engine, settings, checkpointMs, signal };
    const merge = new MergeJob({ ...common, runFolder, slurmFolder: this.folder });
    const options = { ...common, plan, limits, merge, detached, checkHold, say };
    await new TaskArrays(options, left, told).conduct();
  }

  /** What this machine saved of jobs on their way, in a session without the cluster or before there was a plan, is for the tasks. */
  private handOver(
    planFolder: string,
    jobs: JobList<unknown>,
    places: ReadonlySet<number>,
    { checkpoints }: JobHandlers<never>,
  ): void {
    if (!checkpoints || checkpoints.early.length === 0) return;
    const { runFolder, run } = checkpoints;
    adoptCheckpoints({
      from: { folder: runFolder, run },
      to: { folder: planFolder, run: 0 },
      jobs,
      places,
      shared: this.shared,
      experiment: this.options.hash,
      say: this.options.say,
    });
  }

  async close(): Promise<void> {
    this.attendance.close();
    await this.options.local.close();
  }

  /** Removes what tasks left behind, of a run that came to its end: the journal of the run has all of it. What was submitted stays known. */
  static async discard(runFolder: string): Promise<void> {
    const folder = path.join(runFolder, SLURM_FOLDER);
    await cancelMerges(folder);
    for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
      if (name.startsWith('engine-')) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
      for (const each of ['plan.jsonl', 'live', 'done', 'failed', 'stalled', 'logs', CHECKPOINTS])
        if (/^[0-9a-f]{16}$/.test(name)) fs.rmSync(path.join(folder, name, each), { recursive: true, force: true });
    }
  }

  /** @returns jobs of a chunk; undefined when what is left is done sooner here. */
  private async measure<Output>(
    list: Parameters<typeof listHash>[0],
    left: ReadonlySet<number>,
    handlers: JobHandlers<Output>,
    limits: ClusterLimits,
  ): Promise<number | undefined> {
    const { experiment, settings, signal, say } = this.options;
    const seconds = await pilot({ experiment, shared: this.shared, signal }, list, [...left], handlers);
    if (seconds !== undefined && seconds * left.size <= Math.min(WORTH_SECONDS, settings.chunkMinutes * 60)) return undefined;
    const { cpus: cores, chunkMinutes: minutes } = settings;
    const chunks = cutByCost({ jobs: countJobs(list), secondsPerJob: seconds, cores, minutes, mostChunks: mostTasks(limits) });
    const each = seconds === undefined ? 'longer than 20 s' : `about ${seconds.toPrecision(2)} s`;
    say(`${chunks.jobs} jobs, each ${each}, make ${chunkCount(chunks)} tasks of ${chunks.size}.`);
    return chunks.size;
  }

  private plan(
    planFolder: string,
    {
      handlers,
      ...rest
    }: Pick<PlanHead, 'jobs' | 'size' | 'list'> & { handlers: JobHandlers<never>; wholeList: Parameters<typeof listHash>[0] },
  ): PlanHead {
    const { experiment, hash, settings } = this.options;
    fs.mkdirSync(this.folder, { recursive: true });
    saveSettings(this.folder, settings);
    syncFolder(this.folder);
    return writePlan(planFolder, {
      ...rest,
      hash,
      engine: ENGINE_VERSION,
      curves: handlers.curve !== undefined,
      spectra: handlers.spectrum !== undefined,
      experiment,
      shared: this.shared,
    });
  }

  private async askLimits(planFolder: string): Promise<ClusterLimits> {
    const { signal } = this.options;
    const answer = await askSlurm('scontrol', ['show', 'config'], { timeoutMs: SCONTROL_MS, signal });
    if (signal.aborted) {
      // Of an earlier session, whose tasks live on.
      if (signal.reason !== HOST_GONE) await cancelTasks(planFolder);
      throw new CancelledError();
    }
    if (answer.code === 0) return parseLimits(answer.stdout);
    throw new EngineError(
      'slurm-unavailable',
      `Slurm cannot be asked: ${whyUnknown('scontrol', answer)}. Nothing was submitted. Go on with recovery resume once it answers, or here with recovery resume --executor local.`,
    );
  }
}
