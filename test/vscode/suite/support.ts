import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { TestingApi } from '../../../src/extension/testingApi';

export const EXTENSION_ID = 'recovery-lab.recovery-lab';

export function extension(): vscode.Extension<TestingApi> {
  const found = vscode.extensions.getExtension<TestingApi>(EXTENSION_ID);
  assert.ok(found, `${EXTENSION_ID} is not installed`);
  return found;
}

export const api = async (): Promise<TestingApi> => extension().activate();

/** From now on runs are done by the fake engine, until `useRealEngine`. */
export async function useFakeEngine(): Promise<void> {
  (await api()).useEngine(path.join(extension().extensionPath, 'test/fixtures/fake-engine.mjs'));
}

export async function useRealEngine(): Promise<void> {
  (await api()).useEngine(undefined);
}

export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the tests run in a workspace');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** A small valid experiment; `title` chooses the behaviour of the fake engine. */
export function experimentText(title: string): string {
  return `{
  "experiment": "recovery",
  "title": "${title}",
  "model": { "kind": "matrixFactorization", "rows": 4, "columns": 4 },
  "target": { "kind": "lowRank", "rank": 1 },
  "data": {
    "sampleSizes": { "from": 5, "to": 8 },
    "inputs": { "kind": "entries", "order": "nested" }
  },
  "training": { "trials": 2 },
  "expect": {
    "modelRank": 7,
    "recoveredFrom": 7,
    "notRecoveredBelow": 7
  }
}
`;
}

/** Writes an experiment into the workspace and opens it. */
export async function openExperiment(name: string, text: string): Promise<vscode.TextDocument> {
  const uri = workspaceFile(`${name}.recovery.json`);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return open(uri);
}

/** Opens an experiment for the fake engine, which behaves as its name says. */
export const openFake = (behaviour: string) => openExperiment(`fake-${behaviour}`, experimentText(`fake: ${behaviour}`));

/** What VS Code answers when the question is out of date, as while a document changes. */
const isCancelled = (error: unknown) => error instanceof Error && error.name === 'Canceled';

/** Asks until the answer is not undefined or false; fails with `what` after a while. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  timeoutMs = 60_000,
): Promise<Exclude<T, undefined | null | false>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer as Exclude<T, undefined | null | false>;
    } catch (error) {
      if (!isCancelled(error)) throw error;
    }
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const ours = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Recovery Lab');

export const errorsOf = (uri: vscode.Uri) =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error || severity === vscode.DiagnosticSeverity.Warning);

export async function lenses(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return found.filter(({ command }) => command !== undefined);
}

/** Titles without icons. */
export const titles = (list: vscode.CodeLens[]) => list.map(({ command }) => command?.title.replace(/\$\([^)]*\) /, ''));

export async function runToItsEnd(uri: vscode.Uri) {
  await vscode.commands.executeCommand('recoveryLab.run', uri);
  const testing = await api();
  await eventually('the engine to be gone', () => testing.enginePid(uri) === undefined);
  const record = testing.record(uri);
  assert.ok(record);
  return record;
}

/** Sets how many runs may be at work at the same time; undefined brings the default back. */
export async function limitRuns(count: number | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration('recoveryLab');
  await settings.update('maxConcurrentRuns', count, vscode.ConfigurationTarget.Workspace);
}

/** Whether a process is there; a zombie that nobody has waited for is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(fs.existsSync(`/proc/${pid}/stat`) ? fs.readFileSync(`/proc/${pid}/stat`, 'utf8') : '');
  } catch {
    return false;
  }
}

/** The text between two positions, so that ranges are compared by what they hold. */
export const textAt = (document: vscode.TextDocument, { range }: { range: vscode.Range }) => document.getText(range);

/** The file behind the output channel. */
export async function readLog(): Promise<string> {
  const folder = path.dirname(fs.realpathSync((await api()).logFolder()));
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /Recovery Lab.*\.log$/.test(name));
  return files.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n');
}
