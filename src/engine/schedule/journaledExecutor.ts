import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError, EngineError, EXIT } from '../errors';
import { hashValue } from '../store/hashValue';
import type { JournalEntry } from '../store/journal';
import type { JournaledJobs } from '../store/readJournal';
import type { CheckpointPlan, CheckpointListener } from './checkpoints';
import { countJobs, type Executor, type JobHandlers, type JobList, type WholeJobList } from './executor';
import { recordJobs, retell } from './recordedJobs';

/** How long earlier jobs may be told at a stretch before signals, commands and timers get their turn. */
const TURN_MS = 10;

/** The jobs that earlier sessions of a run finished. */
export interface EarlierJobs {
  readonly lists: ReadonlyMap</* number of the list */ number, JournaledJobs>;
  /** Entry number `index` of a list. */
  entry(jobs: JournaledJobs, index: number): JournalEntry;
}

interface JournaledOptions {
  executor: Executor;
  /** Where finished jobs are kept, before anybody is told of them. */
  keep(entry: JournalEntry): void;
  /** Where jobs of a list are saved on their way. */
  checkpoints?: ((run: number) => CheckpointPlan & CheckpointListener) | undefined;
  earlier?: EarlierJobs | undefined;
  signal: AbortSignal;
}

/**
 * Runs jobs on another executor and keeps what each said. Jobs that an earlier session finished are not run: what they said is
 * told again. Studies hand out the same lists in the same order in every session, since all that they do depends on the
 * experiment and on outputs alone; a hash of every list makes sure of it.
 */
export class JournaledExecutor implements Executor {
  private runs = 0;
  private shared: unknown;

  constructor(private readonly options: JournaledOptions) {}

  get workers(): number {
    return this.options.executor.workers;
  }

  share(shared: unknown): void {
    this.shared = shared;
    this.options.executor.share(shared);
  }

  close(): Promise<void> {
    return this.options.executor.close();
  }

  async run<Job, Output>(jobs: JobList<Job>, handlers: JobHandlers<Output>): Promise<void> {
    if ('of' in jobs) throw new Error('a study hands out whole lists');
    const { executor, earlier } = this.options;
    const run = this.runs++;
    const { shared } = this;
    // Costs time where there is much data, and most short runs never ask.
    let hash: string | undefined;
    const list = () => (hash ??= hashValue(jobs, shared).slice(0, 32));
    const { checkpoints } = this.options;
    const recording = {
      ...recordJobs({ run, list, keep: this.options.keep }, handlers),
      ...(checkpoints ? { checkpoints: checkpoints(run) } : {}),
    };
    const known = earlier?.lists.get(run);
    if (!earlier || !known) return executor.run(jobs, recording);
    if (known.list !== list()) throw changedList();
    const places = await this.replay(earlier, known, jobs, handlers);
    if (places.length > 0) await executor.run({ of: jobs, places }, recording);
  }

  /** Tells what is known; returns the places of the jobs that are left. */
  private async replay<Job, Output>(
    earlier: EarlierJobs,
    known: JournaledJobs,
    jobs: WholeJobList<Job>,
    handlers: JobHandlers<Output>,
  ): Promise<Int32Array> {
    const { signal } = this.options;
    const count = countJobs(jobs);
    const done = new Uint8Array(count);
    handlers.replaying?.(new Set(known.jobs).size);
    let lastTurn = performance.now();
    for (let i = 0; i < known.jobs.length; i++) {
      const job = known.jobs[i];
      if (job >= count) throw changedList();
      if (done[job] === 1) continue;
      if (performance.now() - lastTurn >= TURN_MS) {
        await nextTurn();
        await handlers.caughtUp?.();
        lastTurn = performance.now();
      }
      if (signal.aborted) throw new CancelledError();
      done[job] = 1;
      retell(earlier.entry(known, i), handlers);
    }
    const left = new Int32Array(count - done.reduce((sum, each) => sum + each, 0));
    for (let place = 0, next = 0; place < count; place++) if (done[place] === 0) left[next++] = place;
    return left;
  }
}

function changedList(): EngineError {
  return new EngineError(
    'journal',
    'The journal of this run does not fit the experiment: its jobs are others now, perhaps because a file that the experiment names has changed. Run the experiment again.',
    EXIT.invalid,
  );
}
