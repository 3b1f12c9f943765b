import * as vscode from 'vscode';
import { dataElement } from '../../protocol/markup';
import { pageWords } from '../spokenWords';

function webviewFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** A panel runs its own bundle, which lies in the only folder that it may load from. */
export function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
}

export function panelIcon(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'media', 'panel.svg');
}

/** The page of a run panel. Its bundle asks for everything else; nothing about the run is in here. */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = crypto.randomUUID();
  const asset = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder(extensionUri), name)).toString();
  const policy = [
    `default-src 'none'`,
    `img-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    // The toolkit writes style elements and gives them the nonce that it finds in the meta element below.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta property="csp-nonce" content="${nonce}">
  <link rel="stylesheet" href="${asset('run.css')}">
  <title>Recovery Lab</title>
</head>
<body>
  <div id="root"></div>
  ${dataElement('l10n', translations())}
  <script nonce="${nonce}" src="${asset('run.js')}"></script>
</body>
</html>
`;
}

/** What `vscode.l10n` knows in the language of the editor, as JSON. Nothing for English. */
function translations(): string {
  return JSON.stringify(pageWords(vscode.l10n.bundle));
}
