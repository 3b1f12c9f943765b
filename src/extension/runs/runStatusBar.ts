import * as vscode from 'vscode';
import { COMMANDS } from '../commands/names';
import { DisposableStore } from '../disposable';
import { baseName } from '../experiments/experimentFile';
import { progressWords } from './progressWords';
import type { Runs } from './runs';
import { statusSummary } from './statusSummary';

/** One item while something runs: which phase, how much, how long still. A click lists the runs. */
export class RunStatusBar implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('recoveryLab.runs', vscode.StatusBarAlignment.Left, 0),
  );

  private shown: string | undefined;

  constructor(private readonly runs: Runs) {
    this.item.name = vscode.l10n.t('Recovery Lab Runs');
    this.item.command = COMMANDS.showRuns;
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
    if (active.length === 0) {
      this.shown = undefined;
      return this.item.hide();
    }
    const text = `$(loading~spin) ${statusSummary(active.map(({ run }) => run.record))}`;
    const words = active.map(({ uri, run }) => `${baseName(uri)}: ${progressWords(run.record)}`);
    // Progress comes many times a second; the words change far less often.
    const shown = [text, ...words].join('\n');
    if (shown === this.shown) return;
    this.shown = shown;
    this.item.text = text;
    this.item.tooltip = [...words, vscode.l10n.t('Click to list them, to show one or to stop it.')].join('\n');
    this.item.accessibilityInformation = { label: vscode.l10n.t('Recovery Lab: {0}', words.join(', ')), role: 'button' };
    this.item.show();
  }
}
