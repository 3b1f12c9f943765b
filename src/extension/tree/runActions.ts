import * as vscode from 'vscode';
import { COMMANDS, type RunsCommandName } from '../commands/names';
import type { Handler } from '../commands/registerCommands';
import type { ComparisonPanels } from '../panels/comparisonPanels';
import type { StoredRunPanels } from '../panels/storedRunPanels';
import type { Services } from '../services';
import { compareRuns } from './compareRuns';
import { reproduction } from './reproduction';
import { resumeRun } from './resumeRun';
import { isLive, type RunEntry } from './runEntry';
import type { RunNode } from './runItems';
import type { RunList } from './runList';
import { filterRuns, sortRuns } from './runsQuickPicks';
import type { RunsView } from './runsView';
import type { RunTrash, TrashedRun } from './runTrash';
import type { StoredRuns } from './storedRuns';

/** What the commands of the view work with. */
export interface RunsServices {
  stored: StoredRuns;
  list: RunList;
  view: RunsView;
  trash: RunTrash;
  storedPanels: StoredRunPanels;
  comparisons: ComparisonPanels;
}

/** What the commands of the view do; a key press gives them nothing and means what is selected. */
export function runActions(services: Services, parts: RunsServices): Record<RunsCommandName, Handler> {
  const { view, list } = parts;
  const onRuns = (action: (entries: RunEntry[]) => Promise<void>) => (given: unknown, all: unknown) =>
    action(targets(view, given, all));
  const onRun = (action: (entry: RunEntry) => Promise<void>) =>
    onRuns(async ([entry]) => {
      if (entry) await action(entry);
    });
  const pin = (pinned: boolean) => onRuns((entries) => list.pin(ids(entries), pinned));
  return {
    openRun: onRun((entry) => openRun(services, parts, entry)),
    openRunReport: onRun(async ({ folder }) => {
      if (folder) await services.reports.open(vscode.Uri.joinPath(vscode.Uri.parse(folder), 'report.html'));
    }),
    openRunFile: onRun(async ({ file }) => {
      if (file) await vscode.window.showTextDocument(vscode.Uri.parse(file));
    }),
    revealRunFolder: onRun(({ folder }) => revealFolder(folder)),
    runFileAgain: onRun(async ({ file }) => {
      if (file) await vscode.commands.executeCommand(COMMANDS.run, vscode.Uri.parse(file));
    }),
    resumeRun: onRun((entry) => resumeRun(services, entry)),
    stopRun: onRuns(async (entries) => {
      await Promise.all(entries.map(({ file }) => file && services.runs.stop(vscode.Uri.parse(file))));
    }),
    compareRuns: onRuns(async (entries) => compareRuns(parts.comparisons, await list.read(), entries)),
    copyReproduction: onRuns(async (entries) => {
      await vscode.env.clipboard.writeText(entries.map(reproduction).join('\n'));
    }),
    pinRun: pin(true),
    unpinRun: pin(false),
    deleteRun: onRuns((entries) => deleteRuns(services, parts, entries)),
    filterRuns: () => filterRuns(view),
    clearRunsFilter: () => Promise.resolve(view.setFilter('')),
    sortRuns: () => sortRuns(view, list),
    refreshRuns: () => parts.stored.refresh(),
  };
}

const ids = (entries: readonly RunEntry[]) => entries.map(({ id }) => id);

/** The runs that a command is about: all selected ones when the one it was given is among them. */
function targets(view: RunsView, given: unknown, all: unknown): RunEntry[] {
  const nodes = Array.isArray(all) && all.length > 0 ? (all as RunNode[]) : given === undefined ? [] : [given as RunNode];
  if (nodes.length === 0) return view.selected;
  return nodes.flatMap((node) => (node.type === 'run' ? [node.entry] : []));
}

/** The last run of a file is shown in the panel of the file, an earlier one in a panel of its own. */
async function openRun({ runs, panels }: Services, { storedPanels }: RunsServices, entry: RunEntry): Promise<void> {
  const file = vscode.Uri.parse(entry.file ?? entry.fileName);
  const folder = entry.folder === undefined ? undefined : vscode.Uri.parse(entry.folder);
  if (!folder || isLive(entry)) return panels.show(file);
  const last = (await runs.recall(file))?.accepted?.runFolder;
  if (last && vscode.Uri.file(last).toString() === entry.folder) return panels.show(file);
  await storedPanels.show({ folder, file, startedAt: entry.startedAt });
}

async function revealFolder(folder: string | undefined): Promise<void> {
  if (!folder) return;
  const uri = vscode.Uri.parse(folder);
  const isInside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(isInside ? 'revealInExplorer' : 'revealFileInOS', uri);
}

async function deleteRuns(
  { notifications }: Services,
  { trash, stored }: RunsServices,
  entries: readonly RunEntry[],
): Promise<void> {
  const folders = entries.flatMap((entry) => (entry.folder && !isLive(entry) ? [vscode.Uri.parse(entry.folder)] : []));
  if (folders.length === 0) return;
  const removed: TrashedRun[] = [];
  try {
    for (const folder of folders) removed.push(await trash.remove(folder));
  } finally {
    await stored.refresh();
  }
  const message = removed.length === 1 ? vscode.l10n.t('Deleted a run.') : vscode.l10n.t('Deleted {0} runs.', removed.length);
  // The command is over; the way back stays open.
  void notifications.undoable(message, async () => {
    for (const entry of removed) await trash.restore(entry);
    await stored.refresh();
  });
}
