import { dataElement, escapeHtml, insideScript, insideStyle } from '../../protocol/markup';

/** What `npm run build` makes of src/webview. */
export interface PanelBundle {
  script: string;
  style: string;
}

/**
 * The page of a panel; nothing about a run is in it, its script asks for that. Script and style stand in the page: what a webview
 * loads takes a way through its service worker and back, which takes longer than all the rest.
 */
export function panelPage(bundle: PanelBundle, words: Readonly<Record<string, string>>, language: string): string {
  const nonce = crypto.randomUUID();
  // The toolkit writes style elements and gives them the nonce that it finds in the meta element below.
  const policy = [`default-src 'none'`, `style-src 'nonce-${nonce}'`, `script-src 'nonce-${nonce}'`].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta property="csp-nonce" content="${nonce}">
  <style nonce="${nonce}">${insideStyle(bundle.style)}</style>
  <title>Recovery Lab</title>
</head>
<body>
  <div id="root"></div>
  ${dataElement('l10n', JSON.stringify(words))}
  <script nonce="${nonce}">${insideScript(bundle.script)}</script>
</body>
</html>
`;
}
