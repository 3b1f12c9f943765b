import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestsApi } from '../../../src/extension/testingApi';
import { api, eventually, experimentText, isAlive, openExperiment, openFake, runToItsEnd, useFakeEngine } from './support';

type Report = [event: string, test: string, message?: string];

/** Notes what every test run says of its tests while `action` goes on. */
async function reports(tests: TestsApi, action: () => Promise<unknown>): Promise<Report[]> {
  const { controller } = tests;
  const own = controller.createTestRun;
  const noted: Report[] = [];
  controller.createTestRun = (...given: Parameters<typeof own>) => {
    const run = own.apply(controller, given);
    const note = (event: string, item: vscode.TestItem, message?: unknown) => {
      const [first] = [message].flat() as (vscode.TestMessage | undefined)[];
      const words = first && [first.expectedOutput, first.actualOutput].join(' but ');
      noted.push(words === undefined ? [event, item.label] : [event, item.label, words]);
    };
    return new Proxy(run, {
      get(target, name) {
        if (!['enqueued', 'started', 'passed', 'failed', 'errored', 'skipped'].includes(String(name))) {
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        }
        return (item: vscode.TestItem, message?: unknown) => {
          note(String(name), item, message);
          const call = Reflect.get(target, name) as (item: vscode.TestItem, message?: unknown) => void;
          call.call(target, item, message);
        };
      },
    });
  };
  try {
    await action();
  } finally {
    controller.createTestRun = own;
  }
  return noted;
}

const request = (...items: vscode.TestItem[]) => new vscode.TestRunRequest(items);
const never = new vscode.CancellationTokenSource().token;

async function fileItem(uri: vscode.Uri) {
  const { tests } = await api();
  const item = await eventually('the tests of the file', () => {
    const found = tests.controller.items.get(uri.toString());
    return found && found.children.size > 0 && found;
  });
  return { tests, item };
}

const labels = (item: vscode.TestItem) => [...item.children].map(([, { label }]) => label);

suite('expectations as tests', () => {
  suiteSetup(useFakeEngine);

  test('every expectation is a test at its line, which follows the text', async () => {
    const document = await openExperiment('tests', experimentText('tests'));
    const { item } = await fileItem(document.uri);
    assert.deepEqual(labels(item), ['modelRank: 7', 'recoveredFrom: 7', 'notRecoveredBelow: 7']);
    const lines = [...item.children].map(([, { range }]) => range && document.lineAt(range.start.line).text.trim());
    assert.deepEqual(lines, ['"modelRank": 7,', '"recoveredFrom": 7,', '"notRecoveredBelow": 7']);
    const start = document.positionAt(document.getText().indexOf('"modelRank": 7,'));
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(start, '"linearlyStableFrom": 6, '));
    await eventually('a test more', () => labels(item).includes('linearlyStableFrom: 6'));
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(0, 0), '['));
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(labels(item).length, 4);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('running a file reports each verdict: passed, failed with both values, skipped where nothing was decided', async () => {
    const { uri } = await openFake('finish');
    const { tests, item } = await fileItem(uri);
    const noted = await reports(tests, () => tests.run(request(item), never));
    assert.deepEqual(
      noted.filter(([event]) => event !== 'enqueued' && event !== 'started'),
      [
        ['passed', 'modelRank: 7'],
        ['failed', 'recoveredFrom: 7', '7 but 7'],
        ['skipped', 'notRecoveredBelow: 7'],
      ],
    );
    assert.equal(noted.filter(([event]) => event === 'started').length, 3);
  });

  test('one test alone runs the file and reports itself', async () => {
    const { uri } = await openFake('finish');
    const { tests, item } = await fileItem(uri);
    const [[, first] = []] = [...item.children];
    assert.ok(first);
    const noted = await reports(tests, () => tests.run(request(first), never));
    assert.deepEqual(noted, [
      ['enqueued', 'modelRank: 7'],
      ['started', 'modelRank: 7'],
      ['passed', 'modelRank: 7'],
    ]);
  });

  test('cancelling stops the run', async () => {
    const { uri } = await openFake('slow');
    const { tests, item } = await fileItem(uri);
    const source = new vscode.CancellationTokenSource();
    const testing = await api();
    const noted = await reports(tests, async () => {
      const over = tests.run(request(item), source.token);
      // A record of an earlier run may be there.
      const pid = await eventually(
        'the engine to work',
        () => testing.record(uri)?.state === 'running' && testing.enginePid(uri),
      );
      source.cancel();
      await over;
      assert.equal(isAlive(pid), false);
    });
    assert.equal(testing.record(uri)?.state, 'cancelled');
    assert.deepEqual([...new Set(noted.map(([event]) => event))], ['enqueued', 'started', 'skipped']);
  });

  test('a crash and a file with errors are errors of their tests', async () => {
    const crash = await openFake('crash');
    const first = await fileItem(crash.uri);
    const crashed = await reports(first.tests, () => first.tests.run(request(first.item), never));
    assert.equal(crashed.filter(([event]) => event === 'errored').length, 3);
    const broken = await openExperiment('tests-broken', experimentText('broken').replace('"rows": 4', '"rows": -4'));
    const item = await eventually('the item of the file', () => first.tests.controller.items.get(broken.uri.toString()));
    const noted = await reports(first.tests, () => first.tests.run(request(item), never));
    assert.deepEqual([...new Set(noted.map(([event]) => event))], ['enqueued', 'errored']);
  });

  test('a run that was started with the lens shows in the tests, too', async () => {
    const { uri } = await openFake('finish');
    const { tests } = await fileItem(uri);
    const noted = await reports(tests, async () => {
      await runToItsEnd(uri);
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    assert.deepEqual(
      noted.map(([event]) => event),
      ['passed', 'failed', 'skipped'],
    );
  });
});
