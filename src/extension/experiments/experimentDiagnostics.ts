import * as vscode from 'vscode';
import type { Verdict } from '../../protocol/events';
import { DisposableStore } from '../disposable';
import type { SpokenWords } from '../spokenWords';
import { failureDiagnostics, problemDiagnostics, RUN_FAILED, verdictDiagnostics, type Failure } from './diagnosticList';
import type { ExperimentDocument } from './experimentDocument';
import type { ExperimentDocuments } from './experimentDocuments';

/** Verdicts hold for exactly one text: the one that ran. */
export interface Judged {
  text: string;
  verdicts: Verdict[];
}

/** Keeps the Problems view in step with the open experiment files and what the last run found about them. */
export class ExperimentDiagnostics implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('recovery-lab'));
  private readonly judged = new Map</* uri */ string, Judged>();
  private readonly failed = new Map</* uri */ string, { text: string; failures: Failure[] }>();
  private readonly judgedChanged = this.store.add(new vscode.EventEmitter<vscode.Uri>());

  /** A file has other verdicts, or none any more. */
  readonly onDidJudge = this.judgedChanged.event;

  constructor(
    private readonly experiments: ExperimentDocuments,
    private readonly words: SpokenWords,
  ) {
    this.store.add(experiments.onDidChange((experiment) => this.refresh(experiment)));
    this.store.add(experiments.onDidEdit((experiment) => this.dropStale(experiment)));
    this.store.add(experiments.onDidClose((uri) => this.collection.delete(uri)));
    this.store.add(vscode.extensions.onDidChange(() => this.refreshAll()));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('json.validate.enable')) this.refreshAll();
      }),
    );
  }

  /** Shows verdicts about `text` for as long as the file reads like that. */
  setVerdicts(uri: vscode.Uri, text: string, verdicts: readonly Verdict[]): void {
    this.judged.set(uri.toString(), { text, verdicts: verdicts.map((verdict) => this.words.verdict(verdict)) });
    this.judgedChanged.fire(uri);
    this.refreshOpen(uri);
  }

  /** Shows why a run of `text` has no result, for as long as the file reads like that. */
  setFailures(uri: vscode.Uri, text: string, failures: readonly Failure[]): void {
    this.failed.set(uri.toString(), {
      text,
      failures: failures.map(({ path, message }) => ({ path, message: this.words.say(message) })),
    });
    this.refreshOpen(uri);
  }

  /** The verdicts of the last run that had any, and the text of the file that they are about. */
  judgedOf(uri: vscode.Uri): Judged | undefined {
    return this.judged.get(uri.toString());
  }

  /** Forgets what the last run found. */
  clear(uri: vscode.Uri): void {
    this.judged.delete(uri.toString());
    this.failed.delete(uri.toString());
    this.judgedChanged.fire(uri);
    this.refreshOpen(uri);
  }

  dispose(): void {
    this.store.dispose();
  }

  private refreshAll(): void {
    for (const experiment of this.experiments.all()) this.refresh(experiment);
  }

  private refreshOpen(uri: vscode.Uri): void {
    const experiment = this.experiments.get(uri);
    if (experiment) this.refresh(experiment);
  }

  private refresh(experiment: ExperimentDocument): void {
    const { analysis, uri, document } = experiment;
    const judged = this.judged.get(uri.toString());
    const failed = this.failed.get(uri.toString());
    this.collection.set(uri, [
      ...problemDiagnostics(analysis, (code) => code === 'syntax' && jsonServerReportsSyntax(document)),
      ...(judged?.text === analysis.text ? verdictDiagnostics(analysis, judged.verdicts) : []),
      ...(failed?.text === analysis.text ? failureDiagnostics(analysis, failed.failures) : []),
    ]);
  }

  /** What a run found about another text goes at once, not only when typing rests. */
  private dropStale({ uri, document }: ExperimentDocument): void {
    const told = this.judged.get(uri.toString()) ?? this.failed.get(uri.toString());
    if (!told || told.text === document.getText()) return;
    const kept = this.collection.get(uri)?.filter(({ code }) => !/^verdict-/.test(String(code)) && code !== RUN_FAILED);
    this.collection.set(uri, kept);
  }
}

/** Whether the JSON support of VS Code underlines syntax errors in this file, so that ours would be there twice. */
function jsonServerReportsSyntax({ languageId, uri }: vscode.TextDocument): boolean {
  return (
    (languageId === 'json' || languageId === 'jsonc') &&
    vscode.extensions.getExtension('vscode.json-language-features') !== undefined &&
    vscode.workspace.getConfiguration('json', uri).get('validate.enable', true)
  );
}
