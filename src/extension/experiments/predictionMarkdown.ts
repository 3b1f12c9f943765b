import * as vscode from 'vscode';
import type { Prediction } from '../../protocol/events';
import { withPaperLinks } from './paperLinks';
import { predictionTitle } from './words';

/** A prediction with its formula and its source, papers as links: for hovers. */
export function predictionMarkdown(prediction: Prediction, detail = ''): vscode.MarkdownString {
  const { formula, source, parameters } = prediction;
  const markdown = new vscode.MarkdownString();
  markdown.appendMarkdown(`**${withPaperLinks(predictionTitle(prediction))}**`);
  if (prediction.headline === undefined && parameters !== null)
    markdown.appendMarkdown(` — ${vscode.l10n.t('the model has {0} parameters', parameters)}`);
  if (detail !== '') markdown.appendMarkdown(`\n\n${withPaperLinks(detail)}`);
  if (formula !== '') markdown.appendCodeblock(formula, 'plaintext');
  if (source !== '') markdown.appendMarkdown(`\n${vscode.l10n.t('Source: {0}', withPaperLinks(source))}`);
  return markdown;
}
