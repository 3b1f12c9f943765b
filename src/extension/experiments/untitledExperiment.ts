import * as vscode from 'vscode';
import { EXPERIMENT_SUFFIX } from './experimentFile';

/** Makes an experiment file that is not saved yet, under a name that none of the open ones has; `name` is without its ending. */
export async function untitledExperiment(name: string, text: string): Promise<vscode.Uri> {
  const isOpen = (uri: vscode.Uri) => vscode.workspace.textDocuments.some((each) => each.uri.toString() === uri.toString());
  const file = (base: string) => vscode.Uri.from({ scheme: 'untitled', path: `${base}${EXPERIMENT_SUFFIX}` });
  let free = name;
  for (let number = 2; isOpen(file(free)); number++) free = `${name}-${number}`;
  const document = await vscode.workspace.openTextDocument(file(free));
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
  return document.uri;
}
