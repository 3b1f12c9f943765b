import * as vscode from 'vscode';
import type { EngineEvent } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { emptyRecord } from '../../protocol/reduce';
import { readSetting, SECTION } from '../configuration';
import { DisposableStore } from '../disposable';
import type { EngineLocation } from '../engineLocation';
import { cellText, type CellChoice } from '../experiments/cellText';
import { baseName, localFolder } from '../experiments/experimentFile';
import { runLimit } from '../queue/runLimit';
import { RunQueue } from '../queue/runQueue';
import { executorChoice } from './executorChoice';
import type { ReadyEngine } from './readyEngine';
import { Run, type BeginCommand } from './run';
import type { RunHistory } from './runHistory';
import { runId } from './runId';
import type { RunLog } from './runLog';
import { workingFolder } from './workingFolder';

/** All runs of this window: at most one at a time for each file, and no more at once than the person allows; others queue. */
export class RunManager implements vscode.Disposable {
  /** Whether anything can be run in this window at all. */
  readonly canRun: boolean = true;
  private readonly store = new DisposableStore();
  private readonly runs = new Map</* uri */ string, Run>();
  private readonly queue = new RunQueue<Run>(() => runLimit(), {
    start: (run) => run.launch(),
    moved: (run) => run.queuedAt(this.queue.position(run)),
  });
  private readonly restored = new Map</* uri */ string, RunRecord>();
  private readonly started = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  private readonly stateChanged = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  private readonly events = this.store.add(new vscode.EventEmitter<{ uri: vscode.Uri; event: EngineEvent }>());
  private readonly ended = this.store.add(new vscode.EventEmitter<{ uri: vscode.Uri; run: Run }>());
  private readonly recalled = this.store.add(new vscode.EventEmitter<vscode.Uri>());

  /** A new run is there, at work or queued; the record of the file is another one from now on. */
  readonly onDidStart = this.started.event;
  readonly onDidChangeState = this.stateChanged.event;
  readonly onEvent = this.events.event;
  /** The process is gone and the record complete. */
  readonly onDidEnd = this.ended.event;

  /** The last run of a file was read again from disk. */
  readonly onDidRecall = this.recalled.event;

  constructor(
    private readonly engine: EngineLocation,
    private readonly ready: Pick<ReadyEngine, 'take'>,
    private readonly log: RunLog,
    private readonly history: RunHistory,
  ) {
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${SECTION}.maxConcurrentRuns`)) this.queue.fill();
      }),
    );
  }

  /** Runs a file, all of its cells or one, as soon as there is room for it; the file must not be running or queued. */
  start({ uri, text }: { uri: vscode.Uri; text: string }, cell?: CellChoice): Run {
    const isOnDisk = localFolder(uri) !== undefined;
    return this.begin(uri, cell ? undefined : text, {
      type: 'start',
      text: cell ? cellText(text, cell) : text,
      fileName: isOnDisk ? uri.fsPath : baseName(uri),
      ...engineSettings(uri),
      // Without a word the engine makes a run folder beside the file; where there is no beside, the record is kept here.
      outFolder: isOnDisk ? undefined : null,
      ...executorChoice(uri),
    });
  }

  /** Goes on with a run of a file that was stopped; `text` is what it was begun with. The file must not be running or queued. */
  resume(uri: vscode.Uri, runFolder: vscode.Uri, text: string | undefined): Run {
    return this.begin(uri, text, { type: 'resume', runFolder: runFolder.fsPath, ...engineSettings(uri), ...executorChoice(uri) });
  }

  private begin(uri: vscode.Uri, judgedText: string | undefined, command: BeginCommand): Run {
    const key = uri.toString();
    if (this.activity(uri) !== 'idle') throw new Error(`${key} is running already`);
    const startedAt = Date.now();
    const record = emptyRecord({ id: runId(uri, startedAt), fileName: baseName(uri), startedAt });
    const program = this.engine.start(['serve'], workingFolder(uri));
    const run = new Run(record, judgedText, () => this.ready.take(program), command, this.log, {
      onEvent: (event) => this.took(uri, run, event),
      onState: () => {
        if (run.hasBegun) this.restored.delete(key);
        if (run.activity === 'idle') this.queue.leave(run);
        this.stateChanged.fire(uri);
      },
    });
    const before = this.runs.get(key);
    this.runs.set(key, run);
    void run.ended.then(() => {
      if (!run.hasBegun) this.forget(key, run, before);
      this.over(uri, run);
    });
    this.started.fire(uri);
    this.queue.add(run);
    return run;
  }

  activity(uri: vscode.Uri): Run['activity'] {
    return this.runs.get(uri.toString())?.activity ?? 'idle';
  }

  /** Files whose engines are at work or queued. */
  active(): { uri: vscode.Uri; run: Run }[] {
    return this.latest().filter(({ run }) => run.activity !== 'idle');
  }

  /** The last run of each file that was run in this window, in the order in which the files were first run. */
  latest(): { uri: vscode.Uri; run: Run }[] {
    return [...this.runs].map(([key, run]) => ({ uri: vscode.Uri.parse(key), run }));
  }

  hasResults(uri: vscode.Uri): boolean {
    return this.runs.has(uri.toString()) || this.history.has(uri);
  }

  /** The record of the last run in this window, or of one that was read again. */
  record(uri: vscode.Uri): RunRecord | undefined {
    return this.runs.get(uri.toString())?.record ?? this.restoredRecord(uri);
  }

  /** The record of a run of an earlier window, once it was read again. */
  restoredRecord(uri: vscode.Uri): RunRecord | undefined {
    return this.restored.get(uri.toString());
  }

  /** The record of the last run, read from disk when it was in an earlier window. */
  async recall(uri: vscode.Uri): Promise<RunRecord | undefined> {
    const known = this.record(uri);
    if (known) return known;
    const record = await this.history.read(uri);
    // A run may have begun while the old one was read.
    if (record && !this.runs.has(uri.toString())) {
      this.restored.set(uri.toString(), record);
      this.recalled.fire(uri);
    }
    return this.record(uri);
  }

  async stop(uri: vscode.Uri): Promise<void> {
    await this.runs.get(uri.toString())?.stop();
  }

  async stopAll(): Promise<void> {
    // Queued runs first, so that none of them has its turn.
    const inOrder = this.active().sort((a, b) => Number(b.run.activity === 'queued') - Number(a.run.activity === 'queued'));
    await Promise.all(inOrder.map(({ run }) => run.stop()));
  }

  /**
   * Ends every engine at once: a closing window leaves no time for the ladder, and what an engine has found out is in its
   * run folder already.
   */
  dispose(): void {
    this.queue.clear();
    for (const run of this.runs.values()) run.dispose();
    this.store.dispose();
  }

  private took(uri: vscode.Uri, run: Run, event: EngineEvent): void {
    if (event.type === 'accepted') this.keep(this.history.began(uri, run.record));
    this.events.fire({ uri, event });
  }

  /** A run that never began leaves what was there before it: an earlier run of this window, or of another. */
  private forget(key: string, run: Run, before: Run | undefined): void {
    if (this.runs.get(key) !== run) return;
    if (before) this.runs.set(key, before);
    else if (this.restored.has(key)) this.runs.delete(key);
    else return;
    this.started.fire(vscode.Uri.parse(key));
  }

  private over(uri: vscode.Uri, run: Run): void {
    this.keep(this.history.ended(uri, run.record));
    this.ended.fire({ uri, run });
  }

  /** What cannot be kept for the next window is a note in the log; this window has it all the same. */
  private keep(written: Thenable<void>): void {
    written.then(undefined, (error: unknown) => this.log.error(error));
  }
}

function engineSettings(uri: vscode.Uri): Pick<BeginCommand, 'workers' | 'checkpointSeconds'> {
  return { workers: readSetting('workers', uri) || undefined, checkpointSeconds: readSetting('checkpointSeconds', uri) };
}
