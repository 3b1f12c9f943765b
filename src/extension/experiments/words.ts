import * as vscode from 'vscode';
import type { Prediction, Verdict } from '../../protocol/events';
import { thresholdsLabel } from './factWords';

const verdictWords = (verdict: Verdict) => ({
  value: verdict.value === null ? vscode.l10n.t('none') : String(verdict.value),
  expected: String(verdict.expected),
  id: verdict.id,
});

/** The prediction for a lens: its numbers first, as a narrow editor cuts it off. */
export function predictionLens(prediction: Prediction): string {
  const { thresholds } = prediction;
  return thresholds ? vscode.l10n.t('Predicted: {0}', thresholdsLabel(thresholds)) : predictionTitle(prediction);
}

/** The prediction in a few words. */
export function predictionTitle({ optimisticSampleSize, headline, exact }: Prediction): string {
  if (headline !== undefined) return vscode.l10n.t('Predicted: {0}', headline);
  if (optimisticSampleSize === null) return vscode.l10n.t('No prediction');
  return exact
    ? vscode.l10n.t('Predicted: {0} samples', optimisticSampleSize)
    : vscode.l10n.t('Predicted: at most {0} samples', optimisticSampleSize);
}

/** The prediction with its formula and source, for a hint and for *Check Experiment*. */
export function predictionText({ optimisticSampleSize, headline, exact, formula, source, parameters }: Prediction): string {
  if (headline !== undefined) return [vscode.l10n.t('Predicted: {0}', headline), formula, source].filter(Boolean).join('\n');
  if (optimisticSampleSize === null || parameters === null)
    return vscode.l10n.t('No prediction of the optimistic sample size: {0}', source);
  const size = exact
    ? vscode.l10n.t('Predicted optimistic sample size: {0}, with {1} parameters.', optimisticSampleSize, parameters)
    : vscode.l10n.t('Predicted optimistic sample size: at most {0}, with {1} parameters.', optimisticSampleSize, parameters);
  return `${size}\n${formula}\n${source}`;
}

/** A verdict with its reasons, for a diagnostic. */
export function verdictText(verdict: Verdict): string {
  const words = verdictWords(verdict);
  const head = {
    met: vscode.l10n.t('Expectation met: {id} is {value}, expected {expected}.', words),
    failed: vscode.l10n.t('Expectation failed: {id} is {value}, expected {expected}.', words),
    inconclusive: vscode.l10n.t('Not decided: {id}, expected {expected}.', words),
  }[verdict.result];
  return [head, ...verdict.reasons].join('\n');
}
