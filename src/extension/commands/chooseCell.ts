import * as vscode from 'vscode';
import { variantsOf } from '../../experiment';
import type { CellChoice } from '../experiments/cellText';
import type { ExperimentAnalysis } from '../experiments/experimentDocument';

/** Asks for one value of what varies, one sample size and a number of trials; undefined when the person changed their mind. */
export async function chooseCell({ parsed, prediction }: ExperimentAnalysis): Promise<CellChoice | undefined> {
  const experiment = parsed.resolved;
  if (experiment?.experiment !== 'recovery') return undefined;
  const variant = experiment.vary ? await chooseVariant(variantsOf(experiment).map(({ name }) => name)) : undefined;
  if (experiment.vary && variant === undefined) return undefined;
  // Each value has a prediction of its own.
  const predicted = experiment.vary ? null : (prediction?.optimisticSampleSize ?? null);
  const sizes = experiment.data.sampleSizes.map((sampleSize) => ({
    label: String(sampleSize),
    description: describe(sampleSize, predicted),
    sampleSize,
  }));
  const size = await vscode.window.showQuickPick(sizes, {
    title: vscode.l10n.t('Run This Cell (1/2): Sample Size'),
    placeHolder: vscode.l10n.t('Number of training samples'),
  });
  if (!size) return undefined;
  const trials = await vscode.window.showInputBox({
    title: vscode.l10n.t('Run This Cell (2/2): Trials'),
    prompt: vscode.l10n.t('Number of independent trainings'),
    value: String(experiment.training.trials),
    validateInput: (text) => (readTrials(text) === undefined ? vscode.l10n.t('A whole number from 1 to 100000.') : undefined),
  });
  const count = trials === undefined ? undefined : readTrials(trials);
  return count === undefined ? undefined : { sampleSize: size.sampleSize, trials: count, variant };
}

async function chooseVariant(names: readonly string[]): Promise<number | undefined> {
  const items = names.map((label, variant) => ({ label, variant }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Run This Cell: Value') });
  return chosen?.variant;
}

function describe(sampleSize: number, predicted: number | null): string | undefined {
  if (predicted === null) return undefined;
  if (sampleSize === predicted) return vscode.l10n.t('the predicted optimistic sample size');
  return sampleSize < predicted ? vscode.l10n.t('below the prediction') : vscode.l10n.t('above the prediction');
}

function readTrials(text: string): number | undefined {
  const count = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  return count >= 1 && count <= 100_000 ? count : undefined;
}
