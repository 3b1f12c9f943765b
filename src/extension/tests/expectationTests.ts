import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/record';
import { DisposableStore } from '../disposable';
import { toRange } from '../experiments/diagnosticList';
import { errorCount, type ExperimentAnalysis } from '../experiments/experimentDocument';
import type { ExperimentDocuments } from '../experiments/experimentDocuments';
import type { Run } from '../runs/run';
import type { Runs } from '../runs/runs';
import type { SpokenWords } from '../spokenWords';
import { verdictsByItem } from './expectationItems';
import { TestItems } from './testItems';
import { reportEnd, reportVerdicts } from './testReport';

/**
 * The Test Explorer's side of experiments: every expectation is a test. Running one runs its file, through the same queue as
 * everything else; a run that was started elsewhere is reported here, too.
 */
export class ExpectationTests implements vscode.Disposable {
  private readonly store = new DisposableStore();
  readonly controller = this.store.add(vscode.tests.createTestController('recoveryLab', vscode.l10n.t('Recovery Lab')));
  private readonly items: TestItems;
  /** Runs that a test run waits for and reports. */
  private readonly awaited = new Set<Run>();

  constructor(
    private readonly experiments: ExperimentDocuments,
    private readonly runs: Runs,
    private readonly words: SpokenWords,
  ) {
    this.items = this.store.add(new TestItems(this.controller, experiments));
    if (vscode.workspace.isTrusted) this.allowRuns();
    else this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.allowRuns()));
    this.store.add(
      runs.onDidEnd(({ uri, run }) => {
        if (!this.awaited.has(run) && run.judgedText !== undefined) this.reportOther(uri, run.record, run.judgedText);
      }),
    );
    this.store.add(runs.onDidRecall((uri) => this.reportRecalled(uri)));
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Runs the files of the tests that are asked for, as many at once as the queue lets; settles when all are over. */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const asked = request.include ?? [...this.controller.items].map(([, item]) => item);
    await Promise.all(asked.map((item) => this.items.resolve(this.items.fileOf(item))));
    const excluded = new Set(request.exclude ?? []);
    const wanted = new Map<vscode.TestItem, Set<vscode.TestItem>>();
    for (const item of asked) {
      const file = this.items.fileOf(item);
      const tests = wanted.get(file) ?? new Set();
      for (const test of this.items.below(item)) if (!excluded.has(test)) tests.add(test);
      if (tests.size > 0) wanted.set(file, tests);
    }
    const testRun = this.controller.createTestRun(request);
    try {
      await Promise.all([...wanted].map(([file, tests]) => this.runFile(testRun, file, [...tests], token)));
    } finally {
      testRun.end();
    }
  }

  private allowRuns(): void {
    this.store.add(
      this.controller.createRunProfile(
        vscode.l10n.t('Run'),
        vscode.TestRunProfileKind.Run,
        (request, token) => this.run(request, token),
        true,
      ),
    );
    for (const [, item] of this.controller.items) item.description = undefined;
  }

  private async runFile(
    testRun: vscode.TestRun,
    file: vscode.TestItem,
    wanted: readonly vscode.TestItem[],
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { uri } = file;
    // A file and a list are as what is below them.
    const tests = innermost(wanted);
    if (!uri || token.isCancellationRequested) return tests.forEach((test) => testRun.skipped(test));
    tests.forEach((test) => testRun.enqueued(test));
    const { analysis } = this.experiments.of(await vscode.workspace.openTextDocument(uri));
    if (errorCount(analysis) > 0) return tests.forEach((test) => testRun.errored(test, problemMessages(uri, analysis)));
    // A run of the file that is going on already answers the same question, unless it is about something else.
    const going = this.runs.active().find((active) => active.uri.toString() === uri.toString())?.run;
    if (going && going.judgedText !== analysis.text) {
      const words = vscode.l10n.t('The file is running already, as it was before or only in part. Stop that run first.');
      return tests.forEach((test) => testRun.errored(test, new vscode.TestMessage(words)));
    }
    const run = going ?? this.runs.start({ uri, text: analysis.text });
    this.awaited.add(run);
    const begun = () => {
      if (run.hasBegun) tests.forEach((test) => testRun.started(test));
      return run.hasBegun;
    };
    const states = begun() ? undefined : this.runs.onDidChangeState(() => begun() && states?.dispose());
    const cancel = token.onCancellationRequested(() => void this.runs.stop(uri));
    await run.ended;
    states?.dispose();
    cancel.dispose();
    this.awaited.delete(run);
    this.report(testRun, wanted, uri, run.record, analysis);
  }

  /** A run that somebody started in another way; its tests show what it found. */
  private reportOther(uri: vscode.Uri, record: RunRecord, text: string): void {
    const analysis = this.experiments.get(uri)?.analysis;
    if (record.state === 'finished' && analysis?.text === text) this.reportAgain(uri, record, analysis, true);
  }

  /** A run of an earlier window, where the file still means what ran. Its results are on disk and are not kept twice. */
  private reportRecalled(uri: vscode.Uri): void {
    const record = this.runs.restoredRecord(uri);
    const analysis = this.experiments.get(uri)?.analysis;
    const isSame = JSON.stringify(record?.accepted?.config) === JSON.stringify(analysis?.parsed.resolved);
    if (record?.state === 'finished' && analysis && isSame) this.reportAgain(uri, record, analysis, false);
  }

  private reportAgain(uri: vscode.Uri, record: RunRecord, analysis: ExperimentAnalysis, persist: boolean): void {
    const file = this.items.fileItem(uri);
    // Somebody who did not ask for tests is not taken to the view of their results.
    const request = new vscode.TestRunRequest([file], undefined, undefined, false, true);
    const testRun = this.controller.createTestRun(request, undefined, persist);
    this.report(testRun, this.items.below(file), uri, record, analysis);
    testRun.end();
  }

  private report(
    testRun: vscode.TestRun,
    tests: readonly vscode.TestItem[],
    uri: vscode.Uri,
    record: RunRecord,
    { parsed }: ExperimentAnalysis,
  ): void {
    if (record.state !== 'finished') {
      return reportEnd(testRun, innermost(tests), record, this.words);
    }
    const expectations = tests.map((test) => this.items.expectationOf(test)).filter((item) => item !== undefined);
    const verdicts = verdictsByItem(
      expectations,
      record.verdicts.map((verdict) => this.words.verdict(verdict)),
    );
    for (const test of tests) {
      const expectation = this.items.expectationOf(test);
      const about = expectation && verdicts.get(expectation);
      if (about) reportVerdicts(testRun, test, about, uri, parsed);
      // A file and a list are as what is below them; a file that expects nothing has passed when it came to its end.
      else if (!expectation && test.children.size === 0) testRun.passed(test);
      else if (test.children.size === 0) testRun.skipped(test);
    }
  }
}

/** Those of the tests that have no other of them below. Files may change in the meantime; this answer does not. */
function innermost(tests: readonly vscode.TestItem[]): vscode.TestItem[] {
  const parents = new Set(tests.map(({ parent }) => parent));
  return tests.filter((test) => !parents.has(test));
}

function problemMessages(uri: vscode.Uri, { parsed, inexpressible }: ExperimentAnalysis): vscode.TestMessage[] {
  const problems = [
    ...parsed.problems
      .filter(({ severity }) => severity === 'error')
      .map((problem) => ({ text: problem.message, range: problem.range })),
    ...inexpressible.map((obstacle) => ({ text: obstacle.message, range: parsed.rangeOf(obstacle.path) })),
  ];
  return problems.map(({ text, range }) => {
    const message = new vscode.TestMessage(text);
    message.location = new vscode.Location(uri, toRange(range));
    return message;
  });
}
