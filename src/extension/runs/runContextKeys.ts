import * as vscode from 'vscode';
import { activeExperiment } from '../commands/target';
import { ContextKeys } from '../contextKeys';
import { DisposableStore, type Disposable } from '../disposable';
import type { ExperimentDiagnostics } from '../experiments/experimentDiagnostics';
import type { Runs } from './runs';

/** Keeps the context keys about runs in step with the runs and the active editor. */
export function keepRunContextKeys(runs: Runs, diagnostics: ExperimentDiagnostics): Disposable {
  const keys = new ContextKeys();
  const refresh = () => {
    const uri = activeExperiment();
    keys.set('running', runs.active().length > 0);
    keys.set('fileRunning', uri !== undefined && runs.activity(uri) !== 'idle');
    keys.set('fileHasResults', uri !== undefined && runs.hasResults(uri));
    keys.set('fileJudged', uri !== undefined && diagnostics.judgedOf(uri) !== undefined);
  };
  const store = new DisposableStore();
  store.add(runs.onDidChangeState(refresh));
  store.add(diagnostics.onDidJudge(refresh));
  store.add(vscode.window.onDidChangeActiveTextEditor(refresh));
  refresh();
  return store;
}
