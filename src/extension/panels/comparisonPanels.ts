import * as vscode from 'vscode';
import { compareRuns, type ComparedRun } from '../../protocol/compare';
import type { ToPanel } from '../../protocol/panel';
import type { RunRecord } from '../../protocol/record';
import { DisposableStore } from '../disposable';
import { baseName } from '../experiments/experimentFile';
import { readFromPanel } from './fromPanel';
import { PANEL_OPTIONS, type PanelPages } from './panelPages';
import type { ShownRun } from './panelActions';
import type { PanelAction } from './runPanels';
import { recordOf, type StoredRunPlace } from './storedRunPanels';

/** View type of panels that compare runs; package.json activates the extension for it. */
export const COMPARISON_PANEL = 'recoveryLab.comparison';

/** More runs than this cannot be told apart in one chart. */
export const MOST_COMPARED = 8;

/**
 * Panels that compare runs on disk, one for each choice of them. Its id is the list of their folders, which the page keeps, so
 * that they come back after a window reload. What they show is read once, when they open.
 */
export class ComparisonPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly panels = new Map</* id */ string, vscode.WebviewPanel>();

  constructor(
    private readonly pages: PanelPages,
    private readonly find: (folder: vscode.Uri) => Promise<StoredRunPlace | undefined>,
    private readonly onAction: (shown: ShownRun, action: PanelAction) => void,
  ) {
    this.store.add(vscode.window.registerWebviewPanelSerializer(COMPARISON_PANEL, this));
  }

  /** Throws when a run cannot be read. */
  async show(places: readonly StoredRunPlace[]): Promise<void> {
    const known = this.panels.get(idOf(places));
    if (known) return known.reveal();
    const runs = await this.read(places);
    const panel = vscode.window.createWebviewPanel(COMPARISON_PANEL, '', vscode.ViewColumn.Active, PANEL_OPTIONS);
    this.adopt(panel, places, runs);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    try {
      const places = (await Promise.all(foldersOf(state).map(this.find))).filter((place) => place !== undefined);
      if (places.length < 2 || this.panels.has(idOf(places))) return panel.dispose();
      panel.webview.options = PANEL_OPTIONS;
      this.adopt(panel, places, await this.read(places));
    } catch {
      // The runs are no longer there, so there is nothing to compare.
      panel.dispose();
    }
  }

  dispose(): void {
    this.panels.forEach((panel) => panel.dispose());
    this.store.dispose();
  }

  /** What studies say comes to the page in its language. */
  private async read(places: readonly StoredRunPlace[]): Promise<ComparedRun[]> {
    const records: RunRecord[] = [];
    for (const place of places) records.push(this.pages.words.record(await recordOf(place)));
    return compareRuns(records);
  }

  private adopt(panel: vscode.WebviewPanel, places: readonly StoredRunPlace[], runs: ComparedRun[]): void {
    const id = idOf(places);
    const names = [...new Set(places.map(({ file }) => baseName(file)))];
    panel.title =
      names.length === 1
        ? vscode.l10n.t('Compare: {0}, {1} runs', names[0], places.length)
        : vscode.l10n.t('Compare: {0}', names.join(', '));
    panel.iconPath = this.pages.icon;
    const listener = panel.webview.onDidReceiveMessage((message: unknown) => {
      const action = readFromPanel(message);
      const comparison: ToPanel = { type: 'comparison', id, runs };
      if (action?.type === 'ready') void panel.webview.postMessage(comparison);
      // A comparison has no file whose view could be kept; the page keeps its own.
      // Nor has it a run, of which a cell would be.
      else if (action && action.type !== 'view' && action.type !== 'trials' && action.type !== 'openCell')
        this.onAction({ file: places[0].file }, action);
    });
    this.panels.set(id, panel);
    panel.onDidDispose(() => {
      listener.dispose();
      this.panels.delete(id);
    });
    // Last, so that no message of the page can come before its listener.
    void this.pages.open(panel);
  }
}

function idOf(places: readonly StoredRunPlace[]): string {
  return JSON.stringify(places.map(({ folder }) => folder.toString()));
}

/** The run folders of a panel, from the state that its page keeps. Throws for any other state. */
function foldersOf(state: unknown): vscode.Uri[] {
  const id = typeof state === 'object' && state !== null && 'runId' in state ? state.runId : undefined;
  const folders: unknown = JSON.parse(String(id));
  return Array.isArray(folders) ? folders.slice(0, MOST_COMPARED).map((folder) => vscode.Uri.parse(String(folder), true)) : [];
}
