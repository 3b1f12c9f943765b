import fs from 'node:fs';
import path from 'node:path';
import type { ResolvedExperiment } from '../../experiment/resolved';
import type { EngineEvent } from '../../protocol/events';
import { EngineError, EXIT } from '../errors';
import { readSettings, SLURM_FOLDER } from '../slurm/settings';
import { ENGINE_VERSION } from '../version';
import { AppendFile, syncFolder, writeSynced } from './appendFile';
import { removeCheckpoints, removeEmptyFolder } from './checkpoint';
import { CheckpointFiles } from './checkpointFiles';
import { Journal, JOURNAL_VERSION, type JournalEntry } from './journal';
import { SavedJournal } from './readJournal';
import { requireOwnFiles } from './ownFiles';
import { CERTIFICATES, RUN_FILES } from './runFiles';
import { RunLock } from './runLock';
import { RUN_FORMAT, type RunOrigin, type SavedRun } from './savedRun';
import { storeError } from './storeError';

/** A file that is written whole or not at all. */
export interface WholeFile {
  name: string;
  text: string;
}

/** Lines of trainings are gathered up to this length. */
const TRIALS_LENGTH = 64 * 1024;

/**
 * The folder of one run, of which this process alone writes. Every failure is an EngineError that names the folder and says
 * what to do.
 */
export class RunFolder {
  private readonly events: AppendFile;
  private readonly journal: Journal;
  /** Of jobs on their way. */
  readonly checkpoints: CheckpointFiles;
  /** There when there is something in it. */
  private trials: AppendFile | undefined;
  private pendingTrials: string[] = [];
  private pendingLength = 0;
  private completed = false;

  private constructor(
    /** Absolute. */
    readonly path: string,
    private readonly lock: RunLock,
    hash: string,
    /** What earlier sessions of the run finished; undefined for a new run. */
    readonly earlier: SavedJournal | undefined,
    onError: (error: unknown) => void,
  ) {
    this.checkpoints = new CheckpointFiles(path);
    this.events = new AppendFile(this.file(RUN_FILES.events));
    this.journal = new Journal(
      this.file(RUN_FILES.journal),
      { journal: JOURNAL_VERSION, hash, engine: ENGINE_VERSION },
      {
        ...(earlier ? { kept: earlier.length } : {}),
        onError: (error) => onError(storeError(error, path)),
      },
    );
  }

  /**
   * Opens `folder` for a new run, made where it is missing. What an earlier run left there is removed first, so that its summary
   * cannot be taken for that of a run that failed.
   *
   * @param onError hears of failures that happen outside of any call
   */
  static open(
    folder: string,
    experiment: ResolvedExperiment,
    hash: string,
    origin?: RunOrigin,
    onError: (error: unknown) => void = () => {},
  ): RunFolder {
    const absolute = path.resolve(folder);
    return opening(
      absolute,
      () => makeFolder(absolute),
      (lock) => {
        for (const name of Object.values(RUN_FILES)) fs.rmSync(path.join(absolute, name), { force: true });
        removeCertificates(path.join(absolute, CERTIFICATES));
        removeCheckpoints(absolute);
        // Only what a run left there.
        if (readSettings(absolute)) fs.rmSync(path.join(absolute, SLURM_FOLDER), { recursive: true, force: true });
        const run = new RunFolder(absolute, lock, hash, undefined, onError);
        const content = { format: RUN_FORMAT, hash, engine: ENGINE_VERSION, ...origin, experiment };
        run.writeWhole([{ name: RUN_FILES.experiment, text: `${JSON.stringify(content, null, 2)}\n` }]);
        return run;
      },
    );
  }

  /**
   * Opens the folder of a run that did not come to its end. Its events are told anew, from the journal.
   *
   * @throws EngineError `run-complete` when there is nothing left to do
   */
  static resume({ folder, hash }: SavedRun, onError: (error: unknown) => void = () => {}): RunFolder {
    return opening(
      folder,
      () => {},
      (lock) => {
        if (isComplete(folder))
          throw new EngineError(
            'run-complete',
            `The run in ${folder} has come to its end: there is nothing to resume.`,
            EXIT.invalid,
          );
        const journal = SavedJournal.read(path.join(folder, RUN_FILES.journal), { hash, engine: ENGINE_VERSION });
        const run = new RunFolder(folder, lock, hash, journal, onError);
        // A run that was killed between keeping a result and removing what it went on from.
        for (const [list, { jobs }] of journal?.lists ?? []) for (const job of jobs) run.checkpoints.remove(list, job);
        return run;
      },
    );
  }

  /** Keeps a finished job, at the latest before the events that are appended next. */
  keepJob(entry: JournalEntry): void {
    const { run, job } = entry;
    this.journal.add(entry, this.checkpoints.has(run, job) ? () => this.checkpoints.remove(run, job) : undefined);
  }

  /** Keeps the line of a training, at the latest before the events that are appended next. */
  keepTrial(line: string): void {
    this.pendingTrials.push(line);
    this.pendingLength += line.length;
    if (this.pendingLength < TRIALS_LENGTH) return;
    try {
      this.writeTrials();
    } catch (error) {
      throw storeError(error, this.path);
    }
  }

  /** Appends an event to `events.jsonl`; a line is there whole or not at all. */
  append(event: EngineEvent): void {
    this.appendLines(`${JSON.stringify(event)}\n`);
  }

  /** Appends events that are whole lines already; all of them are there or none. */
  appendLines(lines: string): void {
    try {
      // What anybody is told to be finished is in the journal.
      this.journal.write();
      this.writeTrials();
      this.events.append(lines);
    } catch (error) {
      throw storeError(error, this.path);
    }
  }

  /** Keeps the proof of a rank, as JSON under `certificates`. */
  writeCertificate(name: string, certificate: object): void {
    try {
      makeFolder(this.file(CERTIFICATES));
      this.writeWhole([{ name: path.join(CERTIFICATES, name), text: `${JSON.stringify(certificate, null, 2)}\n` }]);
    } catch (error) {
      throw storeError(error, this.path);
    }
  }

  /** Writes the results of a run that came to its end, with its last event; afterwards all are there, or none. */
  complete(files: readonly WholeFile[], finished: EngineEvent): void {
    try {
      this.journal.write();
      this.writeTrials();
      this.writeWhole(files, () => {
        this.journal.finish();
        this.trials?.sync();
        this.events.append(`${JSON.stringify(finished)}\n`);
        this.events.sync();
      });
      this.completed = true;
      this.checkpoints.removeAll();
    } catch (error) {
      throw storeError(error, this.path);
    }
  }

  /** @throws EngineError when finished jobs of a run without an end cannot be kept. */
  close(): void {
    try {
      if (!this.completed) this.journal.close();
    } catch (error) {
      throw storeError(error, this.path);
    } finally {
      this.events.close();
      this.trials?.close();
      this.earlier?.close();
      this.lock.release();
    }
  }

  private writeTrials(): void {
    if (this.pendingTrials.length === 0) return;
    this.trials ??= new AppendFile(this.file(RUN_FILES.trials));
    this.trials.append(this.pendingTrials.join(''));
    this.pendingTrials = [];
    this.pendingLength = 0;
  }

  file(name: string): string {
    return path.join(this.path, name);
  }

  /** Writes under temporary names first: a full disk shows before anything has its name. */
  private writeWhole(files: readonly WholeFile[], beforeNaming: () => void = () => {}): void {
    const written: string[] = [];
    try {
      for (const { name, text } of files) {
        const temporary = this.file(`${name}.partial`);
        written.push(temporary);
        writeSynced(temporary, text);
      }
      beforeNaming();
      for (const { name } of files) fs.renameSync(this.file(`${name}.partial`), this.file(name));
      for (const folder of new Set(files.map(({ name }) => path.dirname(this.file(name))))) syncFolder(folder);
    } catch (error) {
      for (const temporary of written) fs.rmSync(temporary, { force: true });
      throw error;
    }
  }
}

/** Whether the run in a folder came to its end. */
export function isComplete(folder: string): boolean {
  return fs.existsSync(path.join(folder, RUN_FILES.summary));
}

/** Opens a folder under its lock, which is given back when that fails. */
function opening(folder: string, make: () => void, open: (lock: RunLock) => RunFolder): RunFolder {
  let lock: RunLock | undefined;
  try {
    make();
    requireOwnFiles(folder);
    lock = RunLock.take(folder);
    return open(lock);
  } catch (error) {
    lock?.release();
    throw storeError(error, folder);
  }
}

/** Removes the certificates of an earlier run, and the folder if nothing else is in it. */
function removeCertificates(folder: string): void {
  for (const name of certificateNames(folder)) fs.rmSync(path.join(folder, name), { force: true });
  removeEmptyFolder(folder);
}

/** Names of the certificates in a folder, in the order of their names; other files are none of our business. */
export function certificateNames(folder: string, suffix: '' | '.partial' = ''): string[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const isOurs = (name: string) => name.endsWith(suffix) && CERTIFICATE_NAME.test(name.slice(0, name.length - suffix.length));
  return names.filter(isOurs).sort(byNumber);
}

const CERTIFICATE_NAME = /^(minimal-representation|point-\d+(-samples-\d+)?|samples-\d+)\.json$/;

/** `samples-9` before `samples-10`. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Makes a folder and what is missing above it, one by one: Node's own way never ends where a parent refuses with ENOENT. */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (
    let ancestor = folder;
    !fs.existsSync(ancestor) && path.dirname(ancestor) !== ancestor;
    ancestor = path.dirname(ancestor)
  ) {
    missing.unshift(ancestor);
  }
  // A folder that is there already makes the loop empty; a file in its place must still be an error.
  for (const each of missing.length > 0 ? missing : [folder]) {
    try {
      fs.mkdirSync(each);
    } catch (error) {
      // Another run may have made it in the meantime.
      if (!fs.statSync(each, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  }
}

/** `recovery-runs/<stem>-<hash>-<time>` beside the experiment: a name that no run has yet. */
export function defaultRunFolder(experimentFile: string, hash: string, now: Date): string {
  const stem = path.basename(experimentFile).replace(/(\.recovery)?\.json$/, '');
  const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const base = path.join(path.dirname(path.resolve(experimentFile)), 'recovery-runs', `${stem}-${hash.slice(0, 8)}-${time}`);
  for (let copy = 2, folder = base; ; copy++) {
    if (!fs.existsSync(folder)) return folder;
    folder = `${base}-${copy}`;
  }
}
