import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/record';
import { readEvents } from './savedRun';

/** What is remembered about the last run of a file. */
interface Entry {
  id: string;
  fileName: string;
  startedAt: number;
  /** Folder with `events.jsonl`; null when the record itself is kept by the extension. */
  runFolder: string | null;
}

const KEY = 'runs';
/** Files whose last run is remembered; the oldest go first. */
const CAPACITY = 100;

/** Remembers over a window reload which run was the last of each file and where it is kept. */
export class RunHistory {
  constructor(
    private readonly memory: vscode.Memento,
    /** Folder for records of runs without a run folder; undefined in a window without one. */
    private readonly storage: vscode.Uri | undefined,
  ) {}

  has(uri: vscode.Uri): boolean {
    return this.entries().some(([key]) => key === uri.toString());
  }

  /** Files with a run, the latest first. */
  files(): vscode.Uri[] {
    return this.entries()
      .map(([key]) => vscode.Uri.parse(key))
      .reverse();
  }

  /** Run folders that are remembered, of files in this workspace and elsewhere. */
  folders(): vscode.Uri[] {
    return this.entries().flatMap(([, { runFolder }]) => (runFolder === null ? [] : [vscode.Uri.file(runFolder)]));
  }

  /** Call when the engine has accepted a run and said where it writes. */
  async began(uri: vscode.Uri, { id, fileName, startedAt, accepted }: RunRecord): Promise<void> {
    const entry: Entry = { id, fileName, startedAt, runFolder: accepted?.runFolder ?? null };
    const others = this.entries().filter(([key]) => key !== uri.toString());
    await this.write([...others, [uri.toString(), entry] as const].slice(-CAPACITY));
  }

  /** Call when a run is over. */
  async ended(uri: vscode.Uri, record: RunRecord): Promise<void> {
    if (!record.accepted || record.accepted.runFolder !== null || !this.storage) return;
    await vscode.workspace.fs.createDirectory(this.storage);
    await vscode.workspace.fs.writeFile(recordFile(this.storage, uri), Buffer.from(JSON.stringify(record)));
  }

  /** The last run of a file; undefined when there was none or its files are gone. */
  async read(uri: vscode.Uri): Promise<RunRecord | undefined> {
    const entry = this.entries().find(([key]) => key === uri.toString())?.[1];
    if (!entry) return undefined;
    try {
      return entry.runFolder === null ? await this.readRecord(uri) : await readEvents(vscode.Uri.file(entry.runFolder), entry);
    } catch {
      return undefined;
    }
  }

  private async readRecord(uri: vscode.Uri): Promise<RunRecord | undefined> {
    if (!this.storage) return undefined;
    const bytes = await vscode.workspace.fs.readFile(recordFile(this.storage, uri));
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as RunRecord;
  }

  private entries(): (readonly [string, Entry])[] {
    return Object.entries(this.memory.get<Record<string, Entry>>(KEY, {}));
  }

  private write(entries: (readonly [string, Entry])[]): Thenable<void> {
    return this.memory.update(KEY, Object.fromEntries(entries));
  }
}

/** One record for each file: a new run writes over the last. */
function recordFile(storage: vscode.Uri, uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(storage, `${createHash('sha256').update(uri.toString()).digest('hex')}.json`);
}
