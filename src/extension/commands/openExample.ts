import * as vscode from 'vscode';
import { EXPERIMENT_SUFFIX } from '../experiments/experimentFile';
import { bytesOf } from '../files';
import { exampleItem, type Gallery } from '../experiments/gallery';

/** Lets the person choose one of the bundled examples and saves a copy of it where they want it. */
export async function openExample(gallery: Gallery): Promise<void> {
  const chosen = await vscode.window.showQuickPick(exampleItems(gallery), {
    title: vscode.l10n.t('Open an Example'),
    matchOnDescription: true,
  });
  if (!chosen) return;
  const { example } = chosen;
  const beside = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the Example As'),
    defaultUri: beside && vscode.Uri.joinPath(beside, example.name),
    filters: { [vscode.l10n.t('Experiment')]: [EXPERIMENT_SUFFIX.slice(1)] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, bytesOf(example.text));
  await gallery.copyData(example, target);
  await vscode.window.showTextDocument(target);
}

async function exampleItems(gallery: Gallery) {
  return (await gallery.read()).map(exampleItem);
}
