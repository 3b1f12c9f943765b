import * as vscode from 'vscode';

/**
 * The id of a run names its file, because the id is what a panel keeps: after a window reload the file, and with it the
 * last run of the file, is found through it.
 */
export function runId(uri: vscode.Uri, startedAt: number): string {
  return `${uri.toString()} ${startedAt}`;
}

/** The file that a run was about; undefined for anything that is not the id of a run. */
export function fileOfRun(id: unknown): vscode.Uri | undefined {
  const [, file] = /^(\S+) \d+$/.exec(String(id)) ?? [];
  if (file === undefined) return undefined;
  try {
    return vscode.Uri.parse(file, true);
  } catch {
    return undefined;
  }
}
