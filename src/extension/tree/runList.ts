import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/record';
import { scalarResults } from '../../protocol/results/scalars';
import { DisposableStore } from '../disposable';
import type { ExperimentDocuments } from '../experiments/experimentDocuments';
import { progressWords } from '../runs/progressWords';
import type { Runs } from '../runs/runs';
import type { SpokenWords } from '../spokenWords';
import { ExperimentHashes } from './experimentHashes';
import { verdictState, type EntryState, type RunEntry } from './runEntry';
import { countVerdicts } from './storedRun';
import type { FoundRun, StoredRuns } from './storedRuns';

const PINS = 'pinnedRuns';
/** Empty file in the folder of a pinned run, which keeps `recovery gc` away. */
const PIN_FILE = 'pinned';

/** Every run that there is to see, on disk and in this window, as one list. */
export class RunList implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly hashes: ExperimentHashes;
  private list: RunEntry[] = [];
  private updates = 0;
  /** Folders that have been marked as pinned, or tried to be. */
  private readonly marked = new Set<string>();

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly stored: StoredRuns,
    private readonly runs: Runs,
    experiments: ExperimentDocuments,
    private readonly words: SpokenWords,
    private readonly memory: vscode.Memento,
  ) {
    this.hashes = new ExperimentHashes(experiments);
    const update = () => void this.update();
    this.store.add(stored.onDidChange(update));
    this.store.add(runs.onDidChangeState(update));
    this.store.add(experiments.onDidChange(update));
    this.store.add(runs.onDidEnd(() => void stored.refresh()));
    const files = this.store.add(vscode.workspace.createFileSystemWatcher('**/*.recovery.json'));
    for (const event of [files.onDidCreate, files.onDidChange, files.onDidDelete])
      this.store.add(event(() => stored.refreshSoon()));
  }

  entries(): readonly RunEntry[] {
    return this.list;
  }

  /** All runs, read first where none is known yet: a command may be what activates the extension. */
  async read(): Promise<readonly RunEntry[]> {
    if (this.list.length === 0) {
      await this.stored.refresh();
      await this.update();
    }
    return this.list;
  }

  async pin(ids: readonly string[], pinned: boolean): Promise<void> {
    const others = this.pins().filter((id) => !ids.includes(id));
    await this.memory.update(PINS, pinned ? [...others, ...ids] : others);
    if (!pinned) await Promise.all(ids.map((id) => this.unmark(id)));
    await this.update();
  }

  /** Words of progress of a live run, fresh. */
  progressOf(id: string): string | undefined {
    const live = this.runs.active().find(({ run }) => run.record.id === id);
    return live && progressWords(live.run.record);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async update(): Promise<void> {
    const turn = ++this.updates;
    const pins = new Set(this.pins());
    const latest = this.runs.latest();
    const ofWindow = new Map(
      latest.flatMap(({ run }) => {
        const folder = run.record.accepted?.runFolder;
        return folder ? [[vscode.Uri.file(folder).toString(), run] as const] : [];
      }),
    );
    const onDisk = await Promise.all(
      this.stored
        .all()
        .filter(({ folder }) => (ofWindow.get(folder.toString())?.activity ?? 'idle') === 'idle')
        .map((found) => this.storedEntry(found, ofWindow.get(found.folder.toString())?.record, pins)),
    );
    const inWindow = latest
      .filter(({ run }) => run.activity !== 'idle' || (run.hasBegun && !run.record.accepted?.runFolder))
      .map(({ uri, run }) => recordEntry(uri, run.record, pins));
    // A later look at everything may have overtaken this one.
    if (turn !== this.updates) return;
    this.list = [...inWindow, ...onDisk].map((entry) => ({
      ...entry,
      message: entry.message && this.words.failure(entry.message),
    }));
    this.changed.fire();
  }

  /**
   * `record` is what this window saw of the run. It tells more about a bad end than the folder, and knows the results of a run
   * that has just ended before its summary was read.
   */
  private async storedEntry(found: FoundRun, record: RunRecord | undefined, pins: ReadonlySet<string>): Promise<RunEntry> {
    const { folder, run, file, hasReport } = found;
    const id = folder.toString();
    if (pins.has(id)) await this.mark(folder);
    const seen = record && recordState(record);
    return {
      ...run,
      id,
      ...(record?.finished && outcome(record.finished)),
      state: seen ?? (run.state === 'finished' ? verdictState(run.verdicts) : run.state),
      message: (record && recordMessage(record)) ?? run.message,
      file: file?.toString(),
      folder: id,
      hasReport,
      pinned: pins.has(id),
      stale: file !== undefined && run.hash !== null && run.hash !== (await this.hashes.of(file)),
      progress: undefined,
    };
  }

  /** Of a folder where nothing may be written the list alone knows it. */
  private async mark(folder: vscode.Uri): Promise<void> {
    const id = folder.toString();
    if (this.marked.has(id)) return;
    this.marked.add(id);
    const file = vscode.Uri.joinPath(folder, PIN_FILE);
    try {
      // Whatever is there, a link too, stays as it is.
      if (!(await isThere(file))) await vscode.workspace.fs.writeFile(file, new Uint8Array());
    } catch {
      // It is pinned all the same.
    }
  }

  private async unmark(id: string): Promise<void> {
    this.marked.delete(id);
    const found = this.stored.all().find(({ folder }) => folder.toString() === id);
    if (!found) return;
    try {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(found.folder, PIN_FILE));
    } catch {
      // It was not marked.
    }
  }

  private pins(): string[] {
    return this.memory.get<string[]>(PINS, []);
  }
}

async function isThere(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}

/** A run of this window that is not on disk, or not only. */
function recordEntry(uri: vscode.Uri, record: RunRecord, pins: ReadonlySet<string>): RunEntry {
  const { id, fileName, startedAt, accepted, finished, engine } = record;
  const config = accepted?.config;
  return {
    id,
    state: recordState(record),
    file: uri.toString(),
    origin: undefined,
    fileName,
    folder: accepted?.runFolder ? vscode.Uri.file(accepted.runFolder).toString() : undefined,
    title: config?.title ?? '',
    kind: config?.experiment ?? '',
    hash: accepted?.hash ?? null,
    engine,
    seed: accepted?.seed ?? null,
    startedAt,
    message: recordMessage(record),
    ...outcome(finished),
    hasReport: false,
    pinned: pins.has(id),
    stale: false,
    progress: progressWords(record),
  };
}

const outcome = (finished: RunRecord['finished']): Pick<RunEntry, 'verdicts' | 'results'> => ({
  verdicts: countVerdicts(finished?.summary),
  results: scalarResults(finished?.summary),
});

function recordState(record: RunRecord): EntryState {
  switch (record.state) {
    case 'waiting':
      return 'running';
    case 'finished':
      return verdictState(countVerdicts(record.finished?.summary));
    default:
      return record.state;
  }
}

function recordMessage({ crash, failed, state }: RunRecord): string | undefined {
  return state === 'failed' ? failed?.message : (crash?.split('\n', 1)[0] ?? undefined);
}
