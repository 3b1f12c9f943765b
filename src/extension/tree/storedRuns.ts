import * as vscode from 'vscode';
import { DisposableStore } from '../disposable';
import { baseName } from '../experiments/experimentFile';
import { readText, searchFiles } from '../files';
import { lastEvent } from './lastEvent';
import { subfolders, virtualRunsFolders } from './runsFolders';
import { readStoredRun, type StoredRun } from './storedRun';

/** Folder beside experiment files that holds their runs. */
export const RUNS_FOLDER = 'recovery-runs';

/** Files of a run folder come one after the other; the list follows once they rest. */
const DEBOUNCE_MS = 300;

export interface FoundRun {
  folder: vscode.Uri;
  run: StoredRun;
  /** The experiment file; undefined when it is not where it was. */
  file: vscode.Uri | undefined;
  hasReport: boolean;
}

/** The run folders of this workspace, and of files elsewhere that were run from here. */
export class StoredRuns implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly cache = new Map</* folder */ string, { version: string; found: FoundRun | undefined }>();
  private runs: readonly FoundRun[] = [];
  private timer: NodeJS.Timeout | undefined;
  private scanning: Promise<void> = Promise.resolve();

  /** The list is another one. */
  readonly onDidChange = this.changed.event;

  /** `known` are run folders that may lie outside of the workspace. */
  constructor(
    private readonly known: () => readonly vscode.Uri[],
    private readonly onError: (error: unknown) => void,
  ) {
    const watcher = this.store.add(
      vscode.workspace.createFileSystemWatcher(`**/${RUNS_FOLDER}/*/{experiment.json,summary.json,report.html}`),
    );
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
      this.store.add(event(() => this.refreshSoon()));
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refreshSoon()));
  }

  all(): readonly FoundRun[] {
    return this.runs;
  }

  refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), DEBOUNCE_MS);
  }

  /** Looks at the disk again; one look after the other. */
  refresh(): Promise<void> {
    this.scanning = this.scanning.then(() => this.scan()).catch(this.onError);
    return this.scanning;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.store.dispose();
  }

  private async scan(): Promise<void> {
    const inside = await searchFiles(`**/${RUNS_FOLDER}/*/experiment.json`);
    const named = [...inside.map((file) => parent(file)), ...this.known()].map(parent);
    const parents = new Map([...named, ...(await virtualRunsFolders(RUNS_FOLDER))].map((folder) => [folder.toString(), folder]));
    const folders = (await Promise.all([...parents.values()].map(subfolders))).flat();
    const keys = new Set(folders.map(String));
    for (const key of this.cache.keys()) if (!keys.has(key)) this.cache.delete(key);
    this.runs = (await Promise.all(folders.map((folder) => this.look(folder)))).filter((found) => found !== undefined);
    this.changed.fire();
  }

  /** Reads a run folder, unless its files are as they were. */
  private async look(folder: vscode.Uri): Promise<FoundRun | undefined> {
    const file = (name: string) => vscode.Uri.joinPath(folder, name);
    const names = ['experiment.json', 'summary.json', 'events.jsonl', 'report.html'] as const;
    const [experiment, summary, events, report] = await Promise.all(names.map((name) => mtime(file(name))));
    if (experiment === undefined) return undefined;
    const version = [experiment, summary, summary === undefined ? events : '', report].join(' ');
    const known = this.cache.get(folder.toString());
    if (known?.version === version)
      return known.found && { ...known.found, file: await this.experimentOf(folder, known.found.run) };
    const run = readStoredRun({
      name: baseName(folder),
      experiment: await readJson(file('experiment.json')),
      summary: summary === undefined ? undefined : await readJson(file('summary.json')),
      lastEvent: summary === undefined ? await lastEvent(file('events.jsonl')) : undefined,
      writtenAt: experiment,
    });
    const found = run && { folder, run, file: await this.experimentOf(folder, run), hasReport: report !== undefined };
    this.cache.set(folder.toString(), { version, found });
    return found;
  }

  /**
   * The file that ran: where it was, or beside the folder of runs, to which both may have moved. A path out of the workspace is
   * followed only for runs that were started from here: any other folder may have come from somebody else.
   */
  private async experimentOf(folder: vscode.Uri, { origin, fileName }: StoredRun): Promise<vscode.Uri | undefined> {
    const beside = vscode.Uri.joinPath(folder, '..', '..', fileName);
    const original = origin === undefined ? undefined : vscode.Uri.file(origin);
    const isTrusted =
      original !== undefined &&
      (vscode.workspace.getWorkspaceFolder(original) !== undefined ||
        this.known().some((known) => known.toString() === folder.toString()));
    for (const candidate of isTrusted ? [original, beside] : [beside]) if (await isFile(candidate)) return candidate;
    return undefined;
  }
}

const parent = (uri: vscode.Uri) => vscode.Uri.joinPath(uri, '..');

/**
 * Undefined also for what is no plain file of the folder: a symbolic link in a run folder could lead anywhere, and a device never
 * ends.
 */
async function mtime(file: vscode.Uri): Promise<number | undefined> {
  try {
    const { type, mtime } = await vscode.workspace.fs.stat(file);
    return type === vscode.FileType.File ? mtime : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is such a file, by itself or by a link. */
async function isFile(file: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(file)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}

async function readJson(file: vscode.Uri): Promise<unknown> {
  try {
    return JSON.parse(await readText(file));
  } catch {
    return undefined;
  }
}
