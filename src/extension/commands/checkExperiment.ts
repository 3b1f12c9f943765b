import * as vscode from 'vscode';
import { errorCount } from '../experiments/experimentDocument';
import { baseName } from '../experiments/experimentFile';
import { predictionText } from '../experiments/words';
import type { Services } from '../services';

/** Says what the theory predicts, or how many errors are in the way. Trains nothing. */
export async function checkExperiment({ experiments, notifications }: Services, uri: vscode.Uri): Promise<void> {
  const { analysis } = experiments.of(await vscode.workspace.openTextDocument(uri));
  const errors = errorCount(analysis);
  if (errors === 0 && analysis.prediction)
    return notifications.information(`${baseName(uri)}: ${predictionText(analysis.prediction)}`);
  await vscode.commands.executeCommand('workbench.actions.view.problems');
  notifications.refused(
    errors === 1
      ? vscode.l10n.t('{0} has an error; see the Problems view.', baseName(uri))
      : vscode.l10n.t('{0} has {1} errors; see the Problems view.', baseName(uri), errors),
  );
}
