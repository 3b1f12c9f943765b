import * as vscode from 'vscode';
import { isResult, type EngineEvent } from '../../protocol/events';
import type { FromPanel, PanelView, ToPanel } from '../../protocol/panel';
import type { RunRecord } from '../../protocol/record';
import type { TrialCell } from '../../protocol/trials';
import { DisposableStore } from '../disposable';
import { readTrials } from './cellTrials';
import { EventBatch } from './eventBatch';
import { readFromPanel } from './fromPanel';
import type { PanelPages } from './panelPages';

/** What the person did, as the host sees it: a cell is one of a run, which has a folder or none. */
export type SourceAction =
  | Exclude<FromPanel, { type: 'ready' | 'trials' | 'openCell' }>
  | { type: 'openCell'; cell: TrialCell; trial: number | null; runFolder: vscode.Uri | null };

/** Where a panel gets what it shows, and whom it tells what the person did. */
export interface PanelSource {
  record(): RunRecord;
  view(): PanelView;
  /** Whether the host can run experiments, and so do again what it shows. */
  readonly canRun: boolean;
  /** Where it is known better than from the record, which says where the run was written. */
  runFolder?: vscode.Uri;
  onAction(action: SourceAction): void;
}

/**
 * The panel of one file. A page that is visible and has said that it listens gets one snapshot, then what happens, in
 * batches. A hidden page is gone and costs nothing; it asks again when it comes back.
 */
export class RunPanel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly batch = this.store.add(
    new EventBatch(
      (events) => this.post({ type: 'events', events: events.map((event) => this.pages.words.event(event)) }),
      () => this.snapshot(),
    ),
  );
  private listening = false;
  /** Since the last reset: the first result is told at once, as somebody waits for it. */
  private hasResult = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly pages: PanelPages,
    private readonly source: PanelSource,
  ) {
    this.store.add(panel.webview.onDidReceiveMessage((message: unknown) => this.received(message)));
    this.store.add(panel.onDidChangeViewState(() => this.visibilityChanged()));
    // Last, so that no message of the page can come before its listener.
    void pages.open(panel);
  }

  get onDidDispose(): vscode.Event<void> {
    return this.panel.onDidDispose;
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  /** Another record is shown from now on, or the whole of the present one again. */
  reset(): void {
    this.batch.clear();
    this.hasResult = false;
    if (!this.listening) return;
    void this.snapshot();
  }

  event(event: EngineEvent): void {
    if (!this.listening) return;
    this.batch.add(event);
    if (this.hasResult || !isResult(event)) return;
    this.hasResult = true;
    this.batch.flush();
  }

  state(): void {
    if (!this.listening) return;
    // In order: what led to a state comes before it.
    this.batch.flush();
    const { state, crash, queuePosition } = this.source.record();
    void this.post({ type: 'state', state, crash, queuePosition });
  }

  dispose(): void {
    this.store.dispose();
    this.panel.dispose();
  }

  private received(message: unknown): void {
    const action = readFromPanel(message);
    if (!action) return;
    switch (action.type) {
      case 'ready':
        this.listening = true;
        return this.reset();
      case 'trials':
        return void this.tellTrials(action.cell, action.open);
      case 'openCell':
        return this.source.onAction({ ...action, runFolder: this.runFolder });
      default:
        return this.source.onAction(action);
    }
  }

  private get runFolder(): vscode.Uri | null {
    const written = this.source.record().accepted?.runFolder;
    return this.source.runFolder ?? (written ? vscode.Uri.file(written) : null);
  }

  private async tellTrials(cell: TrialCell, open: number | null): Promise<void> {
    const found = await readTrials(this.runFolder, cell, open);
    if (this.listening) await this.post({ type: 'trials', cell, found });
  }

  private visibilityChanged(): void {
    if (this.panel.visible) return;
    this.listening = false;
    this.batch.clear();
  }

  private snapshot(): Thenable<boolean> {
    return this.post({
      type: 'snapshot',
      record: this.pages.words.record(this.source.record()),
      view: this.source.view(),
      canRun: this.source.canRun,
    });
  }

  private post(message: ToPanel): Thenable<boolean> {
    return this.panel.webview.postMessage(message);
  }
}
