import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/record';
import { DisposableStore, type Disposable } from '../disposable';
import type { Failure } from '../experiments/diagnosticList';
import type { ExperimentAnalysis } from '../experiments/experimentDocument';
import type { ExperimentDocuments } from '../experiments/experimentDocuments';
import type { ExperimentDiagnostics } from '../experiments/experimentDiagnostics';
import { baseName } from '../experiments/experimentFile';
import type { Notifications } from '../notifications';
import type { SpokenWords } from '../spokenWords';
import type { Runs } from './runs';

/** Brings the end of a run to where the person looks: verdicts and what was in the way into the file, a failure into words. */
export function reportOutcomes(
  runs: Runs,
  experiments: ExperimentDocuments,
  diagnostics: ExperimentDiagnostics,
  notifications: Notifications,
  words: SpokenWords,
): Disposable {
  const store = new DisposableStore();
  // After a window reload the record and the file come back in any order.
  const bringBack = (uri: vscode.Uri) => {
    const record = runs.restoredRecord(uri);
    const analysis = experiments.get(uri)?.analysis;
    if (record?.state !== 'finished' || !analysis || diagnostics.judgedOf(uri) || !isSameExperiment(record, analysis)) return;
    diagnostics.setVerdicts(uri, analysis.text, record.verdicts);
  };
  store.add(runs.onDidRecall(bringBack));
  store.add(experiments.onDidChange(({ uri }) => bringBack(uri)));
  // What an earlier run found is no news of the one that begins.
  store.add(
    runs.onDidChangeState((uri) => {
      if (runs.record(uri)?.state === 'waiting') diagnostics.clear(uri);
    }),
  );
  store.add(
    runs.onDidEnd(({ uri, run }) => {
      const { record, judgedText } = run;
      if (judgedText !== undefined && record.state === 'finished') diagnostics.setVerdicts(uri, judgedText, record.verdicts);
      if (judgedText !== undefined && record.state === 'failed') diagnostics.setFailures(uri, judgedText, failuresOf(record));
      const failure =
        record.state === 'failed' ? record.failed?.message : record.state === 'crashed' ? firstLine(record.crash) : undefined;
      if (failure) void notifications.failed(vscode.l10n.t('{0} did not finish. {1}', baseName(uri), words.failure(failure)));
    }),
  );
  return store;
}

/** The reasons that have a place in the file. */
function failuresOf({ failed }: RunRecord): Failure[] {
  const errors = failed?.problems?.filter(({ severity }) => severity === 'error');
  return errors ?? (failed?.at ? [{ path: failed.at.path, message: failed.message }] : []);
}

/** Whether the file still means what ran; its comments and layout may have changed. */
function isSameExperiment({ accepted }: RunRecord, { parsed }: ExperimentAnalysis): boolean {
  return parsed.resolved !== undefined && JSON.stringify(accepted?.config) === JSON.stringify(parsed.resolved);
}

function firstLine(text: string | null): string | undefined {
  return text?.split('\n', 1)[0];
}
