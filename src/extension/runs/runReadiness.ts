import * as vscode from 'vscode';
import { readSetting, SECTION } from '../configuration';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLocation } from '../engineLocation';
import { isExperimentUri } from '../experiments/experimentFile';
import type { PanelPages } from '../panels/panelPages';
import type { ReadyEngine } from './readyEngine';
import type { Runs } from './runs';
import { workingFolder } from './workingFolder';

/** Whoever only leafs through files starts nothing, and what follows the end of a run goes before. */
const SETTLED_MS = 1000;

/** What a run is begun with. */
interface RunParts {
  ready: ReadyEngine;
  engine: EngineLocation;
  pages: PanelPages;
}

/** Has an engine and the page of a panel ready while an experiment is in sight that could be run. */
export function keepRunsReady({ ready, engine, pages }: RunParts, runs: Runs): Disposable {
  const store = new DisposableStore();
  let timer: NodeJS.Timeout | undefined;
  const prepare = () => {
    const uri = experimentInSight();
    // Engines that are at work need what there is.
    if (!uri || !vscode.workspace.isTrusted || runs.active().length > 0) return;
    // Where it fails, so does opening a panel, which tells.
    pages.prepare().catch(() => undefined);
    if (readSetting('keepEngineReady', uri)) ready.prepare(engine.start(['serve'], workingFolder(uri)));
    else ready.release();
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(prepare, SETTLED_MS);
  };
  store.add(vscode.window.onDidChangeActiveTextEditor(soon));
  store.add(vscode.window.onDidChangeVisibleTextEditors(soon));
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(soon));
  store.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SECTION}.keepEngineReady`)) soon();
    }),
  );
  store.add(runs.onDidEnd(soon));
  store.add({ dispose: () => clearTimeout(timer) });
  soon();
  return store;
}

/** That of the active editor; else one beside the panel that has the focus. */
function experimentInSight(): vscode.Uri | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = activeTextEditor ? [activeTextEditor] : visibleTextEditors;
  return editors.map(({ document }) => document.uri).find(isExperimentUri);
}
