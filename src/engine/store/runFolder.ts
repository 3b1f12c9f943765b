import fs from 'node:fs';
import path from 'node:path';
import type { ResolvedExperiment } from '../../experiment/resolved';
import type { EngineEvent } from '../../protocol/events';
import { ENGINE_VERSION } from '../version';
import { AppendFile } from './appendFile';
import { storeError } from './storeError';

/** Folder of a run folder with the proofs of its ranks. */
export const CERTIFICATES = 'certificates';

/** Files of a run folder. `summary.json` is there only when the run came to its end. */
export const RUN_FILES = {
  experiment: 'experiment.json',
  events: 'events.jsonl',
  summary: 'summary.json',
  report: 'report.html',
} as const;

/** A file that is written whole or not at all. */
export interface WholeFile {
  name: string;
  text: string;
}

/** The folder of one run. Every failure is an EngineError that names the folder and says what to do. */
export class RunFolder {
  private readonly events: AppendFile;

  private constructor(
    /** Absolute. */
    readonly path: string,
  ) {
    this.events = new AppendFile(this.file(RUN_FILES.events));
  }

  /**
   * Opens `folder`, made where it is missing. What an earlier run left there is removed first, so that its summary
   * cannot be taken for that of a run that failed.
   */
  static open(folder: string, experiment: ResolvedExperiment, hash: string): RunFolder {
    const absolute = path.resolve(folder);
    try {
      makeFolder(absolute);
      for (const name of Object.values(RUN_FILES)) fs.rmSync(path.join(absolute, name), { force: true });
      removeCertificates(path.join(absolute, CERTIFICATES));
      const run = new RunFolder(absolute);
      run.writeWhole([
        { name: RUN_FILES.experiment, text: `${JSON.stringify({ hash, engine: ENGINE_VERSION, experiment }, null, 2)}\n` },
      ]);
      return run;
    } catch (error) {
      throw storeError(error, absolute);
    }
  }

  /** Appends an event to `events.jsonl`; a line is there whole or not at all. */
  append(event: EngineEvent): void {
    this.appendLines(`${JSON.stringify(event)}\n`);
  }

  /** Appends events that are whole lines already; all of them are there or none. */
  appendLines(lines: string): void {
    try {
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
      this.writeWhole(files, () => {
        this.events.append(`${JSON.stringify(finished)}\n`);
        this.events.sync();
      });
    } catch (error) {
      throw storeError(error, this.path);
    }
  }

  close(): void {
    this.events.close();
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
        const descriptor = fs.openSync(temporary, 'w');
        try {
          fs.writeFileSync(descriptor, text);
          fs.fsyncSync(descriptor);
        } finally {
          fs.closeSync(descriptor);
        }
      }
      beforeNaming();
      for (const { name } of files) fs.renameSync(this.file(`${name}.partial`), this.file(name));
    } catch (error) {
      for (const temporary of written) fs.rmSync(temporary, { force: true });
      throw error;
    }
  }
}

/** Removes the certificates of an earlier run, and the folder if nothing else is in it. */
function removeCertificates(folder: string): void {
  for (const name of certificateNames(folder)) fs.rmSync(path.join(folder, name), { force: true });
  try {
    fs.rmdirSync(folder);
  } catch {
    // It is not there, or somebody keeps other files in it.
  }
}

/** Names of the certificates in a folder, in the order of their names; other files are none of our business. */
export function certificateNames(folder: string): string[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names.filter((name) => CERTIFICATE_NAME.test(name)).sort(byNumber);
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
