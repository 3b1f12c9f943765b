import * as vscode from 'vscode';
import type { RunRecord } from '../protocol/record';
import type { RunManager } from './runs/runManager';

/** What tests of the extension reach into; nobody else gets it. */
export interface TestingApi {
  /** Starts another program instead of the engine from now on; undefined brings the engine back. */
  useEngine(program: string | undefined): void;
  record(uri: vscode.Uri): RunRecord | undefined;
  enginePid(uri: vscode.Uri): number | undefined;
  /** Folder of this extension's log. */
  logFolder(): string;
}

export function testingApi(
  context: vscode.ExtensionContext,
  runs: RunManager,
  engine: { program: string },
): TestingApi | undefined {
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  const own = engine.program;
  return {
    useEngine: (program) => void (engine.program = program ?? own),
    record: (uri) => runs.record(uri),
    enginePid: (uri) => runs.active().find((active) => active.uri.toString() === uri.toString())?.run.pid,
    logFolder: () => context.logUri.fsPath,
  };
}
