import * as vscode from 'vscode';
import { readSetting } from '../configuration';
import type { CellChoice } from '../experiments/cellText';
import { errorCount, type ExperimentAnalysis } from '../experiments/experimentDocument';
import { baseName } from '../experiments/experimentFile';
import type { Services } from '../services';

/** Runs what is in the editor, saved or not: the whole experiment, or one of its cells. */
export async function runExperiment(
  services: Services,
  uri: vscode.Uri,
  choose?: (analysis: ExperimentAnalysis) => Promise<CellChoice | undefined>,
): Promise<void> {
  const { notifications, experiments, runs, panels } = services;
  if (!runs.canRun) return notifications.noRunsHere();
  if (!vscode.workspace.isTrusted) return notifications.restricted();
  const activity = runs.activity(uri);
  if (activity !== 'idle') {
    panels.show(uri);
    return notifications.refused(
      activity === 'queued'
        ? vscode.l10n.t('{0} is queued already; it runs as it was when it was queued.', baseName(uri))
        : vscode.l10n.t('{0} is running already. Stop it to run it again.', baseName(uri)),
    );
  }
  const { analysis } = experiments.of(await vscode.workspace.openTextDocument(uri));
  const errors = errorCount(analysis);
  if (errors > 0) {
    await vscode.window.showTextDocument(uri, { preserveFocus: false });
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    return notifications.refused(
      errors === 1
        ? vscode.l10n.t('{0} has an error and was not run; see the Problems view.', baseName(uri))
        : vscode.l10n.t('{0} has {1} errors and was not run; see the Problems view.', baseName(uri), errors),
    );
  }
  const cell = await choose?.(analysis);
  // The file may have begun to run while the person was choosing.
  if ((choose && !cell) || runs.activity(uri) !== 'idle') return;
  runs.start({ uri, text: analysis.text }, cell);
  if (readSetting('openPanelOnRun', uri)) panels.show(uri);
}
