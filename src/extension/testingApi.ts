import * as vscode from 'vscode';
import type { RunRecord } from '../protocol/record';
import type { Runs } from './runs/runs';
import type { RunGroup } from './tree/runEntry';

/** What tests see of the Test Explorer. */
export interface TestsApi {
  readonly controller: vscode.TestController;
  run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void>;
}

/** What tests of the extension reach into; nobody else gets it. */
export interface TestingApi {
  /** Starts another program instead of the engine from now on; undefined brings the engine back. */
  useEngine(program: string | undefined): void;
  record(uri: vscode.Uri): RunRecord | undefined;
  enginePid(uri: vscode.Uri): number | undefined;
  /** What the view of runs shows, in its order. */
  shownRuns(): readonly RunGroup[];
  /** Filters the view of runs. */
  filterRuns(text: string): void;
  /** The Test Explorer's side. */
  tests: TestsApi;
  /** Folder of this extension's log. */
  logFolder(): string;
}

export function testingApi(
  context: vscode.ExtensionContext,
  runs: Runs,
  { view }: { view: { shown(): readonly RunGroup[]; setFilter(text: string): void } },
  tests: TestsApi,
  engine: { program: string },
): TestingApi | undefined {
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  const own = engine.program;
  return {
    useEngine: (program) => void (engine.program = program ?? own),
    record: (uri) => runs.record(uri),
    enginePid: (uri) => runs.active().find((active) => active.uri.toString() === uri.toString())?.run.pid,
    shownRuns: () => view.shown(),
    filterRuns: (text) => view.setFilter(text),
    tests,
    logFolder: () => context.logUri.fsPath,
  };
}
