import * as vscode from 'vscode';
import { baseName } from '../experiments/experimentFile';
import { runText } from '../runs/runText';
import type { Services } from '../services';
import type { RunEntry } from './runEntry';

/** Goes on with a stopped run: its finished trainings are kept, and it ends in the same folder. */
export async function resumeRun(
  { runs, panels, notifications }: Services,
  { file, folder }: Pick<RunEntry, 'file' | 'folder'>,
): Promise<void> {
  if (!file || !folder) return;
  if (!runs.canRun) return notifications.noRunsHere();
  if (!vscode.workspace.isTrusted) return notifications.restricted();
  const [uri, runFolder] = [vscode.Uri.parse(file), vscode.Uri.parse(folder)];
  if (runFolder.scheme !== 'file')
    return notifications.refused(vscode.l10n.t('A run whose folder is on another machine cannot be resumed from here.'));
  const text = await runText(runFolder);
  panels.show(uri);
  if (runs.activity(uri) !== 'idle')
    return notifications.refused(vscode.l10n.t('{0} is running already. Stop it to resume another run of it.', baseName(uri)));
  runs.resume(uri, runFolder, text);
}
