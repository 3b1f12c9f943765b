import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, eventually, lenses, limitRuns, openFake, ours, runToItsEnd, titles, useFakeEngine } from './support';

const run = (uri: vscode.Uri) => vscode.commands.executeCommand('recoveryLab.run', uri);
const stop = (uri: vscode.Uri) => vscode.commands.executeCommand('recoveryLab.stop', uri);

suite('queue of runs', () => {
  suiteSetup(useFakeEngine);
  setup(() => limitRuns(1));
  teardown(async () => {
    await vscode.commands.executeCommand('recoveryLab.stopAll');
    await limitRuns(undefined);
  });

  test('runs over the limit wait in order, say where they stand, and start when there is room', async () => {
    const testing = await api();
    const [first, second, third] = [await openFake('slow'), await openFake('stubborn'), await openFake('garbage')];
    for (const { uri } of [first, second, third]) await run(uri);
    await eventually('the first to work', () => testing.record(first.uri)?.accepted);
    assert.deepEqual(
      [second, third].map(({ uri }) => [testing.record(uri)?.state, testing.record(uri)?.queuePosition, testing.enginePid(uri)]),
      [
        ['queued', 1, undefined],
        ['queued', 2, undefined],
      ],
    );
    assert.deepEqual(titles(await lenses(third.uri)).slice(0, 2), ['Queued, position 2', 'Remove from queue']);
    await stop(first.uri);
    await eventually('the second to work', () => testing.record(second.uri)?.accepted);
    assert.equal(testing.record(third.uri)?.queuePosition, 1);
    await stop(second.uri);
    await eventually('the third to end', () => testing.record(third.uri)?.state === 'finished');
  });

  test('one taken out of the queue never starts, and the file keeps the results that it had', async () => {
    const testing = await api();
    const done = await openFake('finish');
    const before = await runToItsEnd(done.uri);
    const slow = await openFake('slow');
    await run(slow.uri);
    await run(done.uri);
    assert.equal(testing.record(done.uri)?.state, 'queued');
    await stop(done.uri);
    assert.equal(testing.record(done.uri)?.id, before.id);
    assert.equal(ours(done.uri).filter(({ code }) => String(code).startsWith('verdict-')).length, 3);
    await stop(slow.uri);
    assert.equal(testing.enginePid(done.uri), undefined);
    assert.equal(testing.record(done.uri)?.id, before.id);
  });

  test('a greater limit starts what waits', async () => {
    const testing = await api();
    const [first, second] = [await openFake('slow'), await openFake('stubborn')];
    await run(first.uri);
    await run(second.uri);
    assert.equal(testing.record(second.uri)?.state, 'queued');
    await limitRuns(2);
    await eventually('the second to work', () => testing.record(second.uri)?.accepted);
    assert.equal(testing.record(first.uri)?.state, 'running');
  });

  test('stopping all empties the queue', async () => {
    const testing = await api();
    const [first, second] = [await openFake('slow'), await openFake('stubborn')];
    await run(first.uri);
    await run(second.uri);
    await vscode.commands.executeCommand('recoveryLab.stopAll');
    assert.deepEqual([testing.enginePid(first.uri), testing.enginePid(second.uri)], [undefined, undefined]);
    assert.notEqual(testing.record(second.uri)?.state, 'queued');
  });
});
