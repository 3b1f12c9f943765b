import * as vscode from 'vscode';
import { readText } from '../files';
import { pageWords } from '../spokenWords';

/** A panel runs scripts and loads nothing: its page has everything in it. */
export const PANEL_OPTIONS: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [] };

interface Bundle {
  script: string;
  style: string;
}

export function panelIcon(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'media', 'panel.svg');
}

/**
 * Opens the page of a run panel; nothing about the run is in it, its script asks for that. Script and style stand in the page: what a
 * webview loads takes a way through its service worker and back, which takes longer than all the rest.
 */
export async function openPage(panel: vscode.WebviewPanel, extensionUri: vscode.Uri): Promise<void> {
  let isThere = true;
  const watching = panel.onDidDispose(() => (isThere = false));
  try {
    const html = panelHtml(await readBundle(extensionUri));
    if (isThere) panel.webview.html = html;
  } finally {
    watching.dispose();
  }
}

async function readBundle(extensionUri: vscode.Uri): Promise<Bundle> {
  const read = (name: string) => readText(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', name));
  const [script, style] = await Promise.all([read('run.js'), read('run.css')]);
  // In a string of the script the end of a script would be one.
  return { script: script.replaceAll('</script', '<\\/script'), style };
}

function panelHtml({ script, style }: Bundle): string {
  const nonce = crypto.randomUUID();
  // The toolkit writes style elements and gives them the nonce that it finds in the meta element below.
  const policy = [`default-src 'none'`, `style-src 'nonce-${nonce}'`, `script-src 'nonce-${nonce}'`].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta property="csp-nonce" content="${nonce}">
  <style nonce="${nonce}">${style}</style>
  <title>Recovery Lab</title>
</head>
<body>
  <div id="root"></div>
  <script type="application/json" id="l10n">${translations()}</script>
  <script nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

/** What `vscode.l10n` knows in the language of the editor, as JSON. Nothing for English. */
function translations(): string {
  return JSON.stringify(pageWords(vscode.l10n.bundle));
}
