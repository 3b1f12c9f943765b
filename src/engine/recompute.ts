import fs from 'node:fs';
import path from 'node:path';
import { experimentHash } from '../experiment';
import { EngineError, EXIT } from './errors';
import { randomStream } from './random/stream';
import { createExecutor, workerCount } from './schedule/create';
import type { Executor, JobHandlers, JobList } from './schedule/executor';
import { JournaledExecutor } from './schedule/journaledExecutor';
import { encodeExact } from './store/exactJson';
import { SavedJournal } from './store/readJournal';
import { RUN_FILES } from './store/runFiles';
import { readSavedRun, resumableOrigin } from './store/savedRun';
import { conductStudy, parallelJobs } from './studies/registry';
import { concludeStudy, summaryText } from './summary';
import { predict } from './theory';
import { validate } from './validate';
import { ENGINE_VERSION } from './version';

export interface RecomputeOptions {
  /** How many finished jobs (trainings, mostly) are computed anew; a run that was too short for a journal is, wholly. */
  cells: number;
  /** Which ones. */
  seed: number;
  workers: number | undefined;
  workerFile: string | undefined;
  signal: AbortSignal;
}

/** What computing a part of a run anew gave. */
export interface Recomputation {
  readonly seed: number;
  /** Jobs that were computed anew and are in the journal; null when there is no journal and all was computed anew. */
  readonly jobs: number | null;
  /** Jobs of the journal. */
  readonly of: number;
  /** Those that came out otherwise: which list of the run, and the place in it. */
  readonly different: { list: number; job: number }[];
  /** Whether summary.json is what the journal, or the new computation, leads to; null for a run that did not come to its end. */
  readonly sameSummary: boolean | null;
  readonly valid: boolean;
}

/**
 * Computes a random sample of a run's jobs anew and compares bit for bit, then draws the conclusions from the journal anew and
 * compares the summary.
 *
 * @throws EngineError when the run is not one of this engine's
 */
export async function recomputeRun(folder: string, options: RecomputeOptions): Promise<Recomputation> {
  const saved = readSavedRun(folder);
  const { text, fileName } = resumableOrigin(saved);
  const { experiment } = validate(text, fileName);
  if (!experiment || experimentHash(experiment) !== saved.hash)
    throw new EngineError(
      'experiment-changed',
      `The run in ${folder} cannot be computed anew: its experiment is another one now, perhaps because a file that it names has changed.`,
      EXIT.invalid,
    );
  const { cells, seed, signal, workerFile } = options;
  const journal = SavedJournal.read(path.join(folder, RUN_FILES.journal), { hash: saved.hash, engine: ENGINE_VERSION });
  const parallel = Math.min(parallelJobs(experiment), journal ? cells : Infinity);
  const inner = createExecutor(
    { experiment, signal },
    workerCount({ workers: options.workers, workerFile }, parallel),
    workerFile,
  );
  const comparing = journal && new ComparingExecutor(inner, journal, chooseJobs(journal, cells, seed), signal);
  const prediction = predict(experiment);
  let sameSummary: boolean | null = null;
  try {
    const results = await conductStudy({
      experiment,
      prediction,
      executor: comparing ?? inner,
      folder: path.dirname(fileName),
      emit: () => undefined,
      tellCell: () => undefined,
      keepTrial: () => undefined,
      caughtUp: () => undefined,
      keep: () => undefined,
    });
    const summary = concludeStudy(experiment, saved.hash, prediction, results);
    const file = path.join(folder, RUN_FILES.summary);
    if (fs.existsSync(file)) sameSummary = fs.readFileSync(file, 'utf8') === summaryText(summary);
  } catch (error) {
    if (!(error instanceof JournalEnds)) throw error;
    // Of a run with a summary the journal has every job.
    if (fs.existsSync(path.join(folder, RUN_FILES.summary))) sameSummary = false;
  } finally {
    await inner.close();
    journal?.close();
  }
  const different = comparing?.different ?? [];
  return {
    seed,
    jobs: comparing?.compared ?? null,
    of: journal?.jobs ?? 0,
    different,
    sameSummary,
    valid: different.length === 0 && sameSummary !== false,
  };
}

/** The journal has no more jobs: the run did not come to its end. */
class JournalEnds extends Error {}

/** Tells what the journal says, and computes the chosen jobs anew. */
class ComparingExecutor implements Executor {
  readonly different: { list: number; job: number }[] = [];
  compared = 0;
  private runs = 0;
  private readonly journaled: JournaledExecutor;

  constructor(
    private readonly inner: Executor,
    private readonly journal: SavedJournal,
    /** By list: numbers of entries. */
    private readonly chosen: ReadonlyMap<number, number[]>,
    signal: AbortSignal,
  ) {
    const nothing: Executor = {
      workers: 0,
      share: () => undefined,
      run: () => Promise.reject(new JournalEnds()),
      close: () => Promise.resolve(),
    };
    this.journaled = new JournaledExecutor({ executor: nothing, keep: () => undefined, earlier: journal, signal });
  }

  get workers(): number {
    return this.inner.workers;
  }

  share(shared: unknown): void {
    this.inner.share(shared);
    this.journaled.share(shared);
  }

  async run<Job, Output>(jobs: JobList<Job>, handlers: JobHandlers<Output>): Promise<void> {
    if ('of' in jobs) throw new Error('a study hands out whole lists');
    const run = this.runs++;
    const known = this.journal.lists.get(run);
    const chosen = this.chosen.get(run);
    if (known && chosen) {
      const entries = new Map(chosen.map((index) => [known.jobs[index], index]));
      await this.inner.run<Job, Output>(
        { of: jobs, places: Int32Array.from(entries.keys()) },
        {
          output: (output, job, steps) => {
            const entry = this.journal.entry(known, entries.get(job)!);
            this.compared++;
            if (entry.steps !== steps || encodeExact(entry.output) !== encodeExact(output))
              this.different.push({ list: run, job });
          },
        },
      );
    }
    await this.journaled.run(jobs, handlers);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

/** A random sample of the entries of a journal, the same for the same seed. */
function chooseJobs({ lists, jobs }: SavedJournal, count: number, seed: number): Map<number, number[]> {
  const stream = randomStream(seed, 'verify');
  const chosen = new Map<number, number[]>();
  let left = Math.min(count, jobs);
  let remaining = jobs;
  for (const [list, entries] of lists) {
    for (let index = 0; index < entries.jobs.length; index++, remaining--) {
      // Every sample of this size is equally likely (Knuth, TAOCP 2, algorithm 3.4.2 S).
      if (stream.integer(remaining) >= left) continue;
      left--;
      const of = chosen.get(list);
      if (of) of.push(index);
      else chosen.set(list, [index]);
    }
  }
  return chosen;
}
