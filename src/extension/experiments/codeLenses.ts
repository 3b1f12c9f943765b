import * as vscode from 'vscode';
import { readSetting, SECTION } from '../configuration';
import { COMMANDS } from '../commands/names';
import { DisposableStore } from '../disposable';
import type { RunManager } from '../runs/runManager';
import { toRange } from './diagnosticList';
import { errorCount, type ExperimentAnalysis } from './experimentDocument';
import type { ExperimentDocuments } from './experimentDocuments';
import { EXPERIMENT_SELECTOR, isExperimentUri } from './experimentFile';
import { predictionTitle } from './words';

/** Lenses over the file (run, stop, results) and over its sample sizes (one cell, the prediction). */
export class ExperimentCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly experiments: ExperimentDocuments,
    private readonly runs: RunManager,
  ) {
    this.store.add(vscode.languages.registerCodeLensProvider(EXPERIMENT_SELECTOR, this));
    this.store.add(runs.onDidChangeState(() => this.changed.fire()));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${SECTION}.codeLens`)) this.changed.fire();
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isExperimentUri(document.uri) || !readSetting('codeLens', document.uri)) return [];
    const { analysis } = this.experiments.of(document);
    return [...this.fileLenses(document.uri, analysis), ...this.sampleSizeLenses(document.uri, analysis)];
  }

  dispose(): void {
    this.store.dispose();
  }

  private fileLenses(uri: vscode.Uri, analysis: ExperimentAnalysis): vscode.CodeLens[] {
    const { start } = toRange(analysis.parsed.rangeOf([]));
    const lens = (title: string, command = '', args: unknown[] = [uri]) =>
      new vscode.CodeLens(new vscode.Range(start, start), { title, command, arguments: args });
    const results = this.runs.hasResults(uri) ? [lens(vscode.l10n.t('Show results'), COMMANDS.showResults)] : [];
    switch (this.runs.activity(uri)) {
      case 'running':
        return [lens(`$(debug-stop) ${vscode.l10n.t('Stop')}`, COMMANDS.stop), ...results];
      case 'stopping':
        return [lens(`$(loading~spin) ${vscode.l10n.t('Stopping…')}`), ...results];
      case 'idle': {
        const errors = errorCount(analysis);
        if (errors === 0) return [lens(`$(play) ${vscode.l10n.t('Run')}`, COMMANDS.run), ...results];
        const title =
          errors === 1
            ? vscode.l10n.t('1 error to fix before it runs')
            : vscode.l10n.t('{0} errors to fix before it runs', errors);
        return [lens(title, 'workbench.actions.view.problems', []), ...results];
      }
    }
  }

  private sampleSizeLenses(uri: vscode.Uri, { parsed, prediction }: ExperimentAnalysis): vscode.CodeLens[] {
    if (parsed.resolved?.experiment !== 'recovery') return [];
    const { start } = toRange(parsed.keyRangeOf(['data', 'sampleSizes']));
    const lens = (title: string, command: string) =>
      new vscode.CodeLens(new vscode.Range(start, start), { title, command, arguments: [uri] });
    const cell = this.runs.activity(uri) === 'idle' ? [lens(vscode.l10n.t('Run this cell…'), COMMANDS.runCell)] : [];
    return prediction ? [...cell, lens(predictionTitle(prediction), COMMANDS.check)] : cell;
  }
}
