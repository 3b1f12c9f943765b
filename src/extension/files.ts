import * as vscode from 'vscode';

/** The text of a file, wherever it is. */
export async function readText(file: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}

/** Text as UTF-8, or what it says in base64. */
export function bytesOf(content: string, encoding: 'utf8' | 'base64' = 'utf8'): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(content);
  return Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
}

/** Schemes of folders that VS Code searches by itself; in others a search may wait for ever for somebody who can. */
const SEARCHED = ['file', 'vscode-remote'];

export const isSearched = ({ uri }: vscode.WorkspaceFolder): boolean => SEARCHED.includes(uri.scheme);

/** Files of the workspace by a glob, but for those of virtual folders. */
export async function searchFiles(glob: string): Promise<vscode.Uri[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(isSearched);
  const search = (folder: vscode.WorkspaceFolder) =>
    vscode.workspace.findFiles(new vscode.RelativePattern(folder, glob), '**/node_modules/**');
  return (await Promise.all(folders.map(search))).flat();
}
