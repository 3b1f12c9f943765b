import * as vscode from 'vscode';

/** The text that a run was begun with; undefined where its folder does not say. */
export async function runText(runFolder: vscode.Uri): Promise<string | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(runFolder, 'experiment.json'));
    const content = JSON.parse(Buffer.from(bytes).toString('utf8')) as { text?: unknown } | null;
    return typeof content?.text === 'string' ? content.text : undefined;
  } catch {
    return undefined;
  }
}
