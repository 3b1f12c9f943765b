import * as vscode from 'vscode';
import { baseName } from '../experiments/experimentFile';
import type { Services } from '../services';

/** Shows the last run of a file, of this window or an earlier one. */
export async function showResults({ runs, panels, notifications }: Services, uri: vscode.Uri): Promise<void> {
  if (await runs.recall(uri)) return panels.show(uri);
  notifications.refused(
    runs.hasResults(uri)
      ? vscode.l10n.t('The results of the last run of {0} are no longer on disk.', baseName(uri))
      : vscode.l10n.t('{0} has not been run yet.', baseName(uri)),
  );
}

/** Opens the report of the last run of a file. */
export async function openReport({ runs, reports, notifications }: Services, uri: vscode.Uri): Promise<void> {
  const report = (await runs.recall(uri))?.finished?.report;
  if (!report)
    return notifications.refused(
      vscode.l10n.t('There is no report of {0} yet; it is written at the end of a run.', baseName(uri)),
    );
  await reports.open(vscode.Uri.file(report));
}
