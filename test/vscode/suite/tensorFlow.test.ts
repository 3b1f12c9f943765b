import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/extension/commands/names';
import { api, eventually, openExperiment, runToItsEnd, useRealEngine } from './support';

suite('TensorFlow', () => {
  const PATH = process.env['PATH'];
  const TENSORFLOW = process.env['RECOVERY_TENSORFLOW'];

  suiteSetup(useRealEngine);
  teardown(() => {
    process.env['PATH'] = PATH;
    if (TENSORFLOW === undefined) delete process.env['RECOVERY_TENSORFLOW'];
    else process.env['RECOVERY_TENSORFLOW'] = TENSORFLOW;
  });

  test('an installation that fails says why, and leaves nothing in the storage of the extension', async () => {
    const testing = await api();
    process.env['PATH'] = '';
    delete process.env['RECOVERY_TENSORFLOW'];
    // It waits for somebody who reads its message.
    void vscode.commands.executeCommand(COMMANDS.installTensorFlow);
    const logs = fs.realpathSync(path.dirname(testing.logFolder()));
    const words = await eventually('the log', () =>
      /Installing @tensorflow\/tfjs-node into (.+tensorflow)\.[^]*TensorFlow was not installed: npm/.exec(textIn(logs)),
    );
    assert.match(words[1], /globalStorage.recovery-lab\.recovery-lab.tensorflow$/);
    const left = fs.existsSync(path.dirname(words[1])) ? fs.readdirSync(path.dirname(words[1])) : [];
    assert.deepEqual(
      left.filter((name) => name.startsWith('tensorflow')),
      [],
    );
  });

  test('a run that asks for it says how to get it', async () => {
    process.env['RECOVERY_TENSORFLOW'] = 'off';
    const { uri } = await openExperiment(
      'wide',
      `{ "experiment": "recovery", "model": { "kind": "twoLayer", "inputs": 2, "width": 5 }, "target": { "kind": "teacher", "width": 1 },
        "data": { "sampleSizes": [4] }, "training": { "backend": "tensorflow", "trials": 1 } }`,
    );
    const record = await runToItsEnd(uri);
    assert.equal(record.state, 'failed');
    assert.match(record.failed?.message ?? '', /There is no TensorFlow: .*Recovery: Install TensorFlow/);
  });
});

/** Everything that stands in the files under a folder. */
function textIn(folder: string): string {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => fs.readFileSync(file, 'utf8'))
    .join('\n');
}
