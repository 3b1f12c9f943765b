import * as vscode from 'vscode';
import { COMMANDS } from '../commands/names';
import { DisposableStore } from '../disposable';
import { baseName } from '../experiments/experimentFile';
import { progressWords } from './progressWords';
import type { RunManager } from './runManager';

/** One item while something runs: which phase, how much, how long still. A click goes to the run. */
export class RunStatusBar implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('recoveryLab.runs', vscode.StatusBarAlignment.Left, 0),
  );

  private shown: string | undefined;

  constructor(private readonly runs: RunManager) {
    this.item.name = vscode.l10n.t('Recovery Lab Runs');
    this.store.add(runs.onDidChangeState(() => this.refresh()));
    this.store.add(
      runs.onEvent(({ event }) => {
        if (event.type === 'phase' || event.type === 'progress') this.refresh();
      }),
    );
  }

  dispose(): void {
    this.store.dispose();
  }

  private refresh(): void {
    const active = this.runs.active();
    const [first] = active;
    if (!first) {
      this.shown = undefined;
      return this.item.hide();
    }
    const words = active.map(({ uri, run }) => `${baseName(uri)}: ${progressWords(run.record)}`);
    const summary =
      active.length === 1 ? progressWords(first.run.record) : vscode.l10n.t('{0} experiments are running', active.length);
    const text = `$(loading~spin) ${summary}`;
    // Progress comes many times a second; the words change far less often.
    if (text === this.shown) return;
    this.shown = text;
    this.item.text = text;
    this.item.tooltip = words.join('\n');
    this.item.accessibilityInformation = { label: vscode.l10n.t('Recovery Lab: {0}', words.join(', ')), role: 'button' };
    this.item.command = { command: COMMANDS.showResults, title: vscode.l10n.t('Show results'), arguments: [first.uri] };
    this.item.show();
  }
}
