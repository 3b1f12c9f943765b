import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { api, extension, openFake, runToItsEnd, useFakeEngine } from './support';

suite('broken engines', () => {
  suiteSetup(useFakeEngine);

  test('a crash is told with exit code and last words', async () => {
    const record = await runToItsEnd((await openFake('crash')).uri);
    assert.equal(record.state, 'crashed');
    assert.match(record.crash ?? '', /exit code 7/);
    assert.match(record.crash ?? '', /RangeError: something broke\n.*at somewhere \(engine\.js:1:1\)$/);
    assert.equal(Object.keys(record.cells).length, 1, 'what came before the crash is kept');
  });

  test('a kill from outside is told with its signal', async () => {
    const record = await runToItsEnd((await openFake('killed')).uri);
    assert.equal(record.state, 'crashed');
    assert.match(record.crash ?? '', /SIGKILL/);
  });

  test('unreadable lines are counted and not fatal', async () => {
    const record = await runToItsEnd((await openFake('garbage')).uri);
    assert.equal(record.state, 'finished');
    assert.equal(record.unreadableLines, 3);
  });

  test('another protocol is fatal, with words', async () => {
    const record = await runToItsEnd((await openFake('old')).uri);
    assert.equal(record.state, 'failed');
    assert.match(record.failed?.message ?? '', /protocol 0.*protocol 1/);
  });

  test('no greeting is fatal, with words', async () => {
    const record = await runToItsEnd((await openFake('mute')).uri);
    assert.equal(record.state, 'failed');
    assert.match(record.failed?.message ?? '', /did not say which protocol/);
  });

  test('an error of the engine is a failure with its words', async () => {
    const record = await runToItsEnd((await openFake('invalid')).uri);
    assert.equal(record.state, 'failed');
    assert.equal(record.failed?.message, 'The engine found an error.');
  });

  test('an engine that stays after its result is let go', async () => {
    const record = await runToItsEnd((await openFake('lingering')).uri);
    assert.equal(record.state, 'finished');
  });

  test('an engine that is not there is told', async () => {
    (await api()).useEngine(path.join(extension().extensionPath, 'no-such-engine.js'));
    try {
      const record = await runToItsEnd((await openFake('finish')).uri);
      assert.equal(record.state, 'crashed');
      assert.match(record.crash ?? '', /exit code 1[\s\S]*no-such-engine/);
    } finally {
      await useFakeEngine();
    }
  });
});
