import * as vscode from 'vscode';
import { isSearched } from '../files';

/** A virtual folder is walked by asking for one folder after the other, which may be far away. */
const MOST_FOLDERS = 300;

/** The run folders' parents below virtual workspace folders, in which most providers offer no search. */
export async function virtualRunsFolders(name: string): Promise<vscode.Uri[]> {
  const open = (vscode.workspace.workspaceFolders ?? []).filter((folder) => !isSearched(folder)).map(({ uri }) => uri);
  const found: vscode.Uri[] = [];
  for (let asked = 0; asked < MOST_FOLDERS; asked++) {
    const folder = open.shift();
    if (!folder) break;
    for (const child of await subfolders(folder)) {
      const isRuns = child.path.endsWith(`/${name}`);
      if (isRuns) found.push(child);
      else if (!child.path.endsWith('/node_modules')) open.push(child);
    }
  }
  return found;
}

/** The folders in a folder but for hidden ones; none where it cannot be read. */
export async function subfolders(folder: vscode.Uri): Promise<vscode.Uri[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries
      .filter(([name, type]) => (type & vscode.FileType.Directory) !== 0 && !name.startsWith('.'))
      .map(([name]) => vscode.Uri.joinPath(folder, name));
  } catch {
    return [];
  }
}
