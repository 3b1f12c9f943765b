import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/extension/commands/names';
import { api, experimentText, extension, openExperiment } from './support';

suite('activation', () => {
  test('a workspace with an experiment activates the extension', async () => {
    await openExperiment('activation', experimentText('activation'));
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  test('every command is there', async () => {
    await api();
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(
      Object.values(COMMANDS).filter((command) => !known.includes(command)),
      [],
    );
  });

  test('experiment files are JSON with comments', async () => {
    const document = await openExperiment('language', '// a comment\n' + experimentText('language'));
    assert.equal(document.languageId, 'jsonc');
  });
});
