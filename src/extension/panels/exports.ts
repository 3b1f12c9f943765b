import * as vscode from 'vscode';
import type { FromPanel } from '../../protocol/panel';
import { bytesOf } from '../files';

type SaveMessage = Extract<FromPanel, { type: 'save' }>;

/** Asks where a file from a panel shall go and writes it there; the folder of the experiment is offered first. */
export async function saveExport(experiment: vscode.Uri, { name, encoding, content }: SaveMessage): Promise<void> {
  const extension = name.slice(name.lastIndexOf('.') + 1);
  const file = await vscode.window.showSaveDialog({
    defaultUri: folderFor(experiment, name),
    filters: { [extension.toUpperCase()]: [extension] },
    title: vscode.l10n.t('Save {0}', name),
  });
  if (file) await vscode.workspace.fs.writeFile(file, bytesOf(content, encoding));
}

/** An experiment that was never saved has no folder. */
function folderFor(experiment: vscode.Uri, name: string): vscode.Uri | undefined {
  if (experiment.scheme !== 'untitled') return vscode.Uri.joinPath(experiment, '..', name);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, name);
}
