import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { TEMPLATES } from '../../../src/experiment';
import { api, errorsOf, eventually, experimentText, openExperiment, runToItsEnd, useRealEngine } from './support';

async function actionsAt(document: vscode.TextDocument, marker: string): Promise<vscode.CodeAction[]> {
  const start = document.positionAt(document.getText().indexOf(marker));
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    new vscode.Range(start, start),
  );
}

/** Applies the action with the title, once it is offered. */
async function apply(document: vscode.TextDocument, marker: string, title: RegExp): Promise<void> {
  const action = await eventually(`an action ${title.source} at ${marker}`, async () =>
    (await actionsAt(document, marker)).find((each) => title.test(each.title)),
  );
  assert.ok(action.edit);
  assert.ok(await vscode.workspace.applyEdit(action.edit));
}

const valid = (document: vscode.TextDocument) => eventually('no errors', () => errorsOf(document.uri).length === 0);

suite('quick fixes', () => {
  suiteSetup(api);
  teardown(() => vscode.commands.executeCommand('workbench.action.files.revert'));

  for (const [right, wrong] of [
    ['"trials"', '"trails"'],
    ['"matrixFactorization"', '"matrixFactorisation"'],
    ['"nested"', '"nestet"'],
    ['"recovery"', '"recovry"'],
  ] as const) {
    test(`${wrong} becomes ${right}`, async () => {
      const text = experimentText('names');
      const document = await openExperiment('names', text.replace(right, wrong));
      await apply(document, wrong, /^Change to "/);
      assert.equal(document.getText(), text);
      await valid(document);
    });
  }

  test('a missing target is inserted to fit the model', async () => {
    const document = await openExperiment(
      'missing',
      `{\n    "experiment": "rank",\n    "model": { "kind": "convolution", "inputs": 5, "kernel": 3, "kernels": 2 }\n}\n`,
    );
    await apply(document, '{', /^Insert "target": { "kind": "teacher"/);
    await valid(document);
    assert.match(document.getText(), /\n {4}"target": \{ "kind": "teacher", "width": 1, "seed": 1 \}\n\}/);
  });

  test('sample sizes start at the prediction', async () => {
    const document = await openExperiment('sizes', TEMPLATES.recovery);
    await apply(document, '"sampleSizes"', /^Start sample sizes at the prediction, 7$/);
    assert.match(document.getText(), /"sampleSizes": \{ "from": 7, "to": 12 \}/);
    await valid(document);
  });

  test('a prediction becomes an expectation', async () => {
    const text = TEMPLATES.recovery.replace('"modelRank": 7, ', '');
    const document = await openExperiment('expect-predicted', text);
    await apply(document, '"sampleSizes"', /^Expect modelRank to be 7, as predicted$/);
    assert.match(document.getText(), /"expect": \{ "recoveredFrom": 7, "modelRank": 7 \}/);
    await valid(document);
  });

  test('results of a run become expectations, and mend a failed one', async () => {
    await useRealEngine();
    const text = TEMPLATES.recovery.replace('"modelRank": 7', '"modelRank": 8');
    const document = await openExperiment('expect-measured', text);
    await runToItsEnd(document.uri);
    await apply(document, '"modelRank"', /^Expect modelRank to be 7, as measured$/);
    assert.match(document.getText(), /"modelRank": 7, /);
    await apply(document, '"expect"', /^Expect linearlyStableFrom to be 7, as measured$/);
    await valid(document);
  });
});
