// A workspace whose files are on no machine: a file system that an extension provides.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { engines } from '../host/processes.mjs';
import { workbench } from '../host/workbench.mjs';
import { isFolder, isIn, openWorkbench, pictureOfFailure, root, SCREENSHOTS } from './session.mjs';

const quick = fs.readFileSync(path.join(root, 'examples/quick-start.recovery.json'), 'utf8');

/** A run that came to its end, and one that was broken off and could be resumed on a machine. */
function runsBefore(folder) {
  const runs = path.join(folder, 'recovery-runs');
  const file = path.join(folder, 'quick.recovery.json');
  execFileSync(process.execPath, ['dist/recovery.js', 'run', file], { cwd: root, stdio: 'ignore' });
  const [name] = fs.readdirSync(runs);
  const broken = path.join(runs, `${name}-2`);
  fs.cpSync(path.join(runs, name), broken, { recursive: true });
  for (const result of ['summary.json', 'report.html']) fs.rmSync(path.join(broken, result));
  const events = path.join(broken, 'events.jsonl');
  fs.writeFileSync(events, fs.readFileSync(events, 'utf8').split('\n').slice(0, 20).join('\n') + '\n');
}

if (isFolder) {
  suite('a virtual workspace', () => {
    let session;
    suiteSetup(async () => {
      fs.mkdirSync(SCREENSHOTS, { recursive: true });
      session = await openWorkbench(
        { quick, broken: quick.replace('"rows": 3', '"rows": -3') },
        { isVirtual: true, prepare: runsBefore },
      );
    });
    suiteTeardown(() => session.close());
    teardown(function () {
      return pictureOfFailure(session.page, this.currentTest);
    });
    const rows = (text) => session.page.locator('.pane-body .monaco-list-row', { hasText: text });

    test('predicts and judges files', async () => {
      const { page } = session;
      await workbench.openFile(page, 'broken.recovery.json');
      await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });
      await workbench.openFile(page, 'quick.recovery.json');
      await workbench.codeLens(page, 'Predicted: 5 samples').waitFor({ timeout: 60_000 });
    });

    test('shows its runs', async () => {
      const { page } = session;
      await workbench.command(page, 'View: Show Recovery Lab');
      await rows('Recovered from').first().click({ timeout: 30_000 });
      await isIn(page, 'finished').waitFor({ timeout: 30_000 });
      await page.screenshot({ path: path.join(SCREENSHOTS, 'virtual-stored-run.png') });
      await workbench.command(page, 'View: Close All Editors');
    });

    test('does not resume a run there, and says why', async () => {
      const { page, server } = session;
      await rows('Without an end').first().click({ timeout: 30_000 });
      await isIn(page, 'interrupted').waitFor({ timeout: 30_000 });
      // The one that waits for a run, or none.
      const before = engines(server.pid);
      await workbench.webview(page).locator('vscode-button:visible', { hasText: 'Resume' }).click();
      const words = await workbench.notification(page, 'on another machine cannot be resumed');
      await words.waitFor({ timeout: 30_000 });
      assert.deepEqual(engines(server.pid), before);
      await workbench.command(page, 'View: Close All Editors');
    });

    test('runs a file: the engine gets its text, and the extension keeps its results', async () => {
      const { page } = session;
      await workbench.command(page, 'View: Show Explorer');
      await workbench.openFile(page, 'quick.recovery.json');
      await workbench.pressLens(page, 'Run');
      await isIn(page, 'finished').waitFor({ timeout: 60_000 });
      assert.ok((await workbench.webview(page).locator('li.verdict.met').count()) > 0);
    });
  });
}
