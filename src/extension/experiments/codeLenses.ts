import * as vscode from 'vscode';
import { variantCount, type JsonPath, type ResolvedExperiment, type ResolvedRecoveryExperiment } from '../../experiment';
import type { Prediction } from '../../protocol/events';
import { readSetting, SECTION } from '../configuration';
import { COMMANDS } from '../commands/names';
import { DisposableStore } from '../disposable';
import type { Runs } from '../runs/runs';
import { toRange } from './diagnosticList';
import type { ExperimentDiagnostics } from './experimentDiagnostics';
import { errorCount, type ExperimentAnalysis } from './experimentDocument';
import type { ExperimentDocuments } from './experimentDocuments';
import { EXPERIMENT_SELECTOR, isExperimentUri } from './experimentFile';
import { byLine, expectationStates } from './expectationStates';
import { expectationReasons, expectationTitles } from './expectationWords';
import { predictionPath } from './facts';
import { predictionLens, predictionText } from './words';

/** Lenses over the file (run, stop, results), over its grid (cells, the prediction) and over its expectations (verdicts). */
export class ExperimentCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly experiments: ExperimentDocuments,
    private readonly runs: Runs,
    private readonly diagnostics: ExperimentDiagnostics,
  ) {
    this.store.add(vscode.languages.registerCodeLensProvider(EXPERIMENT_SELECTOR, this));
    this.store.add(runs.onDidChangeState(() => this.changed.fire()));
    this.store.add(diagnostics.onDidJudge(() => this.changed.fire()));
    this.store.add(experiments.onDidAnswer(() => this.changed.fire()));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${SECTION}.codeLens`)) this.changed.fire();
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isExperimentUri(document.uri) || !readSetting('codeLens', document.uri)) return [];
    const { analysis } = this.experiments.of(document);
    return [
      ...this.fileLenses(document.uri, analysis),
      ...this.gridLenses(document.uri, analysis),
      ...this.expectationLenses(document.uri, analysis),
    ];
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
      case 'queued':
        return [
          lens(
            `$(clock) ${vscode.l10n.t('Queued, position {0}', this.runs.record(uri)?.queuePosition ?? 1)}`,
            COMMANDS.showResults,
          ),
          lens(vscode.l10n.t('Remove from queue'), COMMANDS.stop),
        ];
      case 'running':
        return [lens(`$(debug-stop) ${vscode.l10n.t('Stop')}`, COMMANDS.stop), ...results];
      case 'stopping':
        return [lens(`$(loading~spin) ${vscode.l10n.t('Stopping…')}`), ...results];
      case 'idle': {
        const errors = errorCount(analysis);
        if (errors === 0 && !this.runs.canRun)
          return [lens(`$(info) ${vscode.l10n.t('Does not run in a browser')}`, COMMANDS.run)];
        if (errors === 0) return [lens(`$(play) ${vscode.l10n.t('Run')}`, COMMANDS.run), ...results];
        const title =
          errors === 1
            ? vscode.l10n.t('1 error to fix before it runs')
            : vscode.l10n.t('{0} errors to fix before it runs', errors);
        return [lens(title, 'workbench.actions.view.problems', []), ...results];
      }
    }
  }

  /** How many trainings, one cell of them, and the prediction; other kinds have only the prediction, at their model. */
  private gridLenses(uri: vscode.Uri, analysis: ExperimentAnalysis): vscode.CodeLens[] {
    const { parsed, prediction, isPending } = analysis;
    const experiment = parsed.resolved;
    if (!experiment) return [];
    const predicted =
      prediction && isSaid(experiment, prediction)
        ? [
            this.lens(
              analysis,
              predictionPath(analysis),
              predictionLens(prediction),
              COMMANDS.check,
              uri,
              predictionText(prediction),
            ),
          ]
        : isPending
          ? [this.lens(analysis, predictionPath(analysis), `$(loading~spin) ${vscode.l10n.t('predicting')}`, '', uri)]
          : [];
    if (experiment.experiment !== 'recovery') return predicted;
    const lens = (title: string, command = '') => this.lens(analysis, ['data', 'sampleSizes'], title, command, uri);
    const grid = lens(gridWords(experiment));
    const cell =
      this.runs.canRun && this.runs.activity(uri) === 'idle' ? [lens(vscode.l10n.t('Run this cell…'), COMMANDS.runCell)] : [];
    // A narrow editor cuts off what comes last.
    return [...predicted, grid, ...cell];
  }

  /** How each expectation stands; a click shows the results, or runs where there are none. */
  private expectationLenses(uri: vscode.Uri, analysis: ExperimentAnalysis): vscode.CodeLens[] {
    if (!analysis.parsed.resolved) return [];
    const activity = this.runs.activity(uri);
    const isRunning = activity === 'running' || activity === 'stopping';
    const states = expectationStates(analysis, this.diagnostics.judgedOf(uri));
    return [...byLine(states, analysis).values()].flatMap((onLine) => {
      const isJudged = onLine.some(({ verdict }) => verdict) || activity !== 'idle';
      return expectationTitles(onLine, isRunning).map((title) =>
        this.lens(
          analysis,
          onLine[0]?.path ?? [],
          title,
          isJudged ? COMMANDS.showResults : COMMANDS.run,
          uri,
          expectationReasons(onLine),
        ),
      );
    });
  }

  private lens(
    { parsed }: ExperimentAnalysis,
    path: JsonPath,
    title: string,
    command: string,
    uri: vscode.Uri,
    tooltip?: string,
  ): vscode.CodeLens {
    const { start } = toRange(parsed.keyRangeOf(path));
    return new vscode.CodeLens(new vscode.Range(start, start), { title, command, arguments: [uri], tooltip });
  }
}

/** Kinds that are not about an optimistic sample size have no words for its absence. */
function isSaid({ experiment }: ResolvedExperiment, { headline, optimisticSampleSize }: Prediction): boolean {
  return headline !== undefined || optimisticSampleSize !== null || experiment === 'recovery' || experiment === 'rank';
}

/** `9 sample sizes × 10 trials`. */
function gridWords(experiment: ResolvedRecoveryExperiment): string {
  const variants = variantCount(experiment);
  const sizes = new Set(experiment.data.sampleSizes).size;
  const { trials } = experiment.training;
  return [
    ...(variants === 1 ? [] : [vscode.l10n.t('{0} values', variants)]),
    sizes === 1 ? vscode.l10n.t('1 sample size') : vscode.l10n.t('{0} sample sizes', sizes),
    trials === 1 ? vscode.l10n.t('1 trial') : vscode.l10n.t('{0} trials', trials),
  ].join(' × ');
}
