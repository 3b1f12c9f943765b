import * as vscode from 'vscode';
import { readSetting, SECTION } from '../configuration';
import { DisposableStore } from '../disposable';
import type { TrainingTimes } from '../runs/trainingTimes';
import { toRange } from './diagnosticList';
import type { ExperimentAnalysis } from './experimentDocument';
import type { ExperimentDocuments } from './experimentDocuments';
import { EXPERIMENT_SELECTOR, isExperimentUri } from './experimentFile';
import { factDetail, factLabel } from './factWords';
import { factsOf, type Fact } from './facts';
import { predictionMarkdown } from './predictionMarkdown';

/** What is known before a run, at the end of the values that it is about. */
export class ExperimentInlayHints implements vscode.InlayHintsProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeInlayHints = this.changed.event;

  constructor(
    private readonly experiments: ExperimentDocuments,
    private readonly times: TrainingTimes,
  ) {
    this.store.add(vscode.languages.registerInlayHintsProvider(EXPERIMENT_SELECTOR, this));
    this.store.add(experiments.onDidAnswer(() => this.changed.fire()));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${SECTION}.inlayHints`)) this.changed.fire();
      }),
    );
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    if (!isExperimentUri(document.uri) || !readSetting('inlayHints', document.uri)) return [];
    const { analysis } = this.experiments.of(document);
    return factsOf(analysis)
      .map((fact) => this.hint(fact, analysis))
      .filter(({ position }) => range.contains(position));
  }

  /** Times of trainings became known. */
  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.store.dispose();
  }

  private hint(fact: Fact, analysis: ExperimentAnalysis): vscode.InlayHint {
    const { resolved } = analysis.parsed;
    const time =
      fact.kind === 'trainings' && resolved?.experiment === 'recovery'
        ? this.times.estimate(resolved, fact.trainings)
        : undefined;
    const { end } = toRange(analysis.parsed.rangeOf(fact.path));
    const hint = new vscode.InlayHint(end, factLabel(fact, time));
    hint.paddingLeft = true;
    const detail = factDetail(fact, time);
    const isPredicted = fact.kind === 'sampleSize' || fact.kind === 'thresholds';
    if (isPredicted && analysis.prediction) hint.tooltip = predictionMarkdown(analysis.prediction, detail);
    else if (detail !== '') hint.tooltip = detail;
    return hint;
  }
}
