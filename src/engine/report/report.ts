import { createHash } from 'node:crypto';
import { dataElement, escapeHtml, insideScript, insideStyle } from '../../protocol/markup';
import type { RunRecord } from '../../protocol/record';
import { reportScript, reportStyle } from './assets';
import { condenseRecord } from './condense';
import type { MeasuredCells } from './measuredCells';
import { plainResults } from './plainResults';

/**
 * A page that holds everything: the record, the script that draws it and the style. It loads nothing and may load nothing.
 * Measurements that are not in the cells of the record are taken from `measured`.
 */
export function renderReport(record: RunRecord, measured?: MeasuredCells): string {
  const script = insideScript(reportScript);
  const data = dataElement('record', condenseRecord(record, measured));
  const hash = createHash('sha256').update(script, 'utf8').digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'`;
  const title = escapeHtml(record.accepted?.config.title || record.fileName);
  const plain = record.finished ? plainResults(record.finished.summary, record.tables) : '';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Recovery Lab ${escapeHtml(record.engine ?? '')}">
<title>${title} · Recovery Lab</title>
<style>${insideStyle(reportStyle)}</style>
</head>
<body>
<main id="root"></main>
<noscript>
<h1>${title}</h1>
${plain}
</noscript>
${data}
<script>${script}</script>
</body>
</html>
`;
}
