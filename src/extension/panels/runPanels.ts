import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/record';
import { emptyRecord } from '../../protocol/reduce';
import { DisposableStore } from '../disposable';
import { baseName } from '../experiments/experimentFile';
import { fileOfRun, runId } from '../runs/runId';
import type { RunHistory } from '../runs/runHistory';
import type { Runs } from '../runs/runs';
import type { PanelViews } from './panelViews';
import { PANEL_OPTIONS, type PanelPages } from './panelPages';
import type { ShownRun } from './panelActions';
import { RunPanel, type SourceAction } from './runPanel';

/** View type of run panels; package.json activates the extension for it. */
export const RUN_PANEL = 'recoveryLab.run';

export type PanelAction = Exclude<SourceAction, { type: 'view' }>;

/** The run panels of this window, at most one for each file, and their way back after a window reload. */
export class RunPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly panels = new Map</* uri */ string, RunPanel>();

  constructor(
    private readonly pages: PanelPages,
    private readonly runs: Runs,
    private readonly history: RunHistory,
    private readonly views: PanelViews,
    private readonly onAction: (shown: ShownRun, action: PanelAction) => void,
  ) {
    this.store.add(runs.onDidStart((uri) => this.panelOf(uri)?.reset()));
    this.store.add(runs.onEvent(({ uri, event }) => this.panelOf(uri)?.event(event)));
    this.store.add(runs.onDidChangeState((uri) => this.panelOf(uri)?.state()));
    this.store.add(runs.onDidEnd(({ uri }) => this.panelOf(uri)?.reset()));
    this.store.add(vscode.window.registerWebviewPanelSerializer(RUN_PANEL, this));
  }

  /** Shows the panel of a file beside its editor; does not take the focus from it. */
  show(uri: vscode.Uri): void {
    const known = this.panelOf(uri);
    if (known) return known.reveal();
    const panel = vscode.window.createWebviewPanel(
      RUN_PANEL,
      panelTitle(uri),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      PANEL_OPTIONS,
    );
    this.adopt(panel, uri);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    // A window that goes down hard may not have kept the state of a page that it has just opened; the title is kept sooner.
    const uri = fileOfPanel(state) ?? this.history.files().find((file) => panelTitle(file) === panel.title);
    if (!uri || this.panelOf(uri)) return panel.dispose();
    panel.webview.options = PANEL_OPTIONS;
    await this.runs.recall(uri);
    this.adopt(panel, uri);
  }

  dispose(): void {
    this.panels.forEach((panel) => panel.dispose());
    this.store.dispose();
  }

  private adopt(webviewPanel: vscode.WebviewPanel, uri: vscode.Uri): void {
    const key = uri.toString();
    webviewPanel.title = panelTitle(uri);
    webviewPanel.iconPath = this.pages.icon;
    const panel = new RunPanel(webviewPanel, this.pages, {
      record: () => this.runs.record(uri) ?? lostRecord(uri),
      view: () => this.views.get(uri),
      canRun: this.runs.canRun,
      onAction: (action) => {
        if (action.type === 'view') void this.views.set(uri, action.view);
        else this.onAction({ file: uri, folder: this.folderOf(uri) }, action);
      },
    });
    this.panels.set(key, panel);
    panel.onDidDispose(() => {
      if (this.panels.get(key) === panel) this.panels.delete(key);
      panel.dispose();
    });
  }

  private folderOf(uri: vscode.Uri): vscode.Uri | undefined {
    const folder = this.runs.record(uri)?.accepted?.runFolder;
    return folder ? vscode.Uri.file(folder) : undefined;
  }

  private panelOf(uri: vscode.Uri): RunPanel | undefined {
    return this.panels.get(uri.toString());
  }
}

function panelTitle(uri: vscode.Uri): string {
  return vscode.l10n.t('Results: {0}', baseName(uri));
}

/** What a panel shows whose run cannot be read any more. */
function lostRecord(uri: vscode.Uri): RunRecord {
  const record = emptyRecord({ id: runId(uri, 0), fileName: baseName(uri), startedAt: 0 });
  record.state = 'failed';
  record.failed = {
    code: 'run-folder',
    exitCode: 3,
    message: vscode.l10n.t('The results of this run are no longer on disk. Run the experiment again to see them.'),
  };
  return record;
}

/** The file of a panel, from the state that its page keeps. */
function fileOfPanel(state: unknown): vscode.Uri | undefined {
  return typeof state === 'object' && state !== null && 'runId' in state ? fileOfRun(state.runId) : undefined;
}
