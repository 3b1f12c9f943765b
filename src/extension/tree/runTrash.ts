import * as vscode from 'vscode';
import { baseName } from '../experiments/experimentFile';

/** Folder beside run folders that holds deleted ones until the next activation. */
const TRASH = '.trash';
const KEY = 'trashedRuns';

/** A run folder and where it lies while it can still be brought back. */
export interface TrashedRun {
  folder: string;
  trashed: string;
}

/** Deletes run folders in a way that can be undone: for good only when the extension starts the next time. */
export class RunTrash {
  constructor(private readonly memory: vscode.Memento) {}

  /** Moves a run folder away. */
  async remove(folder: vscode.Uri): Promise<TrashedRun> {
    const name = baseName(folder);
    const parent = vscode.Uri.joinPath(folder, '..', TRASH);
    await vscode.workspace.fs.createDirectory(parent);
    let trashed = vscode.Uri.joinPath(parent, name);
    for (let copy = 2; await exists(trashed); copy++) trashed = vscode.Uri.joinPath(parent, `${name}-${copy}`);
    const entry = { folder: folder.toString(), trashed: trashed.toString() };
    // Noted before it is moved, so that nothing can stay behind that nobody knows of.
    await this.memory.update(KEY, [...this.entries(), entry]);
    await vscode.workspace.fs.rename(folder, trashed);
    return entry;
  }

  /** Puts it back where it was. Throws when something else is there now. */
  async restore(entry: TrashedRun): Promise<void> {
    await vscode.workspace.fs.rename(vscode.Uri.parse(entry.trashed), vscode.Uri.parse(entry.folder), { overwrite: false });
    await this.forget(entry);
  }

  /** Deletes for good what was moved away before. */
  async purge(): Promise<void> {
    for (const entry of this.entries()) {
      const trashed = vscode.Uri.parse(entry.trashed);
      if (await exists(trashed)) await vscode.workspace.fs.delete(trashed, { recursive: true });
      await this.forget(entry);
      await removeEmpty(vscode.Uri.joinPath(trashed, '..'));
    }
  }

  private forget({ trashed }: TrashedRun): Thenable<void> {
    return this.memory.update(
      KEY,
      this.entries().filter((entry) => entry.trashed !== trashed),
    );
  }

  private entries(): TrashedRun[] {
    return this.memory.get<TrashedRun[]>(KEY, []);
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

async function removeEmpty(folder: vscode.Uri): Promise<void> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    if (entries.length === 0) await vscode.workspace.fs.delete(folder);
  } catch {
    // It is not there.
  }
}
