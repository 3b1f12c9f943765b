import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { api, eventually, isAlive, openExperiment, ours, readLog, runToItsEnd, useRealEngine } from './support';

const TOY = `{
  // The toy model of "Linear stability hypothesis": x1 is found from two samples, because x2 is not part of it.
  "experiment": "recovery",
  "model": {
    "kind": "formula",
    "parameters": ["theta0", "theta1", "theta2", "theta3"],
    "inputs": ["x1", "x2"],
    "expression": "theta0 + theta1*x1 + theta2*theta3*x2"
  },
  "target": { "kind": "formula", "expression": "1 + x1" },
  "data": { "sampleSizes": [1, 2, 3], "inputs": { "kind": "normal", "scale": 1 } },
  "training": {
    "optimizer": { "kind": "gradientDescent", "learningRate": 0.05 },
    "initialization": { "kind": "normal", "scale": 1e-6 },
    "stop": { "trainLoss": 1e-16, "steps": STEPS },
    "trials": TRIALS
  },
  "expect": { "modelRank": 2 }
}
`;

const toy = (steps: number, trials: number) => TOY.replace('STEPS', String(steps)).replace('TRIALS', String(trials));

suite('the engine', () => {
  suiteSetup(useRealEngine);

  test('runs an experiment to its verdict', async () => {
    const document = await openExperiment('toy', toy(20_000, 4));
    const record = await runToItsEnd(document.uri);
    assert.equal(record.state, 'finished', JSON.stringify(record.failed ?? record.crash));
    assert.equal(record.unreadableLines, 0);
    assert.deepEqual(Object.keys(record.sampleSizes), ['1', '2', '3']);
    assert.deepEqual(
      record.verdicts.map(({ id, result }) => [id, result]),
      [['modelRank', 'met']],
    );
    const verdict = await eventually('a verdict in the file', () =>
      ours(document.uri).find(({ code }) => code === 'verdict-met'),
    );
    assert.equal(document.lineAt(verdict.range.start.line).text.trim(), '"expect": { "modelRank": 2 }');
    const folder = record.accepted?.runFolder;
    assert.ok(folder);
    for (const name of ['experiment.json', 'events.jsonl', 'summary.json'])
      assert.ok(fs.existsSync(path.join(folder, name)), name);
    // Neither Node nor V8 complains of what the engine does with them.
    const log = await eventually('the log', async () => {
      const lines = (await readLog()).split('\n').filter((line) => line.includes('toy.recovery.json'));
      return lines.some((line) => line.includes('finished (exit code 0)')) && lines;
    });
    assert.deepEqual(
      log.filter((line) => line.includes('[warning]')),
      [],
    );
  });

  test('goes on with a run whose engine was killed', async () => {
    const { uri } = await openExperiment('killed', toy(100_000, 100).replace('1e-16', '0'));
    const testing = await api();
    await vscode.commands.executeCommand('recoveryLab.run', uri);
    const folder = await eventually('a training in the journal', () => {
      const runFolder = testing.record(uri)?.accepted?.runFolder;
      const journal = runFolder && path.join(runFolder, 'journal.jsonl');
      // Its first line says what it is.
      return journal && fs.existsSync(journal) && fs.readFileSync(journal, 'utf8').split('\n').length > 2 ? runFolder : undefined;
    });
    process.kill(testing.enginePid(uri)!, 'SIGKILL');
    const entry = await eventually('the run in the view', () =>
      testing
        .shownRuns()
        .flatMap(({ entries }) => entries)
        .find(({ id, state }) => id === vscode.Uri.file(folder).toString() && state === 'crashed'),
    );
    await vscode.commands.executeCommand('recoveryLab.resumeRun', { type: 'run', entry });
    await eventually('the end of the run', () => testing.record(uri)?.state === 'finished');
    const { accepted, verdicts } = testing.record(uri)!;
    assert.equal(accepted?.runFolder, folder);
    assert.ok((accepted.resumed?.jobs ?? 0) > 0);
    assert.deepEqual(
      verdicts.map(({ result }) => result),
      ['met'],
    );
    await eventually('a verdict in the file', () => ours(uri).find(({ code }) => code === 'verdict-met'));
  });

  test('tells at its place in the file what only a run finds, until the text changes or the next run begins', async () => {
    const text = `{ "experiment": "rank",
      "model": { "kind": "twoLayer", "activation": "tanh", "inputs": 1, "width": 2 },
      "target": { "kind": "teacher", "width": 1, "seed": 1 },
      "points": [{ "file": "no-such-weights.json" }]
    }`;
    const document = await openExperiment('weights', text);
    const found = () => ours(document.uri).find(({ code }) => code === 'run-failed');
    const fails = async () => {
      const record = await runToItsEnd(document.uri);
      assert.equal(record.state, 'failed', JSON.stringify(record.verdicts));
      return eventually('an error in the file', found);
    };
    const { range, message, severity } = await fails();
    assert.match(message, /no-such-weights\.json/);
    assert.equal(severity, vscode.DiagnosticSeverity.Error);
    assert.match(document.lineAt(range.start.line).text, /"points"/);
    const edit = (change: (edit: vscode.WorkspaceEdit) => void) => {
      const edits = new vscode.WorkspaceEdit();
      change(edits);
      return vscode.workspace.applyEdit(edits);
    };
    await edit((edits) => edits.insert(document.uri, new vscode.Position(0, 1), ' '));
    await eventually('no error', () => !found());
    await edit((edits) => edits.delete(document.uri, new vscode.Range(0, 1, 0, 2)));
    await eventually('the error again', found);
    const folder = path.dirname(document.uri.fsPath);
    const weights = { outputWeights: [1, 0.5], inputWeights: [[0.3], [-1]] };
    fs.writeFileSync(path.join(folder, 'no-such-weights.json'), JSON.stringify(weights));
    const record = await runToItsEnd(document.uri);
    assert.equal(record.state, 'finished', JSON.stringify(record.failed));
    assert.equal(found(), undefined);
  });

  test('saves a training on its way as often as the setting says, and goes on from there', async () => {
    const settings = () => vscode.workspace.getConfiguration('recoveryLab');
    const set = (seconds: number | undefined) =>
      settings().update('checkpointSeconds', seconds, vscode.ConfigurationTarget.Workspace);
    const text = toy(1_000_000_000, 1).replace('1e-16', '0').replace('[1, 2, 3]', '[3]');
    const testing = await api();
    const checkpoint = (folder: string) => path.join(folder, 'checkpoints', '1-0.json');
    const begin = async (name: string) => {
      const { uri } = await openExperiment(name, text);
      await vscode.commands.executeCommand('recoveryLab.run', uri);
      await eventually('the engine to train', () => testing.record(uri)?.phase === 'training');
      const folder = testing.record(uri)?.accepted?.runFolder;
      assert.ok(folder);
      return { uri, folder };
    };
    const stop = (uri: vscode.Uri) => vscode.commands.executeCommand('recoveryLab.stop', uri);
    try {
      await set(1);
      const { uri, folder } = await begin('saved');
      await eventually('a checkpoint', () => fs.existsSync(checkpoint(folder)));
      await stop(uri);
      assert.ok(fs.existsSync(checkpoint(folder)));
      const entry = await eventually('the run in the view', () =>
        testing
          .shownRuns()
          .flatMap(({ entries }) => entries)
          .find(({ id, state }) => id === vscode.Uri.file(folder).toString() && state === 'cancelled'),
      );
      const before = fs.statSync(checkpoint(folder)).mtimeMs;
      await vscode.commands.executeCommand('recoveryLab.resumeRun', { type: 'run', entry });
      await eventually('what is resumed', () => testing.record(uri)?.accepted?.resumed);
      assert.equal(testing.record(uri)?.accepted?.resumed?.checkpoints, 1);
      await eventually('the next checkpoint', () => fs.statSync(checkpoint(folder)).mtimeMs > before);
      await stop(uri);

      await set(0);
      const never = await begin('never-saved');
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.equal(fs.existsSync(path.join(never.folder, 'checkpoints')), false);
      await stop(never.uri);
    } finally {
      await set(undefined);
    }
  });

  test('stops when asked', async () => {
    const { uri } = await openExperiment('endless', toy(1_000_000_000, 1000).replace('1e-16', '0'));
    const testing = await api();
    await vscode.commands.executeCommand('recoveryLab.run', uri);
    await eventually('the engine to train', () => testing.record(uri)?.phase === 'training');
    const pid = testing.enginePid(uri);
    assert.ok(pid);
    await vscode.commands.executeCommand('recoveryLab.stop', uri);
    assert.equal(isAlive(pid), false);
    assert.equal(testing.record(uri)?.failed?.code, 'cancelled', 'it said so itself and was not killed');
  });
});
