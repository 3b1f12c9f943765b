import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { api, eventually, isAlive, limitRuns, openFake, ours, readLog, runToItsEnd, textAt, useFakeEngine } from './support';

const { Information: INFORMATION, Warning: WARNING } = vscode.DiagnosticSeverity;

const verdictsOf = (uri: vscode.Uri) => ours(uri).filter(({ code }) => String(code).startsWith('verdict-'));

/** Starts a run and waits until the engine works. */
async function startRun(behaviour: string) {
  const { uri } = await openFake(behaviour);
  const testing = await api();
  await vscode.commands.executeCommand('recoveryLab.run', uri);
  await eventually('the engine to accept', () => testing.record(uri)?.accepted);
  const pid = testing.enginePid(uri);
  assert.ok(pid !== undefined && isAlive(pid));
  return { uri, pid, testing };
}

async function stopped(uri: vscode.Uri): Promise<number> {
  const begin = Date.now();
  await vscode.commands.executeCommand('recoveryLab.stop', uri);
  return Date.now() - begin;
}

suite('runs', () => {
  suiteSetup(useFakeEngine);

  test('verdicts become diagnostics at their expectations', async () => {
    const document = await openFake('finish');
    const record = await runToItsEnd(document.uri);
    assert.equal(record.state, 'finished');
    const found = await eventually('verdicts', () => verdictsOf(document.uri).length === 3 && verdictsOf(document.uri));
    const line = ({ range }: vscode.Diagnostic) => document.lineAt(range.start.line).text.trim();
    assert.deepEqual(
      found.map((diagnostic) => [line(diagnostic), textAt(document, diagnostic), diagnostic.severity, diagnostic.code]),
      [
        ['"modelRank": 7,', '7', INFORMATION, 'verdict-met'],
        ['"recoveredFrom": 7,', '7', WARNING, 'verdict-failed'],
        ['"notRecoveredBelow": 7', '7', INFORMATION, 'verdict-inconclusive'],
      ],
    );
    assert.match(found[1]?.message ?? '', /^Expectation failed: recoveredFrom is 7, expected 7\.\nreason 2$/);
    assert.match(found[2]?.message ?? '', /^Not decided/);
  });

  test('an edit takes the verdicts away, and undoing it brings them back', async () => {
    const document = await openFake('finish');
    await runToItsEnd(document.uri);
    await eventually('verdicts', () => verdictsOf(document.uri).length === 3);
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(document.positionAt(document.getText().indexOf('4')), '1'));
    assert.deepEqual(verdictsOf(document.uri), []);
    await vscode.commands.executeCommand('undo');
    await eventually('verdicts again', () => verdictsOf(document.uri).length === 3);
  });

  test('a run is kept beside the file', async () => {
    const { uri } = await openFake('finish');
    const record = await runToItsEnd(uri);
    const folder = record.accepted?.runFolder ?? '';
    assert.equal(path.dirname(path.dirname(folder)), path.dirname(uri.fsPath));
    assert.match(path.relative(path.dirname(uri.fsPath), folder), /^recovery-runs[/\\]fake-\d+$/);
  });

  test('stopping asks first', async () => {
    const { uri, pid, testing } = await startRun('slow');
    await stopped(uri);
    assert.equal(isAlive(pid), false);
    assert.equal(testing.record(uri)?.state, 'cancelled');
    assert.equal(testing.record(uri)?.failed?.code, 'cancelled');
  });

  test('stopping terminates an engine that does not answer', async () => {
    const { uri, pid, testing } = await startRun('stubborn');
    const took = await stopped(uri);
    assert.ok(took >= 1900, `${took} ms`);
    assert.equal(isAlive(pid), false);
    assert.equal(testing.record(uri)?.state, 'cancelled');
  });

  test('stopping kills an engine that is deaf', async () => {
    const { uri, pid, testing } = await startRun('deaf');
    const stopping = stopped(uri);
    await eventually('the state to be stopping', () => testing.record(uri)?.state === 'stopping');
    const took = await stopping;
    assert.ok(took >= 3900, `${took} ms`);
    assert.equal(isAlive(pid), false);
    assert.equal(testing.record(uri)?.state, 'cancelled');
    assert.equal(testing.record(uri)?.crash, null);
  });

  test('several files run at once and stop together', async () => {
    await limitRuns(2);
    try {
      const first = await startRun('slow');
      const second = await startRun('stubborn');
      assert.ok(isAlive(first.pid));
      await vscode.commands.executeCommand('recoveryLab.stopAll');
      assert.deepEqual([isAlive(first.pid), isAlive(second.pid)], [false, false]);
    } finally {
      await limitRuns(undefined);
    }
  });

  test('a file that runs is not started again', async () => {
    const { uri, pid, testing } = await startRun('slow');
    await vscode.commands.executeCommand('recoveryLab.run', uri);
    assert.equal(testing.enginePid(uri), pid);
    await stopped(uri);
  });

  test('a file with errors is not run', async () => {
    const document = await openFake('finish');
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(document.positionAt(document.getText().indexOf('4')), '-'));
    const before = (await api()).record(document.uri)?.id;
    await vscode.commands.executeCommand('recoveryLab.run', document.uri);
    assert.equal((await api()).record(document.uri)?.id, before);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
  });

  test('an untitled experiment runs without a run folder', async () => {
    const uri = vscode.Uri.parse(
      `untitled:${path.join(path.dirname((await openFake('finish')).uri.fsPath), 'new.recovery.json')}`,
    );
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const text = fs.readFileSync(uri.fsPath.replace('new.', 'fake-finish.'), 'utf8');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
    const record = await runToItsEnd(uri);
    assert.equal(record.state, 'finished');
    assert.equal(record.accepted?.runFolder, null);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('the log begins with the exact command', async () => {
    const { uri } = await openFake('finish');
    await runToItsEnd(uri);
    const log = await eventually('the log', async () => {
      const text = await readLog();
      return text.includes('finished (exit code 0)') && text;
    });
    const lines = log.split('\n');
    const command = lines.findIndex((line) => line.includes('fake-engine.mjs serve'));
    assert.equal(command, 0, lines.slice(0, 3).join('\n'));
    assert.match(lines[0] ?? '', /cd \S+ && ELECTRON_RUN_AS_NODE=1 \S+ \S+fake-engine\.mjs serve$/);
    assert.ok(lines[0]?.includes(process.execPath));
    assert.match(log, /engine 0\.0\.0-fake, protocol 1, process \d+/);
    assert.match(log, /hash f{64}, seed 1, 4 cells/);
  });
});
