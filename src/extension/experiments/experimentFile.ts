import * as vscode from 'vscode';

/** Ending of experiment files; package.json uses the same in `when` clauses and for the schema. */
export const EXPERIMENT_SUFFIX = '.recovery.json';

/** Experiment files wherever they are: on disk, unsaved, in a virtual workspace. */
export const EXPERIMENT_SELECTOR: vscode.DocumentFilter = { scheme: '*', pattern: `**/*${EXPERIMENT_SUFFIX}` };

export function isExperimentUri(uri: vscode.Uri): boolean {
  // A diff editor shows the committed side under `git:`; nothing can be run from there.
  return uri.path.endsWith(EXPERIMENT_SUFFIX) && uri.scheme !== 'git' && uri.scheme !== 'output';
}

/** Name of the file, without folder. */
export function baseName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** The folder that holds the file, as a path of this machine; undefined for a file that is elsewhere or not saved yet. */
export function localFolder(uri: vscode.Uri): string | undefined {
  return uri.scheme === 'file' ? vscode.Uri.joinPath(uri, '..').fsPath : undefined;
}
