import * as vscode from 'vscode';
import { baseName, isExperimentUri } from '../experiments/experimentFile';

/**
 * The file that a command is about: the one it was given (by a lens, a menu, a panel), else the experiment in the active
 * editor, else one of those that are open. Undefined when there is none, with words to the person, or when they chose none.
 */
export async function targetUri(given: unknown, refused: (message: string) => void): Promise<vscode.Uri | undefined> {
  const uri = given instanceof vscode.Uri ? given : activeExperiment();
  if (uri && isExperimentUri(uri)) return uri;
  const open = openExperiments();
  if (open.length === 1) return open[0];
  if (open.length > 1) return chooseExperiment(open);
  refused(vscode.l10n.t('Open an experiment (a file that ends in .recovery.json) first.'));
  return undefined;
}

export function activeExperiment(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri && isExperimentUri(uri) ? uri : undefined;
}

/** Experiments in tabs, each once. */
function openExperiments(): vscode.Uri[] {
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: inGroup }) => inGroup);
  const uris = tabs.flatMap(({ input }) =>
    input instanceof vscode.TabInputText && isExperimentUri(input.uri) ? [input.uri] : [],
  );
  return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
}

async function chooseExperiment(open: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const items = open.map((uri) => ({ label: baseName(uri), description: uri.path, uri }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which Experiment?') }))?.uri;
}
