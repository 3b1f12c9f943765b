import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { TEMPLATES } from '../../../src/experiment';
import { api, eventually, experimentText, openExperiment } from './support';

const labels = ({ items }: vscode.CompletionList) =>
  items.map(({ label }) => (typeof label === 'string' ? label : label.label).replaceAll('"', ''));

async function completionsAt(document: vscode.TextDocument, marker: string): Promise<string[]> {
  const position = document.positionAt(document.getText().indexOf(marker) + marker.length);
  // The JSON support of VS Code starts with the first file and has nothing to say before that.
  return eventually(`completions after ${marker}`, async () => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    const found = labels(list);
    return found.length > 0 && found;
  });
}

suite('schema', () => {
  suiteSetup(api);

  test('the top level completes', async () => {
    const document = await openExperiment('complete', '{ "experiment": "recovery", "" }');
    const found = await completionsAt(document, '"recovery", "');
    for (const name of ['model', 'target', 'data', 'training', 'analysis', 'expect'])
      assert.ok(found.includes(name), `${name} in ${found.join(', ')}`);
  });

  test('the kind of a model completes with every kind', async () => {
    const document = await openExperiment('kinds', '{ "experiment": "recovery", "model": { "kind": "" } }');
    const found = await completionsAt(document, '"kind": "');
    for (const name of ['matrixFactorization', 'twoLayer', 'formula'])
      assert.ok(found.includes(name), `${name} in ${found.join(', ')}`);
  });

  test('the kind decides which properties complete', async () => {
    const document = await openExperiment('variant', '{ "experiment": "recovery", "model": { "kind": "twoLayer", "" } }');
    const found = await completionsAt(document, '"twoLayer", "');
    assert.ok(found.includes('width') && found.includes('hiddenBias'), found.join(', '));
    assert.ok(!found.includes('rows'), found.join(', '));
  });

  test('an empty file completes with a whole experiment of every kind', async () => {
    const document = await openExperiment('nothing', '');
    const found = await completionsAt(document, '');
    for (const name of Object.keys(TEMPLATES))
      assert.ok(
        found.some((label) => label.includes(name)),
        `${name} in ${found.join(', ')}`,
      );
  });

  test('parts complete as whole blocks', async () => {
    const document = await openExperiment('blocks', '{ "experiment": "recovery", "" }');
    const position = document.positionAt(document.getText().indexOf('"" }') + 1);
    const inserted = await eventually('blocks', async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      const of = (name: string) => {
        const item = items.find(({ label }) => (typeof label === 'string' ? label : label.label).replaceAll('"', '') === name);
        const { insertText } = item ?? {};
        return typeof insertText === 'string' ? insertText : insertText?.value;
      };
      return of('training') !== undefined && { training: of('training'), expect: of('expect'), data: of('data') };
    });
    assert.match(inserted.training ?? '', /"optimizer"[^]*"learningRate"[^]*"trials"/);
    assert.match(inserted.data ?? '', /"sampleSizes"[^]*"inputs"/);
    assert.match(inserted.expect ?? '', /"modelRank"[^]*"recoveredFrom"/);
  });

  test('a hover teaches', async () => {
    const document = await openExperiment('hover', experimentText('hover'));
    const position = document.positionAt(document.getText().indexOf('sampleSizes') + 2);
    const text = await eventually('a hover', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
      const words = hovers.flatMap(({ contents }) =>
        contents.map((content) => (typeof content === 'string' ? content : content.value)),
      );
      return words.join('\n');
    });
    assert.match(text, /training samples/);
  });
});
