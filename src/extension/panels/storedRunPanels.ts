import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/record';
import { DisposableStore } from '../disposable';
import { baseName } from '../experiments/experimentFile';
import { readEvents } from '../runs/savedRun';
import { PANEL_OPTIONS, type PanelPages } from './panelPages';
import type { PanelViews } from './panelViews';
import { RunPanel } from './runPanel';
import type { PanelAction } from './runPanels';

/** View type of panels of earlier runs; package.json activates the extension for it. */
export const STORED_RUN_PANEL = 'recoveryLab.storedRun';

/** A run on disk. */
export interface StoredRunPlace {
  folder: vscode.Uri;
  /** The experiment file, or where it was. */
  file: vscode.Uri;
  startedAt: number;
}

/**
 * Panels of runs that are not the last of their file: one for each run folder. The id of their record is the URI of the
 * folder, which their page keeps, so that they come back after a window reload.
 */
export class StoredRunPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly panels = new Map</* folder */ string, RunPanel>();

  constructor(
    private readonly pages: PanelPages,
    private readonly views: PanelViews,
    private readonly canRun: boolean,
    private readonly find: (folder: vscode.Uri) => Promise<StoredRunPlace | undefined>,
    private readonly onAction: (place: StoredRunPlace, action: PanelAction) => void,
  ) {
    this.store.add(vscode.window.registerWebviewPanelSerializer(STORED_RUN_PANEL, this));
  }

  /** Throws when the run cannot be read. */
  async show(place: StoredRunPlace): Promise<void> {
    const known = this.panels.get(place.folder.toString());
    if (known) return known.reveal();
    const record = await recordOf(place);
    const panel = vscode.window.createWebviewPanel(
      STORED_RUN_PANEL,
      '',
      { viewColumn: vscode.ViewColumn.Active, preserveFocus: true },
      PANEL_OPTIONS,
    );
    this.adopt(panel, place, record);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    try {
      const place = await this.find(folderOf(state));
      if (!place || this.panels.has(place.folder.toString())) return panel.dispose();
      panel.webview.options = PANEL_OPTIONS;
      this.adopt(panel, place, await recordOf(place));
    } catch {
      // The run is no longer there, so there is nothing to show.
      panel.dispose();
    }
  }

  dispose(): void {
    this.panels.forEach((panel) => panel.dispose());
    this.store.dispose();
  }

  private adopt(webviewPanel: vscode.WebviewPanel, place: StoredRunPlace, record: RunRecord): void {
    const key = place.folder.toString();
    const time = new Date(place.startedAt).toLocaleString(vscode.env.language);
    webviewPanel.title = vscode.l10n.t('Results: {0}, {1}', baseName(place.file), time);
    webviewPanel.iconPath = this.pages.icon;
    const panel = new RunPanel(webviewPanel, this.pages, {
      record: () => record,
      view: () => this.views.get(place.file),
      canRun: this.canRun,
      runFolder: place.folder,
      onAction: (action) => {
        if (action.type === 'view') void this.views.set(place.file, action.view);
        else this.onAction(place, action);
      },
    });
    this.panels.set(key, panel);
    panel.onDidDispose(() => {
      if (this.panels.get(key) === panel) this.panels.delete(key);
      panel.dispose();
    });
  }
}

/** Reads a run on disk. Throws when it cannot be read. */
export function recordOf({ folder, file, startedAt }: StoredRunPlace): Promise<RunRecord> {
  return readEvents(folder, { id: folder.toString(), fileName: baseName(file), startedAt });
}

/** The run folder of a panel, from the state that its page keeps. Throws for any other state. */
function folderOf(state: unknown): vscode.Uri {
  const id = typeof state === 'object' && state !== null && 'runId' in state ? state.runId : undefined;
  return vscode.Uri.parse(String(id), true);
}
