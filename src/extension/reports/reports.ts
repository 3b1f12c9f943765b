import * as vscode from 'vscode';
import { baseName } from '../experiments/experimentFile';
import { readText } from '../files';
import type { Notifications } from '../notifications';
import type { SpokenWords } from '../spokenWords';
import { spokenReport } from './spokenReport';

/**
 * Opens reports in a browser, in the language of the editor. Run folders hold them in English, whoever runs an experiment; what is opened in
 * another language is a copy outside of the run folder.
 */
export class Reports {
  private readonly copies: vscode.Uri;

  constructor(
    private readonly notifications: Notifications,
    private readonly words: SpokenWords,
    storage: vscode.Uri,
  ) {
    this.copies = vscode.Uri.joinPath(storage, 'reports');
  }

  /** Shows where the report is when the browser is on another machine. */
  async open(report: vscode.Uri): Promise<void> {
    const isLocal = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
    const spoken = await this.spoken(report);
    const run = baseName(vscode.Uri.joinPath(report, '..'));
    if (isLocal) {
      const file = spoken === undefined ? report : await this.keep(`${run}.html`, spoken);
      if (await vscode.env.openExternal(file)) return;
    }
    const file = spoken === undefined ? report : await save(vscode.Uri.joinPath(report, '..', '..', `${run}.html`), spoken);
    if (!file) return;
    await vscode.commands.executeCommand('revealInExplorer', file);
    this.notifications.information(
      vscode.l10n.t('The report is {0}. Download it from the explorer to open it in a browser.', file.fsPath),
    );
  }

  /** Undefined where the report is to be read as it is stored. */
  private async spoken(report: vscode.Uri): Promise<string | undefined> {
    const { bundle } = vscode.l10n;
    return bundle && spokenReport(await readText(report), this.words, bundle, vscode.env.language);
  }

  /** Of copies only the last is kept: a browser has read the others. */
  private async keep(name: string, html: string): Promise<vscode.Uri> {
    const file = vscode.Uri.joinPath(this.copies, name);
    await vscode.workspace.fs.createDirectory(this.copies);
    for (const [other] of await vscode.workspace.fs.readDirectory(this.copies))
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(this.copies, other));
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(html));
    return file;
  }
}

/** Asks where the report in the language of the editor shall go; beside the folder of the run, which stays as it is, is offered first. */
async function save(defaultUri: vscode.Uri, html: string): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t('Save {0}', baseName(defaultUri));
  const file = await vscode.window.showSaveDialog({ defaultUri, filters: { HTML: ['html'] }, title });
  if (file) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(html));
  return file;
}
