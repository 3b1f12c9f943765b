import * as vscode from 'vscode';
import { DisposableStore } from '../disposable';
import { ExperimentDocument, type AnalysisHost } from './experimentDocument';
import { EXPERIMENT_SUFFIX, isExperimentUri } from './experimentFile';

/** Typing pauses longer than this before diagnostics follow. */
const DEBOUNCE_MS = 200;

/** The open experiment files: one `ExperimentDocument` each, with events that follow typing at a distance. */
export class ExperimentDocuments implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly open = new Map</* uri */ string, ExperimentDocument>();
  private readonly pending = new Map</* uri */ string, NodeJS.Timeout>();
  private readonly changed = this.store.add(new vscode.EventEmitter<ExperimentDocument>());
  private readonly answered = this.store.add(new vscode.EventEmitter<ExperimentDocument>());
  private readonly edited = this.store.add(new vscode.EventEmitter<ExperimentDocument>());
  private readonly closed = this.store.add(new vscode.EventEmitter<vscode.Uri>());

  /** A file was opened, or its text changed and rested. */
  readonly onDidChange = this.changed.event;
  /** The theory has answered a question about a file that took longer. */
  readonly onDidAnswer = this.answered.event;
  /** The text of a file changed just now. */
  readonly onDidEdit = this.edited.event;
  readonly onDidClose = this.closed.event;

  constructor(private readonly host: AnalysisHost) {
    this.store.add(vscode.workspace.onDidOpenTextDocument((document) => this.added(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument((document) => this.removed(document.uri)));
    // An editor can outlive its file, and VS Code keeps a document for a while after its last editor was closed.
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(`**/*${EXPERIMENT_SUFFIX}`, false, true, false));
    this.store.add(watcher.onDidDelete((uri) => this.removed(uri)));
    this.store.add(watcher.onDidCreate((uri) => this.created(uri)));
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.touched(document.uri);
      }),
    );
  }

  /** Takes in the files that were open before, as soon as the extension is active; call once everybody listens. */
  start(): void {
    const begin = setTimeout(() => vscode.workspace.textDocuments.forEach((document) => this.added(document)), 0);
    this.store.add({ dispose: () => clearTimeout(begin) });
  }

  get(uri: vscode.Uri): ExperimentDocument | undefined {
    return this.open.get(uri.toString());
  }

  /** Every open experiment file. */
  all(): Iterable<ExperimentDocument> {
    return this.open.values();
  }

  /** The document of a lens or a completion list, which may be asked for before the open event arrives. */
  of(document: vscode.TextDocument): ExperimentDocument {
    return this.open.get(document.uri.toString()) ?? new ExperimentDocument(document, this.host);
  }

  dispose(): void {
    this.pending.forEach((timer) => clearTimeout(timer));
    this.open.forEach((experiment) => experiment.dispose());
    this.store.dispose();
  }

  private added(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (!isExperimentUri(document.uri) || this.open.get(key)?.document === document) return;
    this.open.get(key)?.dispose();
    const experiment: ExperimentDocument = new ExperimentDocument(document, this.host, () => {
      this.changed.fire(experiment);
      this.answered.fire(experiment);
    });
    this.open.set(key, experiment);
    this.changed.fire(experiment);
  }

  private touched(uri: vscode.Uri): void {
    const key = uri.toString();
    const experiment = this.open.get(key);
    if (!experiment) return;
    this.edited.fire(experiment);
    clearTimeout(this.pending.get(key));
    this.pending.set(
      key,
      setTimeout(() => {
        this.pending.delete(key);
        this.changed.fire(experiment);
      }, DEBOUNCE_MS),
    );
  }

  private removed(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.pending.get(key));
    this.pending.delete(key);
    this.open.get(key)?.dispose();
    if (this.open.delete(key)) this.closed.fire(uri);
  }

  private created(uri: vscode.Uri): void {
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (document) this.added(document);
  }
}
