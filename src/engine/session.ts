import { performance } from 'node:perf_hooks';
import fs from 'node:fs';
import path from 'node:path';
import { experimentHash } from '../experiment';
import type { Problem } from '../experiment/problem';
import type { ResolvedExperiment } from '../experiment/resolved';
import type { ExecutionConfig } from '../experiment/schema/execution';
import type { AcceptedEvent, ClusterChoice, EngineEvent, FailedEvent, FinishedEvent, Summary } from '../protocol/events';
import { encodeLine } from '../protocol/lines';
import { Announcer, type RunListener } from './announcer';
import { CancelledError, EngineError, errorMessage, EXIT, HOST_GONE, isNumericalError } from './errors';
import { helloEvent } from './hello';
import { cellCount, seedOf } from './plan';
import { RunKeeper } from './report/runKeeper';
import { checkpointMs } from './schedule/checkpoints';
import { createExecutor, workerCount } from './schedule/create';
import type { Executor } from './schedule/executor';
import { JournaledExecutor } from './schedule/journaledExecutor';
import { SLURM_FOLDER, slurmSettings } from './slurm/settings';
import { RUN_FILES } from './store/runFiles';
import { defaultRunFolder, RunFolder, type WholeFile } from './store/runFolder';
import type { RunOrigin, SavedRun } from './store/savedRun';
import { conductStudy, parallelJobs } from './studies/registry';
import { stepBackend } from './studies/stepBackend';
import { concludeStudy, summaryText } from './summary';
import { predict } from './theory';
import { invalidExperiment, validate } from './validate';

/** Longer than any single measurement that was ever seen here takes. */
const WATCHDOG_MINUTES = 120;

export interface SessionOptions extends RunListener {
  /** Text of the experiment file. */
  text: string;
  /** Path or name of the file it came from. */
  fileName: string;
  /** Where the run is kept: a new folder beside the experiment, exactly this folder, or nowhere; or the run that goes on. */
  outFolder: 'beside' | { path: string } | { resume: SavedRun } | null;
  /** Worker threads; 0 runs in this thread; undefined takes one for each core. */
  workers?: number;
  /** The bundled engine, for worker threads; without it everything runs in this thread. */
  workerFile?: string;
  /** Minutes after which a worker thread without a sign of life in a job is taken to hang; 0 for never; default two hours. */
  watchdogMinutes?: number;
  /** Seconds after which a job on its way is saved in the run folder, again and again; 0 for never; default one minute. */
  checkpointSeconds?: number;
  /** Runs long lists of jobs on a cluster; needs a run folder. */
  slurm?: { choice: ClusterChoice; engineFile: string; detached?: { fruitless: number } | undefined };
  /** Whether to write the HTML report into the run folder. */
  report: boolean;
  signal: AbortSignal;
  /** Hears what is doubtful about an experiment that can run all the same. */
  warn?(problems: readonly Problem[]): void;
  /** Free text for the log, such as the stack of a bug. */
  log(text: string): void;
}

/**
 * One run from the text of an experiment to its summary: parse, accept, conduct, judge, write.
 *
 * @returns the exit code; the last event is always `finished` or `failed`.
 */
export async function runSession(options: SessionOptions): Promise<number> {
  const { problems, experiment, parsed } = validate(options.text, options.fileName);
  if (!experiment) {
    const event = invalidExperiment(options.fileName, problems);
    options.write?.(encodeLine(event));
    options.emit?.(event);
    return EXIT.invalid;
  }
  if (problems.length > 0) options.warn?.(problems);
  const run = new Session(options, experiment, parsed.file?.execution);
  try {
    return await run.conduct();
  } catch (error) {
    return run.fail(error);
  } finally {
    run.close();
  }
}

/** Loaded where a cluster is used. */
const slurm = () => import('./slurm/slurmExecutor');

class Session {
  private readonly origin: RunOrigin;
  /** Undefined where no report is wanted: to keep curves and cells costs as much as short trainings do. */
  private readonly keeper: RunKeeper | undefined;
  private readonly announcer: Announcer;
  private readonly stop = new AbortController();
  private folder: RunFolder | null = null;
  private storeFailure: unknown;

  constructor(
    private readonly options: SessionOptions,
    private readonly experiment: ResolvedExperiment,
    private readonly execution: ExecutionConfig | undefined,
  ) {
    const { fileName, text, report, outFolder } = options;
    const resumed = outFolder !== null && typeof outFolder === 'object' && 'resume' in outFolder ? outFolder.resume : undefined;
    const startedAt = resumed?.origin?.startedAt ?? Date.now();
    this.origin = { text, fileName: path.resolve(fileName), startedAt, report };
    const identity = { id: String(startedAt), fileName: path.basename(fileName), startedAt };
    this.keeper = report && outFolder !== null ? new RunKeeper(identity) : undefined;
    this.announcer = new Announcer(
      options,
      this.keeper,
      (lines) => this.store((folder) => folder.appendLines(lines)),
      (error) => this.giveUp(error),
    );
    options.signal.addEventListener('abort', this.onAbort, { once: true });
    if (options.signal.aborted) this.stop.abort();
  }

  async conduct(): Promise<number> {
    const { options, experiment } = this;
    const started = performance.now();
    const hash = experimentHash(experiment);
    const prediction = predict(experiment);
    const backend = stepBackend(experiment);
    this.folder = this.openFolder(hash);
    const workers = workerCount({ workers: options.workers, workerFile: options.workerFile }, parallelJobs(experiment));
    backend?.prepare?.(workers);
    this.store((folder) => folder.append(helloEvent()));
    this.keeper?.apply(helloEvent());
    this.tell({
      type: 'accepted',
      config: experiment,
      hash,
      seed: seedOf(experiment),
      cells: cellCount(experiment),
      workers,
      ...(backend ? { backend: backend.name } : {}),
      predictions: prediction,
      runFolder: this.folder?.path ?? null,
      ...(this.folder ? resumedPart(this.folder) : {}),
    });

    const executor = await this.executor(workers, hash);
    let results: Summary['results'];
    try {
      results = await conductStudy({
        experiment,
        prediction,
        executor,
        folder: path.dirname(path.resolve(options.fileName)),
        emit: (event) => this.tell(event),
        tellCell: (cell, index) => this.announcer.tellCell(cell, index),
        keepTrial: (line) => this.store((folder) => folder.keepTrial(line)),
        caughtUp: this.announcer.caughtUp,
        keep: ({ name, certificate }) => this.store((folder) => folder.writeCertificate(name, certificate)),
      });
    } finally {
      await executor.close();
    }
    if (this.stop.signal.aborted) throw new CancelledError();

    this.tell({ type: 'phase', phase: 'judging' });
    const summary = concludeStudy(experiment, hash, prediction, results);
    const { verdicts } = summary;
    for (const verdict of verdicts) this.tell({ type: 'verdict', verdict });
    this.tell({ type: 'phase', phase: 'writing' });
    const exitCode = verdicts.every((verdict) => verdict.result === 'met') ? EXIT.met : EXIT.notMet;
    await this.finish(summary, exitCode, () => Math.round(performance.now() - started));
    return exitCode;
  }

  /** Ends the run with words. */
  fail(error: unknown): number {
    // A run whose folder fails is cancelled, so the first thing heard of it may be the cancelling.
    const event = failedEvent(this.storeFailure ?? error);
    if (event.code === 'internal') this.options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    try {
      this.announcer.flush();
      // A run that goes on without this process has not come to an end.
      if (event.code !== 'detached' && this.options.signal.reason !== HOST_GONE) this.folder?.append(event);
    } catch {
      // The folder may be the very thing that failed; the event still reaches whoever listens.
    }
    this.announcer.tellListener(event);
    return event.exitCode;
  }

  close(): void {
    this.options.signal.removeEventListener('abort', this.onAbort);
    try {
      this.folder?.close();
    } catch (error) {
      // The run has ended with words already, perhaps these.
      this.options.log(errorMessage(error));
    }
  }

  private readonly onAbort = () => this.stop.abort(this.options.signal.reason);

  private openFolder(hash: string): RunFolder | null {
    const { outFolder, fileName } = this.options;
    if (outFolder === null) return null;
    const onError = (error: unknown) => this.giveUp(error);
    if (outFolder !== 'beside' && 'resume' in outFolder) {
      const { folder, hash: begun } = outFolder.resume;
      if (begun !== hash)
        throw new EngineError(
          'experiment-changed',
          `The run in ${folder} cannot be resumed: its experiment is another one now, perhaps because a file that it names has changed. Run the experiment again.`,
          EXIT.invalid,
        );
      return RunFolder.resume(outFolder.resume, onError);
    }
    for (;;) {
      const folder = outFolder === 'beside' ? defaultRunFolder(fileName, hash, new Date()) : outFolder.path;
      try {
        return RunFolder.open(folder, this.experiment, hash, this.origin, onError);
      } catch (error) {
        // Another run of the same experiment began in the same second; now that its folder is there, the next name is another.
        if (outFolder !== 'beside' || !(error instanceof EngineError) || error.code !== 'run-in-use') throw error;
      }
    }
  }

  /** Keeps what jobs say in the run folder, where there is one. */
  private async executor(workers: number, hash: string): Promise<Executor> {
    const { folder, experiment, options } = this;
    const { signal } = this.stop;
    const { watchdogMinutes = WATCHDOG_MINUTES } = options;
    const watchdogMs = watchdogMinutes > 0 ? watchdogMinutes * 60_000 : undefined;
    const local = createExecutor({ experiment, signal, watchdogMs }, workers, options.workerFile);
    if (!folder) return local;
    const common = { local, hash, runFolder: folder.path, signal, say: (text: string) => options.log(text) };
    let executor: Executor = local;
    if (options.slurm) {
      const { choice, detached, engineFile } = options.slurm;
      const settings = slurmSettings(this.execution, choice);
      executor = new (await slurm()).SlurmExecutor({ ...common, experiment, settings, detached, engineFile });
    } else if (fs.existsSync(path.join(folder.path, SLURM_FOLDER)))
      executor = new (await import('./slurm/takeOver')).TakeOverExecutor(common);
    return new JournaledExecutor({
      executor,
      keep: (entry) => folder.keepJob(entry),
      checkpoints: (run) => ({
        runFolder: folder.path,
        experiment: hash,
        run,
        everyMs: checkpointMs(options.checkpointSeconds),
        early: folder.checkpoints.earlier(run),
        saved: (place) => folder.checkpoints.written(run, place),
        say: (text) => options.log(text),
      }),
      earlier: folder.earlier,
      signal,
    });
  }

  private tell(event: EngineEvent): void {
    this.announcer.tell(event);
  }

  /** A run whose folder fails ends. */
  private store(write: (folder: RunFolder) => void): void {
    try {
      if (this.folder) write(this.folder);
    } catch (error) {
      this.giveUp(error);
      throw error;
    }
  }

  private giveUp(error: unknown): void {
    this.storeFailure ??= error;
    this.stop.abort();
  }

  private async finish(summary: Summary, exitCode: number, elapsed: () => number): Promise<void> {
    const { folder, keeper, announcer } = this;
    const report = folder && keeper ? folder.file(RUN_FILES.report) : null;
    const finished: FinishedEvent = { type: 'finished', exitCode, elapsedMs: elapsed(), summary, report };
    announcer.flush();
    keeper?.apply(finished);
    if (folder) {
      const files: WholeFile[] = [{ name: RUN_FILES.summary, text: summaryText(summary) }];
      if (report && keeper) {
        const { renderReport } = await import('./report/report');
        files.unshift({ name: RUN_FILES.report, text: renderReport(keeper.record, keeper.measured) });
      }
      folder.complete(files, finished);
      if (this.options.slurm) await (await slurm()).SlurmExecutor.discard(folder.path);
    }
    announcer.tellListener(finished);
  }
}

/** Of a run that goes on: what earlier sessions left. */
function resumedPart({ earlier, checkpoints: { count } }: RunFolder): Pick<AcceptedEvent, 'resumed'> {
  if (!earlier && count === 0) return {};
  const { jobs = 0, damaged = 0 } = earlier ?? {};
  return { resumed: { jobs, damaged, ...(count > 0 ? { checkpoints: count } : {}) } };
}

function failedEvent(error: unknown): FailedEvent {
  if (error instanceof EngineError) {
    const { code, message, exitCode, at } = error;
    return { type: 'failed', code, message, exitCode, ...(at ? { at } : {}) };
  }
  if (isNumericalError(error)) return { type: 'failed', code: 'numerical', message: errorMessage(error), exitCode: EXIT.failure };
  return {
    type: 'failed',
    code: 'internal',
    message: `Internal error: ${errorMessage(error)}. This is a bug; its stack is in the log.`,
    exitCode: EXIT.failure,
  };
}
