import * as path from 'node:path';
import * as vscode from 'vscode';
import { parseExperiment } from '../../experiment';
import { EXPERIMENT_SUFFIX } from '../experiments/experimentFile';

/** Lets the person choose one of the bundled examples and saves a copy of it where they want it. */
export async function openExample(extensionUri: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, 'examples');
  const files = (await vscode.workspace.fs.readDirectory(folder)).filter(([name]) => name.endsWith(EXPERIMENT_SUFFIX));
  const choices = await Promise.all(
    files.map(async ([name]) => {
      const text = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name))).toString('utf8');
      const { title, description } = parseExperiment(text).file ?? {};
      return { label: title ?? name, description: name, detail: description, name, text };
    }),
  );
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('Open an Example'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!chosen) return;
  const beside = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the Example As'),
    defaultUri: beside && vscode.Uri.joinPath(beside, path.posix.basename(chosen.name)),
    filters: { [vscode.l10n.t('Experiment')]: [EXPERIMENT_SUFFIX.slice(1)] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(chosen.text));
  await vscode.window.showTextDocument(target);
}
