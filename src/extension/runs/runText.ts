import * as vscode from 'vscode';
import { readText } from '../files';

/** The text that a run was begun with; undefined where its folder does not say. */
export async function runText(runFolder: vscode.Uri): Promise<string | undefined> {
  try {
    const content = JSON.parse(await readText(vscode.Uri.joinPath(runFolder, 'experiment.json'))) as { text?: unknown } | null;
    return typeof content?.text === 'string' ? content.text : undefined;
  } catch {
    return undefined;
  }
}
