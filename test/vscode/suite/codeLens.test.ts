import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  api,
  errorsOf,
  eventually,
  experimentText,
  lenses,
  openExperiment,
  openFake,
  runToItsEnd,
  titles,
  useFakeEngine,
} from './support';

const GRID = ['Predicted: 7 samples', '4 sample sizes × 2 trials', 'Run this cell…'];
const UNJUDGED = ['not judged yet', 'not judged yet', 'not judged yet'];

suite('code lenses', () => {
  suiteSetup(async () => {
    await api();
    await useFakeEngine();
  });

  test('stand over the file and over its sample sizes', async () => {
    const document = await openExperiment('lenses', '// what it is about\n' + experimentText('lenses'));
    const found = await lenses(document.uri);
    assert.deepEqual(titles(found), ['Run', ...GRID, ...UNJUDGED]);
    const sizes = '"sampleSizes": { "from": 5, "to": 8 },';
    assert.deepEqual(
      found.map(({ range }) => document.lineAt(range.start.line).text.trim()),
      ['{', sizes, sizes, sizes, '"modelRank": 7,', '"recoveredFrom": 7,', '"notRecoveredBelow": 7'],
    );
  });

  test('say how many errors are in the way', async () => {
    const document = await openExperiment('lens-errors', experimentText('errors').replace('"rows": 4', '"rows": 0'));
    await eventually('an error', () => errorsOf(document.uri).length > 0);
    assert.deepEqual(titles(await lenses(document.uri)), ['1 error to fix before it runs']);
  });

  test('become Stop while the experiment runs, and Show results after it', async () => {
    const { uri } = await openFake('slow');
    await vscode.commands.executeCommand('recoveryLab.run', uri);
    const [predicted, sizes] = GRID;
    assert.deepEqual(titles(await lenses(uri)), ['Stop', 'Show results', predicted, sizes, 'running', 'running', 'running']);
    await vscode.commands.executeCommand('recoveryLab.stop', uri);
    assert.deepEqual(titles(await lenses(uri)), ['Run', 'Show results', ...GRID, ...UNJUDGED]);
  });

  test('can be hidden', async () => {
    const document = await openExperiment('hidden', experimentText('hidden'));
    const settings = vscode.workspace.getConfiguration('recoveryLab', document.uri);
    await settings.update('codeLens', false, vscode.ConfigurationTarget.Workspace);
    try {
      await eventually('no lenses', async () => (await lenses(document.uri)).length === 0);
    } finally {
      await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await eventually('lenses', async () => (await lenses(document.uri)).length === 7);
  });

  test('a rank experiment has no cells', async () => {
    const text =
      '{ "experiment": "rank", "model": { "kind": "matrixFactorization", "rows": 3, "columns": 3 }, "target": { "kind": "lowRank", "rank": 1 } }';
    const document = await openExperiment('rank', text);
    assert.deepEqual(titles(await lenses(document.uri)), ['Run', 'Predicted: 5 samples']);
  });

  test('tell over each expectation how it stands, and that the file changed since', async () => {
    const { uri } = await openExperiment('lens-verdicts', experimentText('fake: finish'));
    await runToItsEnd(uri);
    const { verdicts = [] } = (await api()).record(uri) ?? {};
    const results = verdicts.map(({ result }) => result);
    assert.ok(results.length > 0);
    const judged = await eventually('verdicts', async () => {
      const found = titles(await lenses(uri)).filter((title) => /^(met|failed|not decided)/.test(title ?? ''));
      return found.length === results.length && found;
    });
    for (const [index, result] of results.entries())
      assert.ok(judged[index]?.startsWith(result === 'inconclusive' ? 'not decided' : result), `${result}: ${judged[index]}`);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), '// changed\n');
    await vscode.workspace.applyEdit(edit);
    const stale = titles(await lenses(uri)).filter((title) => title?.endsWith('before the file changed'));
    assert.equal(stale.length, results.length);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('the text in the editor runs, saved or not', async () => {
    const document = await openFake('finish');
    const edit = new vscode.WorkspaceEdit();
    const size = document.getText().indexOf('"to": 8') + 6;
    edit.replace(document.uri, new vscode.Range(document.positionAt(size), document.positionAt(size + 1)), '9');
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    const record = await runToItsEnd(document.uri);
    // The fake engine sends back what it was given.
    const { data } = record.accepted?.config as unknown as { data: { sampleSizes: { to: number } } };
    assert.equal(data.sampleSizes.to, 9);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
