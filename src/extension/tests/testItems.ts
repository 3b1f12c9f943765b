import * as vscode from 'vscode';
import type { ParsedExperiment } from '../../experiment';
import { toRange } from '../experiments/diagnosticList';
import { baseName, EXPERIMENT_SUFFIX, isExperimentUri } from '../experiments/experimentFile';
import type { ExperimentDocuments } from '../experiments/experimentDocuments';
import { DisposableStore } from '../disposable';
import { searchFiles } from '../files';
import { expectationItems, type ExpectationItem } from './expectationItems';

/** Keeps the tests in step with the experiment files: one item for a file, below it its expectations. */
export class TestItems implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly expectations = new WeakMap<vscode.TestItem, ExpectationItem>();

  constructor(
    private readonly controller: vscode.TestController,
    private readonly experiments: ExperimentDocuments,
  ) {
    controller.resolveHandler = async (item) => (item ? void (await this.resolve(item)) : this.discover());
    controller.refreshHandler = () => this.discover();
    this.store.add(experiments.onDidChange(({ uri, analysis }) => this.update(this.fileItem(uri), analysis.parsed)));
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(`**/*${EXPERIMENT_SUFFIX}`));
    this.store.add(watcher.onDidCreate((uri) => void this.fileItem(uri)));
    this.store.add(watcher.onDidDelete((uri) => controller.items.delete(uri.toString())));
    this.store.add(
      experiments.onDidClose((uri) => {
        if (uri.scheme === 'untitled') controller.items.delete(uri.toString());
      }),
    );
  }

  /** The item of a file and what it expects; undefined while the file cannot be read. */
  async resolve(file: vscode.TestItem): Promise<ParsedExperiment | undefined> {
    if (!file.uri || this.expectations.has(file)) return undefined;
    try {
      const { parsed } = this.experiments.of(await vscode.workspace.openTextDocument(file.uri)).analysis;
      this.update(file, parsed);
      return parsed;
    } catch (error) {
      file.error = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  /** The item of a file, made where it is new. */
  fileItem(uri: vscode.Uri): vscode.TestItem {
    const id = uri.toString();
    const known = this.controller.items.get(id);
    if (known) return known;
    const item = this.controller.createTestItem(id, baseName(uri), uri);
    item.canResolveChildren = true;
    if (!vscode.workspace.isTrusted) item.description = vscode.l10n.t('does not run in Restricted Mode');
    this.controller.items.add(item);
    return item;
  }

  /** The file that an item belongs to. */
  fileOf(item: vscode.TestItem): vscode.TestItem {
    return item.parent ? this.fileOf(item.parent) : item;
  }

  /** The expectation of an item; undefined for a file. */
  expectationOf(item: vscode.TestItem): ExpectationItem | undefined {
    return this.expectations.get(item);
  }

  /** An item and everything below it. */
  below(item: vscode.TestItem): vscode.TestItem[] {
    return [item, ...[...item.children].flatMap(([, child]) => this.below(child))];
  }

  dispose(): void {
    this.store.dispose();
  }

  private async discover(): Promise<void> {
    const files = await searchFiles(`**/*${EXPERIMENT_SUFFIX}`);
    for (const uri of files) if (isExperimentUri(uri)) this.fileItem(uri);
    for (const experiment of this.experiments.all()) this.update(this.fileItem(experiment.uri), experiment.analysis.parsed);
  }

  /** Follows the text. A file that is not right at the moment keeps the tests that it had. */
  private update(file: vscode.TestItem, parsed: ParsedExperiment): void {
    file.error = undefined;
    if (!parsed.file) return;
    file.range = toRange(parsed.keyRangeOf([]));
    this.fill(file, expectationItems(parsed.file.expect), parsed);
  }

  private fill(parent: vscode.TestItem, wanted: readonly ExpectationItem[], parsed: ParsedExperiment): void {
    const items = wanted.map((expectation) => {
      const id = expectation.path.join('.');
      const item = parent.children.get(id) ?? this.controller.createTestItem(id, expectation.label, parent.uri);
      item.label = expectation.label;
      item.range = toRange(parsed.keyRangeOf(expectation.path));
      this.expectations.set(item, expectation);
      this.fill(item, expectation.children, parsed);
      return item;
    });
    parent.children.replace(items);
  }
}
