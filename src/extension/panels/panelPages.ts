import * as vscode from 'vscode';
import { readText } from '../files';
import { pageWords, type SpokenWords } from '../spokenWords';
import { panelPage, type PanelBundle } from './panelPage';

/** A panel runs scripts and loads nothing: its page has everything in it. */
export const PANEL_OPTIONS: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [] };

/** What all panels share: their page, their icon and the words of the editor's language. */
export class PanelPages {
  readonly icon: vscode.Uri;
  /** Read once: while a run starts, reading takes as long as all else until the page is there. */
  private read: Promise<PanelBundle> | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    readonly words: SpokenWords,
  ) {
    this.icon = vscode.Uri.joinPath(extensionUri, 'media', 'panel.svg');
  }

  /** Has at hand what the next panel needs. */
  async prepare(): Promise<void> {
    await this.bundle();
  }

  /** Puts the page into a panel, unless that is closed before. */
  async open(panel: vscode.WebviewPanel): Promise<void> {
    let isThere = true;
    const watching = panel.onDidDispose(() => (isThere = false));
    try {
      const html = panelPage(await this.bundle(), pageWords(vscode.l10n.bundle), vscode.env.language);
      if (isThere) panel.webview.html = html;
    } finally {
      watching.dispose();
    }
  }

  private bundle(): Promise<PanelBundle> {
    return (this.read ??= this.readBundle().catch((error: unknown) => {
      this.read = undefined;
      throw error;
    }));
  }

  private async readBundle(): Promise<PanelBundle> {
    const read = (name: string) => readText(vscode.Uri.joinPath(this.extensionUri, 'dist', 'webview', name));
    const [script, style] = await Promise.all([read('run.js'), read('run.css')]);
    return { script, style };
  }
}
