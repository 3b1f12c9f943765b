import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, errorsOf, eventually, experimentText, openExperiment, ours, textAt } from './support';

const { Error: ERROR } = vscode.DiagnosticSeverity;

/** All diagnostics of a file once ours are there; the JSON support of VS Code gets time to add its own. */
async function settledErrors(uri: vscode.Uri) {
  await eventually('diagnostics', () => ours(uri).some(({ severity }) => severity === ERROR));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return errorsOf(uri);
}

suite('diagnostics', () => {
  suiteSetup(api);

  test('a wrong value is underlined exactly', async () => {
    const document = await openExperiment('broken', experimentText('broken').replace('"rows": 4', '"rows": -4'));
    const found = await settledErrors(document.uri);
    assert.deepEqual(
      found.map((diagnostic) => [textAt(document, diagnostic), diagnostic.severity, diagnostic.source]),
      [['-4', ERROR, 'Recovery Lab']],
    );
    assert.deepEqual(found[0]?.range.start, document.positionAt(document.getText().indexOf('-4')));
  });

  test('a misspelt property gives one diagnostic, with the right name and a quick fix', async () => {
    const document = await openExperiment('misspelt', experimentText('misspelt').replace('"trials"', '"trails"'));
    const found = await settledErrors(document.uri);
    assert.equal(found.length, 1, JSON.stringify(found));
    const [diagnostic] = found;
    assert.ok(diagnostic);
    assert.match(diagnostic.message, /trials/);
    assert.match(textAt(document, diagnostic), /^"?trails"?$/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
    );
    const fix = actions.find(({ title }) => title.includes('trials'));
    assert.ok(fix?.edit, JSON.stringify(actions.map(({ title }) => title)));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await eventually('the error to go', () => errorsOf(document.uri).length === 0);
    assert.equal(document.getText(), experimentText('misspelt'));
  });

  test('a syntax error is underlined once', async () => {
    const document = await openExperiment('syntax', experimentText('syntax').replace('"rows": 4,', '"rows": 4'));
    const found = await eventually('a syntax error', () => errorsOf(document.uri).length > 0 && errorsOf(document.uri));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(errorsOf(document.uri).length, 1, JSON.stringify(found));
    assert.equal(errorsOf(document.uri)[0]?.range.start.line, 3);
  });

  test('an empty file says what is missing', async () => {
    const document = await openExperiment('empty', '');
    assert.ok((await settledErrors(document.uri)).length >= 1);
  });

  test('a target that the model cannot express is an error at the target', async () => {
    const text = experimentText('rank').replace('"columns": 4', '"columns": 4, "inner": 1').replace('"rank": 1', '"rank": 2');
    const document = await openExperiment('inexpressible', text);
    const [first] = await settledErrors(document.uri);
    assert.ok(first);
    assert.ok(textAt(document, first).includes('2'), textAt(document, first));
  });

  test('diagnostics go with the file', async () => {
    const document = await openExperiment('closing', experimentText('closing').replace('"rows": 4', '"rows": "four"'));
    await eventually('an error', () => ours(document.uri).some(({ severity }) => severity === ERROR));
    await vscode.workspace.fs.delete(document.uri);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await eventually('no diagnostics', () => ours(document.uri).length === 0);
  });
});
