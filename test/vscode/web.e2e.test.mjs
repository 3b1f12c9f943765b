// The web extension: the same package in a worker of the browser, where there is no Node and nothing can be run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { engines } from '../host/processes.mjs';
import { workbench } from '../host/workbench.mjs';
import { completion, line, noProblems } from './editing.mjs';
import { isFolder, isIn, openWorkbench, pictureOfFailure, root, SCREENSHOTS } from './session.mjs';

const example = (name) => fs.readFileSync(path.join(root, 'examples', `${name}.recovery.json`), 'utf8');
const EXPERIMENTS = {
  quick: example('quick-start'),
  broken: example('quick-start').replace('"rows": 3', '"rows": -3'),
  nothing: '',
};

/** A run as it lies beside an experiment that came with a repository. */
function runBefore(folder) {
  const args = ['dist/recovery.js', 'run', path.join(folder, 'quick.recovery.json')];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
}

if (isFolder) {
  suite('the web extension', () => {
    let session;
    suiteSetup(async () => {
      fs.mkdirSync(SCREENSHOTS, { recursive: true });
      session = await openWorkbench(EXPERIMENTS, { kind: 'web', prepare: runBefore });
    });
    suiteTeardown(() => session.close());
    teardown(function () {
      return pictureOfFailure(session.page, this.currentTest);
    });

    test('predicts, and says why nothing runs', async () => {
      const { page, server } = session;
      await workbench.openFile(page, 'quick.recovery.json');
      await workbench.codeLens(page, 'Predicted: 5 samples').waitFor({ timeout: 60_000 });
      assert.equal(await workbench.codeLens(page, 'Run').count(), 0);
      await workbench.pressLens(page, 'Does not run in a browser');
      const words = await workbench.notification(page, 'a browser alone can start no engine');
      await words.waitFor({ timeout: 30_000 });
      await page.screenshot({ path: path.join(SCREENSHOTS, 'web-prediction.png') });
      assert.deepEqual(engines(server.pid), []);
    });

    test('explains on hover, with formula and paper', async () => {
      const { page } = session;
      await page.locator('.view-line span', { hasText: '"sampleSizes"' }).last().hover();
      const hover = page.locator('.monaco-hover:visible');
      await hover.filter({ hasText: 'arXiv 2307.08921' }).waitFor({ timeout: 30_000 });
      assert.match(await hover.innerText(), /Predicted: 5 samples/);
    });

    test('underlines an error', async () => {
      const { page } = session;
      await workbench.openFile(page, 'broken.recovery.json');
      await page.locator('.squiggly-error').first().waitFor({ timeout: 30_000 });
      await workbench.command(page, 'View: Close All Editors');
    });

    test('completes names, with what they mean, and fills an empty file', async () => {
      const { page } = session;
      const offered = (text) => page.locator('.suggest-widget .monaco-list-row', { hasText: text }).first();
      await workbench.openFile(page, 'nothing.recovery.json');
      await completion(page, 'geometry');
      await page.keyboard.press('Control+Space'); // what is explained beside the list
      await page.locator('.suggest-details', { hasText: 'Branches of the global minima' }).waitFor({ timeout: 30_000 });
      await page.screenshot({ path: path.join(SCREENSHOTS, 'web-completion.png') });
      await offered('geometry').click();
      await line(page, 'n = 4 … 5, all from 7').waitFor({ timeout: 30_000 });
      await noProblems(page);
      await line(page, '"expect"').click();
      await page.keyboard.press('Home');
      await page.keyboard.type('"');
      for (const name of ['points', 'description']) await offered(name).waitFor({ timeout: 30_000 });
      assert.equal(await offered('training').count(), 0); // geometry experiments have none
      await page.keyboard.press('Escape');
      await workbench.command(page, 'View: Revert and Close Editor');
    });

    test('shows a run that lies on disk, without buttons that could not do anything', async () => {
      const { page } = session;
      await workbench.command(page, 'View: Show Recovery Lab');
      await page.locator('.pane-body .monaco-list-row', { hasText: 'Recovered from' }).first().click({ timeout: 30_000 });
      await isIn(page, 'finished').waitFor({ timeout: 30_000 });
      const panel = workbench.webview(page);
      assert.ok((await panel.locator('li.verdict.met').count()) > 0);
      assert.equal(await panel.locator('vscode-button:visible', { hasText: 'Run again' }).count(), 0);
      await page.screenshot({ path: path.join(SCREENSHOTS, 'web-stored-run.png') });
    });
  });
}
