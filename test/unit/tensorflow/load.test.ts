import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadTensorFlow } from '../../../src/engine/tensorflow/load';
import { PACKAGE } from '../../../src/engine/tensorflow/location';

/** As tfjs-node 4.22 calls them. */
const LIBRARY = `
const util_1 = require('util');
exports.enableProdMode = () => {
  exports.found = [null, undefined, 0, []].map((value) => [(0, util_1.isNullOrUndefined)(value), (0, util_1.isArray)(value)]);
};`;

it('finds in Node what Node has dropped since it was written', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-tensorflow-'));
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  const dropped = { isNullOrUndefined: util['isNullOrUndefined'], isArray: util['isArray'] };
  onTestFinished(() => {
    Object.assign(util, dropped);
    vi.unstubAllEnvs();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const home = path.join(folder, 'node_modules', PACKAGE);
  fs.mkdirSync(path.join(home, 'lib', 'napi-v8'), { recursive: true });
  fs.writeFileSync(path.join(home, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
  fs.writeFileSync(path.join(home, 'index.js'), LIBRARY);
  vi.stubEnv('RECOVERY_TENSORFLOW', folder);
  for (const name of Object.keys(dropped)) delete util[name];
  expect(loadTensorFlow()).toMatchObject({
    found: [
      [true, false],
      [true, false],
      [false, false],
      [false, true],
    ],
  });
});
