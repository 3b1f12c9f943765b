import * as os from 'node:os';
import * as vscode from 'vscode';
import { localFolder } from '../experiments/experimentFile';

/** The folder in which the engine works: that of the experiment, or of the workspace for a file that is nowhere on disk. */
export function workingFolder(uri: vscode.Uri): string {
  const workspaceFolder = vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === 'file');
  return localFolder(uri) ?? workspaceFolder?.uri.fsPath ?? os.homedir();
}
