import * as vscode from 'vscode';
import type { Disposable } from '../disposable';
import type { ExperimentDiagnostics } from '../experiments/experimentDiagnostics';
import { baseName } from '../experiments/experimentFile';
import type { Notifications } from '../notifications';
import type { RunManager } from './runManager';

/** Brings the end of a run to where the person looks: verdicts into the file, a failure into words. */
export function reportOutcomes(runs: RunManager, diagnostics: ExperimentDiagnostics, notifications: Notifications): Disposable {
  return runs.onDidEnd(({ uri, run }) => {
    const { record, judgedText } = run;
    if (record.state === 'finished' && judgedText !== undefined) diagnostics.setVerdicts(uri, judgedText, record.verdicts);
    const failure = record.state === 'failed' ? record.failed?.message : record.state === 'crashed' ? firstLine(record.crash) : undefined;
    if (failure) void notifications.failed(vscode.l10n.t('{0} did not finish. {1}', baseName(uri), failure));
  });
}

function firstLine(text: string | null): string | undefined {
  return text?.split('\n', 1)[0];
}
