import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { isAlive } from '../host/processes.mjs';
import { workbench } from '../host/workbench.mjs';
import { eventually, isGone, isIn, openWorkbench, pictureOfFailure, root, runFile, theEngine } from '../vscode/session.mjs';
import { Tunnel } from './tunnel.mjs';

const example = (name) => fs.readFileSync(path.join(root, 'examples', `${name}.recovery.json`), 'utf8');
const EXPERIMENTS = {
  quick: example('quick-start'),
  // Long enough to lose its window for a while.
  endless: example('matrix-completion').replace(/"trials": \d+/, '"trials": 20000'),
};
/** Longer than a window takes to see that it is alone. */
const AWAY_MS = 8000;

suite('through SSH', () => {
  let session;
  let tunnel;
  suiteSetup(async () => {
    const through = async (server) => `127.0.0.1:${(tunnel = await Tunnel.to(server.port)).port}`;
    session = await openWorkbench(EXPERIMENTS, { through, graceSeconds: 120 });
  });
  teardown(function () {
    return pictureOfFailure(session.page, this.currentTest);
  });
  suiteTeardown(async () => {
    await session?.close();
    await tunnel?.close();
  });
  const done = async (page) => {
    const text = await workbench.webview(page).locator('.status').innerText();
    return Number(/([\d,\s]+) of/.exec(text)?.[1].replace(/\D/g, '') ?? NaN);
  };

  test('a file runs to its verdicts', async () => {
    const { page, requests } = session;
    await runFile(page, 'quick');
    await workbench.codeLens(page, 'recoveredFrom: met').waitFor({ timeout: 30_000 });
    const hosts = new Set(requests.filter((url) => url.startsWith('http')).map((url) => new URL(url).host));
    assert.deepEqual([...hosts], [`127.0.0.1:${tunnel.port}`]);
  });

  test('a run goes on while the connection is gone, its panel has all of it after that, and Stop is heard', async () => {
    const { page, server } = session;
    await workbench.command(page, 'View: Close All Editors');
    await workbench.openFile(page, 'endless.recovery.json');
    await workbench.pressLens(page, 'Run');
    await isIn(page, 'running').waitFor({ timeout: 60_000 });
    await eventually('trainings', async () => (await done(page)) > 0, 60_000);
    const engine = await theEngine(server);
    await tunnel.cut();
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    const before = await done(page);
    assert.ok(isAlive(engine));
    await tunnel.mend();
    // Those of the time without a connection, too: far more than come in between two looks.
    await eventually('what happened meanwhile', async () => (await done(page)) > 1.5 * before, 90_000);
    assert.equal(await theEngine(server), engine);
    await workbench.pressLens(page, 'Stop');
    await isIn(page, 'cancelled').waitFor({ timeout: 30_000 });
    await isGone(engine);
  });
});
