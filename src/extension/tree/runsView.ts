import * as vscode from 'vscode';
import type { ContextKeys } from '../contextKeys';
import { DisposableStore } from '../disposable';
import type { Runs } from '../runs/runs';
import { groupRuns, isLive, matches, type RunEntry, type RunGroup, type SortKey } from './runEntry';
import { itemOf, type RunNode } from './runItems';
import type { RunList } from './runList';
import { sortWords } from './runWords';

/** Id of the view; package.json contributes it. */
export const RUNS_VIEW = 'recoveryLab.runs';

const SORT = 'runsSort';

/** Progress comes many times a second; words in the tree follow at this distance. */
const PROGRESS_MS = 500;

/** The view of runs by experiment file. */
export class RunsView implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<RunNode | undefined>());
  private readonly view: vscode.TreeView<RunNode>;
  private groups: RunGroup[] = [];
  private nodes = new Map</* run id */ string, RunNode>();
  private filterText = '';
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly list: RunList,
    runs: Runs,
    private readonly keys: ContextKeys,
    private readonly memory: vscode.Memento,
  ) {
    this.view = this.store.add(
      vscode.window.createTreeView(RUNS_VIEW, { treeDataProvider: this, canSelectMany: true, showCollapseAll: true }),
    );
    this.store.add(list.onDidChange(() => this.rebuild()));
    this.store.add(
      runs.onEvent(({ event }) => {
        if (event.type === 'phase' || event.type === 'progress') this.progressSoon();
      }),
    );
    this.rebuild();
  }

  get filter(): string {
    return this.filterText;
  }

  get sort(): SortKey {
    return this.memory.get<SortKey>(SORT, 'time');
  }

  /** Runs that are selected in the view. */
  get selected(): RunEntry[] {
    return this.view.selection.flatMap((node) => (node.type === 'run' ? [node.entry] : []));
  }

  /** What the view shows, in its order. */
  shown(): readonly RunGroup[] {
    return this.groups;
  }

  setFilter(text: string): void {
    this.filterText = text.trim();
    this.rebuild();
  }

  async setSort(sort: SortKey): Promise<void> {
    await this.memory.update(SORT, sort);
    this.rebuild();
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return itemOf(node);
  }

  getChildren(node?: RunNode): RunNode[] {
    if (!node) return this.groups.map((group) => ({ type: 'group', group }));
    return node.type === 'run' ? [] : node.group.entries.flatMap(({ id }) => this.nodes.get(id) ?? []);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.store.dispose();
  }

  private rebuild(): void {
    const all = this.list.entries();
    const shown = all.filter((entry) => matches(entry, this.filterText));
    this.groups = groupRuns(shown, this.sort);
    this.nodes = new Map(shown.map((entry) => [entry.id, { type: 'run', entry }]));
    const isFiltered = this.filterText !== '';
    this.keys.set('runsFiltered', isFiltered);
    this.view.message = isFiltered
      ? vscode.l10n.t('{0} of {1} runs match "{2}"', shown.length, all.length, this.filterText)
      : undefined;
    this.view.description = this.sort === 'time' ? undefined : vscode.l10n.t('by {0}', sortWords(this.sort));
    const live = all.filter(isLive).length;
    this.view.badge = live > 0 ? { value: live, tooltip: vscode.l10n.t('{0} running or queued', live) } : undefined;
    this.changed.fire(undefined);
  }

  private progressSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const node of this.nodes.values()) {
        if (node.type !== 'run' || !isLive(node.entry)) continue;
        node.entry.progress = this.list.progressOf(node.entry.id);
        this.changed.fire(node);
      }
    }, PROGRESS_MS);
  }
}
