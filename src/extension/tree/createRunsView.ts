import * as vscode from 'vscode';
import { baseName } from '../experiments/experimentFile';
import { ContextKeys } from '../contextKeys';
import { DisposableStore, type Disposable } from '../disposable';
import { ComparisonPanels } from '../panels/comparisonPanels';
import type { ShownRun } from '../panels/panelActions';
import type { PanelPages } from '../panels/panelPages';
import type { PanelViews } from '../panels/panelViews';
import type { PanelAction } from '../panels/runPanels';
import { StoredRunPanels, type StoredRunPlace } from '../panels/storedRunPanels';
import type { RunHistory } from '../runs/runHistory';
import type { Services } from '../services';
import { runActions, type RunsServices } from './runActions';
import { RunList } from './runList';
import { RunsView } from './runsView';
import { RunTrash } from './runTrash';
import { StoredRuns } from './storedRuns';

/** Puts the view of runs together: what is on disk, the list, the tree, panels of earlier runs and the commands. */
export function createRunsView(
  context: vscode.ExtensionContext,
  services: Services,
  history: Pick<RunHistory, 'folders'>,
  pages: PanelPages,
  views: PanelViews,
  onPanelAction: (shown: ShownRun, action: PanelAction) => void,
): RunsServices & Disposable & { handlers: ReturnType<typeof runActions> } {
  const store = new DisposableStore();
  const { runs, experiments, words, reports, log } = services;
  const memory = context.workspaceState;
  const stored = store.add(
    new StoredRuns(
      () => history.folders(),
      (error) => log.error(error),
    ),
  );
  const list = store.add(new RunList(stored, runs, experiments, words, memory));
  const view = store.add(new RunsView(list, runs, new ContextKeys(), memory));
  const trash = new RunTrash(memory);
  const find = async (folder: vscode.Uri): Promise<StoredRunPlace | undefined> => {
    await stored.refresh();
    const found = stored.all().find((each) => each.folder.toString() === folder.toString());
    return found && { folder, file: found.file ?? vscode.Uri.parse(baseName(folder)), startedAt: found.run.startedAt };
  };
  const storedPanels = store.add(
    new StoredRunPanels(pages, views, runs.canRun, find, ({ folder, file }, action) => {
      if (action.type === 'openReport') void reports.open(vscode.Uri.joinPath(folder, 'report.html'));
      else onPanelAction({ file, folder }, action);
    }),
  );
  const comparisons = store.add(new ComparisonPanels(pages, find, onPanelAction));
  const parts: RunsServices = { stored, list, view, trash, storedPanels, comparisons };
  trash
    .purge()
    .catch((error: unknown) => log.error(error))
    .finally(() => stored.refreshSoon());
  return { ...parts, handlers: runActions(services, parts), dispose: () => store.dispose() };
}
