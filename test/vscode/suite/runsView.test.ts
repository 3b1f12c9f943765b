import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { reproduction } from '../../../src/extension/tree/reproduction';
import type { RunEntry } from '../../../src/extension/tree/runEntry';
import {
  api,
  eventually,
  experimentText,
  extension,
  openExperiment,
  openFake,
  runToItsEnd,
  useFakeEngine,
  useRealEngine,
} from './support';

const command = (name: string, ...args: unknown[]) => vscode.commands.executeCommand(`recoveryLab.${name}`, ...args);
const node = (entry: RunEntry) => ({ type: 'run', entry });

/** The runs that the view shows of a file, in its order. */
async function runsOf(uri: vscode.Uri): Promise<readonly RunEntry[]> {
  return (await api()).shownRuns().find(({ file }) => file === uri.toString())?.entries ?? [];
}

/** Runs a file and waits until the view has the run. */
async function runAndSee(uri: vscode.Uri): Promise<RunEntry> {
  const record = await runToItsEnd(uri);
  const folder = vscode.Uri.file(record.accepted?.runFolder ?? '').toString();
  return eventually('the run in the view', async () => (await runsOf(uri)).find(({ id }) => id === folder));
}

const tabsOf = (viewType: string) =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType));

suite('view of runs', () => {
  suiteSetup(useFakeEngine);
  teardown(async () => {
    (await api()).filterRuns('');
    await command('stopAll');
  });

  test('runs stand below their file with what came out, the latest first', async () => {
    const { uri } = await openFake('finish');
    const first = await runAndSee(uri);
    const second = await runAndSee(uri);
    const shown = (await runsOf(uri)).map(({ id }) => id);
    assert.deepEqual(
      shown.filter((id) => [first.id, second.id].includes(id)),
      [second.id, first.id],
    );
    assert.deepEqual([second.state, second.verdicts], ['unmet', { met: 1, failed: 1, inconclusive: 1 }]);
    assert.deepEqual(second.results, { modelRank: 7, recoveredFrom: 7, linearlyStableFrom: 7 });
  });

  test('a run at work is there at once, and says how it ended', async () => {
    const { uri } = await openFake('slow');
    await command('run', uri);
    const live = await eventually('a live run', async () => (await runsOf(uri)).find(({ state }) => state === 'running'));
    assert.ok(live.progress);
    await command('stopRun', node(live));
    await eventually('a stopped run', async () =>
      (await runsOf(uri)).some(({ state, folder }) => state === 'cancelled' && folder),
    );
    assert.ok((await runsOf(uri)).every(({ state }) => state !== 'running'));
    const crash = await openFake('crash');
    const crashed = await runAndSee(crash.uri);
    assert.equal(crashed.state, 'crashed');
    assert.match(crashed.message ?? '', /exit code 7/);
  });

  test('a filter leaves what matches, and pinned runs come first', async () => {
    const { uri } = await openFake('finish');
    const older = await runAndSee(uri);
    await runAndSee(uri);
    await command('pinRun', node(older));
    assert.equal((await runsOf(uri))[0]?.id, older.id);
    const testing = await api();
    testing.filterRuns('pinned recoveredFrom=7');
    assert.deepEqual(
      testing.shownRuns().flatMap(({ entries }) => entries.map(({ id }) => id)),
      [older.id],
    );
    await command('clearRunsFilter');
    const pinned = (await runsOf(uri))[0];
    assert.ok(pinned?.pinned);
    await command('unpinRun', node(pinned));
    assert.notEqual((await runsOf(uri))[0]?.id, older.id);
  });

  test('a pinned run has a mark in its folder, which keeps recovery gc away', async () => {
    const { uri } = await openFake('finish');
    const entry = await runAndSee(uri);
    const folder = vscode.Uri.parse(entry.id).fsPath;
    const mark = path.join(folder, 'pinned');
    // What a killed process leaves behind.
    fs.writeFileSync(path.join(folder, 'report.html.partial'), 'half');
    const gc = () => {
      const args = [path.join(extension().extensionPath, 'dist/recovery.js'), 'gc', folder];
      const { status, stdout } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      });
      assert.equal(status, 0);
      return stdout;
    };
    assert.equal(fs.existsSync(mark), false);
    await command('pinRun', node(entry));
    await eventually('the mark', () => fs.existsSync(mark));
    assert.equal(fs.statSync(mark).size, 0);
    assert.equal(gc(), 'Left alone:\n  .: it is pinned\nThere is nothing to remove.\n');
    const pinned = (await runsOf(uri)).find(({ id }) => id === entry.id);
    assert.ok(pinned?.pinned);
    await command('unpinRun', node(pinned));
    await eventually('no mark', () => !fs.existsSync(mark));
    assert.match(gc(), /report\.html\.partial/);
    assert.equal(fs.existsSync(path.join(folder, 'report.html.partial')), false);
    assert.ok(fs.existsSync(path.join(folder, 'events.jsonl')));
  });

  test('a deleted run is out of the list and kept until the next start', async () => {
    const { uri } = await openFake('finish');
    const entry = await runAndSee(uri);
    const folder = vscode.Uri.parse(entry.id).fsPath;
    await command('deleteRun', node(entry));
    assert.ok((await runsOf(uri)).every(({ id }) => id !== entry.id));
    assert.equal(fs.existsSync(folder), false);
    const trashed = path.join(path.dirname(folder), '.trash', path.basename(folder));
    assert.ok(fs.existsSync(path.join(trashed, 'events.jsonl')));
  });

  test('an earlier run opens in a panel of its own, the last one in the panel of the file', async () => {
    const { uri } = await openFake('finish');
    const earlier = await runAndSee(uri);
    const last = await runAndSee(uri);
    await vscode.window.tabGroups.close([...tabsOf('recoveryLab.run'), ...tabsOf('recoveryLab.storedRun')]);
    await command('openRun', node(last));
    await eventually('the panel of the file', () => tabsOf('recoveryLab.run').length === 1);
    await command('openRun', node(earlier));
    await command('openRun', node(earlier));
    const [tab] = await eventually('a panel of the run', () => {
      const tabs = tabsOf('recoveryLab.storedRun');
      return tabs.length > 0 && tabs;
    });
    assert.match(tab?.label ?? '', /^Results: fake-finish\.recovery\.json, /);
    assert.equal(tabsOf('recoveryLab.storedRun').length, 1);
    await vscode.window.tabGroups.close([...tabsOf('recoveryLab.run'), ...tabsOf('recoveryLab.storedRun')]);
  });

  test('several runs are compared in one panel, which opens once', async () => {
    const { uri } = await openFake('finish');
    const entries = [await runAndSee(uri), await runAndSee(uri)];
    await command('compareRuns', node(entries[0]), entries.map(node));
    await command('compareRuns', node(entries[0]), entries.map(node));
    const [tab] = await eventually('a panel of the comparison', () => {
      const tabs = tabsOf('recoveryLab.comparison');
      return tabs.length > 0 && tabs;
    });
    assert.equal(tab?.label, 'Compare: fake-finish.recovery.json, 2 runs');
    assert.equal(tabsOf('recoveryLab.comparison').length, 1);
    await vscode.window.tabGroups.close(tabsOf('recoveryLab.comparison'));
  });

  test('a run is stale while the file is about another experiment, and says how to reproduce it', async () => {
    await useRealEngine();
    try {
      const text = experimentText('stale').replace('"trials": 2', '"trials": 1');
      const document = await openExperiment('stale', text);
      const entry = await runAndSee(document.uri);
      assert.equal(entry.stale, false);
      assert.match(
        reproduction(entry),
        new RegExp(
          `^# stale\\n# Engine version: [\\d.]+\\n# Hash of the experiment: ${entry.hash}\\n# Seed: \\d+\\n# Run folder: .+\\nrecovery run \\S+stale`,
        ),
      );
      const edit = (from: string, to: string) => {
        const at = document.getText().indexOf(from);
        const range = new vscode.Range(document.positionAt(at), document.positionAt(at + from.length));
        return vscode.window.activeTextEditor?.edit((builder) => builder.replace(range, to));
      };
      const isStale = async () => (await runsOf(document.uri))[0]?.stale;
      await edit('"trials": 1', '"trials": 3');
      await eventually('the run to be stale', isStale);
      await edit('"trials": 3', '"trials":  1');
      await eventually('the run to be of this file again', async () => (await isStale()) === false);
      await edit('"title": "stale"', '"title": "another name for the same"');
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(await isStale(), false);
    } finally {
      await useFakeEngine();
    }
  });
});
