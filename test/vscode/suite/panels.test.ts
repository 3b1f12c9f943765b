import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, openFake, runToItsEnd, useFakeEngine } from './support';

const panelTabs = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('recoveryLab.run'));

const closePanels = async () => {
  await vscode.window.tabGroups.close(panelTabs());
};

suite('panels', () => {
  suiteSetup(useFakeEngine);
  setup(closePanels);
  suiteTeardown(closePanels);

  test('a run opens one panel beside the file, and leaves the focus in the file', async () => {
    const { uri } = await openFake('finish');
    await runToItsEnd(uri);
    await runToItsEnd(uri);
    await eventually('a panel', () => panelTabs().length > 0);
    assert.deepEqual(
      panelTabs().map(({ label }) => label),
      ['Results: fake-finish.recovery.json'],
    );
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
  });

  test('the panel can be closed and shown again', async () => {
    const { uri } = await openFake('finish');
    await runToItsEnd(uri);
    await eventually('a panel', () => panelTabs().length === 1);
    await closePanels();
    await vscode.commands.executeCommand('recoveryLab.showResults', uri);
    await eventually('the panel again', () => panelTabs().length === 1);
  });

  test('a setting keeps it closed', async () => {
    const { uri } = await openFake('finish');
    const settings = vscode.workspace.getConfiguration('recoveryLab', uri);
    await settings.update('openPanelOnRun', false, vscode.ConfigurationTarget.Workspace);
    try {
      await runToItsEnd(uri);
      assert.deepEqual(panelTabs(), []);
    } finally {
      await settings.update('openPanelOnRun', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
