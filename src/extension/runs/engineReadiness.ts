import * as vscode from 'vscode';
import { activeExperiment } from '../commands/target';
import { readSetting } from '../configuration';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLocation } from '../engineLocation';
import type { ReadyEngine } from './readyEngine';
import type { Runs } from './runs';
import { workingFolder } from './workingFolder';

/** Whoever only leafs through files starts nothing, and what follows the end of a run goes before. */
const SETTLED_MS = 1000;

/** Has an engine ready while an experiment is in front that could be run. */
export function keepEngineReady(ready: ReadyEngine, engine: EngineLocation, runs: Runs): Disposable {
  const store = new DisposableStore();
  let timer: NodeJS.Timeout | undefined;
  const prepare = () => {
    const uri = activeExperiment();
    if (!uri || !vscode.workspace.isTrusted || !readSetting('keepEngineReady', uri)) return;
    // The engines that are at work need what there is.
    if (runs.active().length === 0) ready.prepare(engine.start(['serve'], workingFolder(uri)));
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(prepare, SETTLED_MS);
  };
  store.add(vscode.window.onDidChangeActiveTextEditor(soon));
  store.add(runs.onDidEnd(soon));
  store.add({ dispose: () => clearTimeout(timer) });
  soon();
  return store;
}
