import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { TEMPLATES, type ExperimentKindName } from '../../../src/experiment';
import {
  api,
  errorsOf,
  eventually,
  experimentText,
  lenses,
  openExperiment,
  ours,
  runToItsEnd,
  titles,
  useRealEngine,
} from './support';

/** Hints of a file as `text before the hint: hint`. */
async function hints(document: vscode.TextDocument): Promise<string[]> {
  const all = new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length));
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, all);
  return found.map(({ position, label }) => {
    const line = document.lineAt(position.line).text.slice(0, position.character).trim();
    return `${line} | ${typeof label === 'string' ? label : label.map(({ value }) => value).join('')}`;
  });
}

async function hoverAt(document: vscode.TextDocument, marker: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(marker) + 2);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  return hovers
    .flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)))
    .join('\n');
}

async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, from);
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(start + from.length)), to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

suite('predictions in the file', () => {
  suiteSetup(api);

  test('stand behind the values that they are about', async () => {
    const document = await openExperiment('hints', experimentText('hints'));
    assert.deepEqual(
      await hints(document),
      [
        '"model": { "kind": "matrixFactorization", "rows": 4, "columns": 4 } | 32 parameters',
        '"sampleSizes": { "from": 5, "to": 8 } | n* = 7',
        '"training": { "trials": 2 | 8 trainings',
      ].sort(),
    );
    assert.deepEqual(ours(document.uri), []);
  });

  test('follow what is typed', async () => {
    const document = await openExperiment('hints-typing', experimentText('hints'));
    await replace(document, '"rank": 1', '"rank": 2');
    assert.ok(
      (await hints(document)).some((hint) => hint.endsWith('n* = 12')),
      String(await hints(document)),
    );
    await replace(document, '"rank": 2', '"rank": -2');
    assert.deepEqual(await hints(document), []);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('are thresholds in a geometry file', async () => {
    const document = await openExperiment('hints-geometry', TEMPLATES.geometry);
    const found = await hints(document);
    assert.ok(
      found.some((hint) => hint.endsWith('| n = 4 … 5, all from 7')),
      found.join('\n'),
    );
  });

  test('can be hidden', async () => {
    const document = await openExperiment('hints-hidden', experimentText('hints'));
    const settings = vscode.workspace.getConfiguration('recoveryLab', document.uri);
    await settings.update('inlayHints', false, vscode.ConfigurationTarget.Workspace);
    try {
      await eventually('no hints', async () => (await hints(document)).length === 0);
    } finally {
      await settings.update('inlayHints', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('say about how long the trainings take once they were measured', async () => {
    await useRealEngine();
    const text = experimentText('timed').replace('"trials": 2', '"trials": 40');
    const document = await openExperiment('hints-timed', text);
    assert.ok((await hints(document)).some((hint) => hint.endsWith('| 160 trainings')));
    await runToItsEnd(document.uri);
    const found = await eventually('a time', async () =>
      (await hints(document)).find((hint) => hint.includes('160 trainings, about')),
    );
    assert.match(found, /160 trainings, about \d+ s$/);
  });

  test('a hover gives formula and source, beside what the property means', async () => {
    const document = await openExperiment('hover-prediction', experimentText('hover'));
    const words = await eventually('both hovers', async () => {
      const found = await hoverAt(document, '"sampleSizes"');
      return found.includes('How many training samples') && found;
    });
    assert.match(words, /\*\*Predicted: 7 samples\*\*/);
    assert.match(words, /r\(d1 \+ d2 − r\) = 1·\(4 \+ 4 − 1\) = 7/);
    assert.match(words, /\]\(https:\/\/arxiv\.org\/abs\/2307\.08921\)/);
  });

  test('every property of an experiment has a hover', async () => {
    const document = await openExperiment('hover-all', TEMPLATES.recovery);
    await eventually('the JSON support', async () => (await hoverAt(document, '"model"')) !== '');
    const names = [...document.getText().matchAll(/"(\w+)":/g)].map(([written]) => written);
    for (const name of new Set(names)) assert.notEqual(await hoverAt(document, name), '', name);
  });

  test('what takes the theory longer comes later and never stops the typing', async () => {
    const terms = Array.from({ length: 5 }, (_, i) => `a${i}*tanh(w${i}*x)`).join(' + ');
    const parameters = JSON.stringify(Array.from({ length: 5 }, (_, i) => [`a${i}`, `w${i}`]).flat());
    const document = await openExperiment(
      'slow-theory',
      `{ "experiment": "rank", "model": { "kind": "formula", "parameters": ${parameters}, "inputs": ["x"], "expression": "${terms}" }, "target": { "kind": "formula", "expression": "tanh(x)" } }`,
    );
    const title = await eventually('a prediction', async () =>
      titles(await lenses(document.uri)).find((each) => /^Predicted: (at most )?\d+ samples$/.test(each ?? '')),
    );
    assert.match(title, /\d/);
  });

  for (const kind of Object.keys(TEMPLATES) as ExperimentKindName[]) {
    test(`the template of ${kind} opens without problems`, async () => {
      const document = await openExperiment(`template-${kind}`, TEMPLATES[kind]);
      assert.ok(titles(await lenses(document.uri)).includes('Run'));
      assert.deepEqual(errorsOf(document.uri), []);
    });
  }
});
