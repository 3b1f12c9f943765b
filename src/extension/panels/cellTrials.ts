import * as vscode from 'vscode';
import { parseExperiment, variantsOf } from '../../experiment';
import { TrialReader, TRIALS_FILE, type CellTrials, type TrialCell } from '../../protocol/trials';
import { cellText } from '../experiments/cellText';
import { baseName, EXPERIMENT_SUFFIX } from '../experiments/experimentFile';
import { untitledExperiment } from '../experiments/untitledExperiment';
import { readPieces } from '../localFiles';
import { runText } from '../runs/runText';

/**
 * The trainings of a cell as the run folder has them now, read line by line: a run of very many trainings has them nowhere else.
 * Null where there is no folder, or none are in it.
 */
export async function readTrials(runFolder: vscode.Uri | null, cell: TrialCell, open: number | null): Promise<CellTrials | null> {
  if (runFolder === null) return null;
  const reader = new TrialReader(cell, open);
  try {
    let rest = '';
    for await (const piece of readPieces(vscode.Uri.joinPath(runFolder, TRIALS_FILE))) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) reader.add(line);
    }
  } catch {
    return null;
  }
  return reader.result();
}

/**
 * Opens a cell of a run, or one of its trials, as an experiment of its own that is not saved: its value, its sample size, the same seed
 * and trials.
 */
export async function openCell(
  uri: vscode.Uri,
  runFolder: vscode.Uri | null,
  { variant, sampleSize }: TrialCell,
  trial: number | null,
): Promise<void> {
  const text = runFolder === null ? undefined : await runText(runFolder);
  const experiment = text === undefined ? undefined : parseExperiment(text).resolved;
  if (text === undefined || experiment?.experiment !== 'recovery')
    throw new Error(vscode.l10n.t('The folder of this run does not say what it was begun with.'));
  const value = experiment.vary ? variantsOf(experiment)[variant] : undefined;
  const content = cellText(text, {
    sampleSize,
    ...(trial === null ? { trials: experiment.training.trials } : { trials: 1, firstTrial: trial }),
    ...(value ? { variant } : {}),
  });
  const stem = baseName(uri).slice(0, -EXPERIMENT_SUFFIX.length);
  const name = [stem, value?.name ?? '', `n-${sampleSize}`, ...(trial === null ? [] : [`trial-${trial}`])]
    .join('-')
    .replace(/[^A-Za-z0-9.]+/g, '-');
  await vscode.window.showTextDocument(await untitledExperiment(name, content), { preview: false });
}
