import * as vscode from 'vscode';
import { MOST_COMPARED, type ComparisonPanels } from '../panels/comparisonPanels';
import { isLive, type RunEntry } from './runEntry';
import { headline, timeWords, verdictCounts } from './runWords';

type StoredEntry = RunEntry & { folder: string };

interface RunPick extends vscode.QuickPickItem {
  entry: StoredEntry;
}

/** Compares the chosen runs where these are several; else asks which, of all runs on disk. */
export async function compareRuns(
  panels: ComparisonPanels,
  all: readonly RunEntry[],
  chosen: readonly RunEntry[],
): Promise<void> {
  const given = chosen.filter(isStored);
  const entries = given.length > 1 ? given : await pick(all.filter(isStored), given);
  if (!entries) return;
  if (entries.length < 2) throw new Error(vscode.l10n.t('Choose at least two runs to compare them.'));
  if (entries.length > MOST_COMPARED)
    throw new Error(vscode.l10n.t('At most {0} runs can be compared in one panel.', MOST_COMPARED));
  await panels.show(
    entries.map(({ folder, file, fileName, startedAt }) => ({
      folder: vscode.Uri.parse(folder),
      file: vscode.Uri.parse(file ?? fileName),
      startedAt,
    })),
  );
}

const isStored = (entry: RunEntry): entry is StoredEntry => entry.folder !== undefined && !isLive(entry);

async function pick(all: readonly StoredEntry[], chosen: readonly RunEntry[]): Promise<StoredEntry[] | undefined> {
  if (all.length < 2) throw new Error(vscode.l10n.t('There is nothing to compare yet: run an experiment twice, or two of them.'));
  const ids = new Set(chosen.map(({ id }) => id));
  const items = [...all]
    .sort((a, b) => b.startedAt - a.startedAt)
    .map((entry): RunPick => ({
      label: entry.fileName,
      description: timeWords(entry.startedAt),
      detail: [headline(entry), verdictCounts(entry)].filter(Boolean).join(' · '),
      picked: ids.has(entry.id),
      entry,
    }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Compare Runs'),
    placeHolder: vscode.l10n.t('Choose from two to {0} runs', MOST_COMPARED),
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.map(({ entry }) => entry);
}
