import * as vscode from 'vscode';
import type { ParsedExperiment } from '../../experiment';
import type { Verdict } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { toRange } from '../experiments/diagnosticList';
import { verdictText } from '../experiments/words';
import type { SpokenWords } from '../spokenWords';
import { overall } from './expectationItems';

/** The verdicts about a test, each as a message where it stands in the file. */
export function reportVerdicts(
  run: vscode.TestRun,
  test: vscode.TestItem,
  verdicts: readonly Verdict[],
  uri: vscode.Uri,
  { rangeOf }: Pick<ParsedExperiment, 'rangeOf'>,
): void {
  const location = ({ at }: Verdict) => new vscode.Location(uri, toRange(rangeOf(at)));
  const messages = (result: Verdict['result']) =>
    verdicts.filter((verdict) => verdict.result === result).map((verdict) => message(verdict, location(verdict)));
  for (const verdict of verdicts) {
    // What is met has its lens, and what failed its message; words after the line are for what is neither.
    const place = verdict.result === 'inconclusive' ? location(verdict) : undefined;
    run.appendOutput(lines(verdictText(verdict)), place, test);
  }
  switch (overall(verdicts)) {
    case 'met':
      return run.passed(test);
    case 'failed':
      return run.failed(test, messages('failed'));
    case 'inconclusive':
      // Neither passed nor failed: the words are in the output of the test and stand at the expectation.
      return run.skipped(test);
  }
}

/** What became of a run without verdicts, for each of its tests. */
export function reportEnd(run: vscode.TestRun, tests: readonly vscode.TestItem[], record: RunRecord, words: SpokenWords): void {
  const reason = (record.failed && words.failure(record.failed.message)) ?? record.crash;
  for (const test of tests) {
    if (record.state === 'failed' || record.state === 'crashed')
      run.errored(test, new vscode.TestMessage(reason ?? vscode.l10n.t('The run did not finish.')));
    else run.skipped(test);
  }
  if (record.state === 'cancelled') run.appendOutput(lines(vscode.l10n.t('The run was stopped.')));
}

function message(verdict: Verdict, location: vscode.Location): vscode.TestMessage {
  const made = vscode.TestMessage.diff(verdictText(verdict), String(verdict.expected), String(verdict.value ?? ''));
  made.location = location;
  return made;
}

/** Output of tests wants both ends of a line. */
const lines = (text: string) => `${text.replaceAll('\n', '\r\n')}\r\n`;
