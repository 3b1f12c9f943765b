import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { engines } from '../host/processes.mjs';
import { workbench } from '../host/workbench.mjs';
import {
  theEngine,
  eventually,
  isFolder,
  isGone,
  isIn,
  openWorkbench,
  pictureOfFailure,
  reloadWithTheme,
  root,
  runFile,
  SCREENSHOTS,
  THEMES,
} from './session.mjs';

const example = (name) => fs.readFileSync(path.join(root, 'examples', `${name}.recovery.json`), 'utf8');
const withTrials = (text, trials) => text.replace(/"trials": \d+/, `"trials": ${trials}`);

const EXPERIMENTS = {
  example: example('matrix-completion'),
  // Long enough never to end while a test looks at it.
  endless: withTrials(example('matrix-completion'), 20_000),
  quick: example('quick-start'),
  broken: example('quick-start').replace('"rows": 3', '"rows": -3'),
};

const status = (page) => workbench.webview(page).locator('.status');
const resultRows = (page) => workbench.webview(page).locator('.results table:not([hidden]) tbody tr');
const closeEditors = (page) => workbench.command(page, 'View: Close All Editors');

async function startExperiment(page, name) {
  await workbench.openFile(page, `${name}.recovery.json`);
  await workbench.pressLens(page, 'Run');
  // Any state is a sign of life: a short run may be over before the page looks.
  await status(page).waitFor({ timeout: 60_000 });
}

suite(`a person at work, extension from ${isFolder ? 'this folder' : 'its package'}`, () => {
  let session;
  suiteSetup(async () => {
    fs.mkdirSync(SCREENSHOTS, { recursive: true });
    session = await openWorkbench(EXPERIMENTS);
  });
  suiteTeardown(() => session.close());
  teardown(function () {
    return pictureOfFailure(session.page, this.currentTest);
  });

  test('sees points arrive while the experiment runs', async () => {
    const { page } = session;
    await startExperiment(page, 'endless');
    await resultRows(page).first().waitFor({ timeout: 60_000 });
    assert.equal(await status(page).getAttribute('data-state'), 'running');
    await page.locator('.statusbar-item', { hasText: /training \d+ %/ }).waitFor({ timeout: 30_000 });
    await page.screenshot({ path: path.join(SCREENSHOTS, `${isFolder ? 'folder' : 'package'}-running.png`) });
  });

  test('stops it with the lens', async () => {
    const { page, server } = session;
    const engine = await theEngine(server);
    await workbench.pressLens(page, 'Stop');
    await isIn(page, 'cancelled').waitFor({ timeout: 30_000 });
    await isGone(engine);
    await workbench.codeLens(page, 'Run').waitFor({ timeout: 30_000 });
  });

  test('runs it again, stops it and resumes it in the panel', async () => {
    const { page, server } = session;
    const button = (text) => workbench.webview(page).locator('vscode-button:visible', { hasText: text });
    await button('Run again').click();
    await isIn(page, 'running').waitFor({ timeout: 30_000 });
    const first = await theEngine(server);
    await button('Stop').click();
    await isIn(page, 'cancelled').waitFor({ timeout: 30_000 });
    await isGone(first);
    await button('Resume').click();
    await isIn(page, 'running').waitFor({ timeout: 30_000 });
    const second = await theEngine(server);
    await button('Stop').click();
    await isIn(page, 'cancelled').waitFor({ timeout: 30_000 });
    await isGone(second);
    await closeEditors(page);
  });

  test('runs the example to its verdicts, which stand in the file', async () => {
    const { page } = session;
    await startExperiment(page, 'example');
    await isIn(page, 'finished').waitFor({ timeout: 100_000 });
    assert.equal(await resultRows(page).count(), 16);
    const verdicts = workbench.webview(page).locator('li.verdict.met');
    await eventually('five verdicts', async () => (await verdicts.count()) === 5, 15_000);
    await workbench.codeLens(page, 'Show results').waitFor();
    await page.locator('.squiggly-info').first().waitFor({ timeout: 30_000 });
    await workbench.command(page, 'Problems: Focus on Problems View');
    await page
      .locator('.markers-panel .monaco-list-row', { hasText: 'Expectation met: recoveredFrom is 7' })
      .waitFor({ timeout: 30_000 });
    await workbench.command(page, 'View: Toggle Panel Visibility');
    await page.locator('.markers-panel').waitFor({ state: 'hidden' });
  });

  for (const [name, theme] of Object.entries(THEMES)) {
    test(`looks right in ${name}, and finds the panel again after a reload`, async () => {
      const { page } = session;
      await reloadWithTheme(session, theme);
      await isIn(page, 'finished').waitFor({ timeout: 60_000 });
      const kind = name === 'high-contrast' ? 'vscode-high-contrast' : `vscode-${name}`;
      await workbench.webview(page).locator(`body.${kind}`).waitFor({ timeout: 30_000 });
      assert.equal(await resultRows(page).count(), 16);
      assert.equal(await workbench.webview(page).locator('li.verdict.met').count(), 5);
      await workbench.codeLens(page, 'Show results').waitFor({ timeout: 60_000 });
      await page.locator('.squiggly-info').first().waitFor({ timeout: 30_000 }); // the verdicts came back too
      await page.screenshot({ path: path.join(SCREENSHOTS, `${isFolder ? 'folder' : 'package'}-${name}.png`) });
      await workbench.webview(page).locator('.chart-grid:visible').first().scrollIntoViewIfNeeded();
      await page.waitForTimeout(500); // charts draw themselves once they are in sight
      await page.screenshot({ path: path.join(SCREENSHOTS, `${isFolder ? 'folder' : 'package'}-${name}-charts.png`) });
    });
  }

  test('runs one cell', async () => {
    const { page } = session;
    await closeEditors(page);
    await workbench.openFile(page, 'example.recovery.json');
    await workbench.pressLens(page, 'Run this cell…');
    const input = page.locator('.quick-input-widget input.input');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'the predicted optimistic sample size' }).click();
    await page.locator('.quick-input-title', { hasText: 'Trials' }).waitFor();
    await input.fill('20');
    await input.press('Enter');
    await isIn(page, 'finished').waitFor({ timeout: 30_000 });
    assert.equal(await resultRows(page).count(), 1);
    await closeEditors(page);
  });

  test('compares two runs, and finds the comparison again after a reload', async () => {
    const { page } = session;
    await workbench.command(page, 'Recovery: Compare Runs…');
    await page.locator('.quick-input-title', { hasText: 'Compare Runs' }).waitFor();
    const rows = page.locator('.quick-input-list .monaco-list-row', { hasText: 'example.recovery.json' });
    await rows.nth(0).click();
    await rows.nth(1).click();
    await page.locator('.quick-input-widget input.input').press('Enter');
    const seen = async () => {
      const panel = workbench.webview(page);
      await panel.locator('h1', { hasText: 'Comparison of 2 runs' }).waitFor({ timeout: 30_000 });
      const legend = panel.locator('[data-chart="figure-compared-test-error"] .legend-entry');
      await legend.nth(1).waitFor();
      assert.match(await panel.locator('[data-table="compared-settings"] tbody').innerText(), /data\.sampleSizes/);
    };
    await seen();
    await page.screenshot({ path: path.join(SCREENSHOTS, `${isFolder ? 'folder' : 'package'}-comparison.png`) });
    await workbench.reload(page);
    await seen();
    await closeEditors(page);
  });

  test('underlines an error where it is', async () => {
    const { page } = session;
    await workbench.openFile(page, 'broken.recovery.json');
    const line = page.locator('.view-line', { hasText: '"rows"' });
    await page.locator('.squiggly-error').first().waitFor({ timeout: 15_000 });
    const [squiggle, text] = await Promise.all([page.locator('.squiggly-error').first().boundingBox(), line.boundingBox()]);
    assert.ok(
      squiggle && text && Math.abs(squiggle.y + squiggle.height - (text.y + text.height)) < text.height,
      'on the line of "rows"',
    );
    await page.screenshot({ path: path.join(SCREENSHOTS, `${isFolder ? 'folder' : 'package'}-broken.png`) });
    await closeEditors(page);
  });

  test('asks nobody outside, and the panel keeps to its content security policy', () => {
    const { requests, violations, server } = session;
    const isOutside = (url) => {
      const { protocol, host } = new URL(url);
      return (
        /^https?:$/.test(protocol) &&
        host !== server.authority &&
        !host.endsWith('.vscode-resource.vscode-cdn.net') &&
        !host.endsWith('.vscode-cdn.net')
      );
    };
    assert.deepEqual(requests.filter(isOutside), []);
    assert.deepEqual(violations, []);
  });

  test('an engine waits for the next run, which takes it', async () => {
    const { page, server } = session;
    await closeEditors(page);
    await workbench.openFile(page, 'quick.recovery.json');
    const waiting = await theEngine(server);
    await workbench.pressLens(page, 'Run');
    await isIn(page, 'finished').waitFor({ timeout: 60_000 });
    await isGone(waiting);
    assert.notEqual(await theEngine(server), waiting);
  });

  test('no engine outlives its extension host', async () => {
    const { page, server } = session;
    await startExperiment(page, 'endless');
    await isIn(page, 'running').waitFor({ timeout: 60_000 });
    const engine = await theEngine(server);
    process.kill(engines(server.pid)[0].parent, 'SIGKILL');
    await isGone(engine);
  });
});

if (isFolder) {
  suite('several runs, and the ones before', () => {
    let session;
    suiteSetup(async () => {
      fs.mkdirSync(SCREENSHOTS, { recursive: true });
      session = await openWorkbench(EXPERIMENTS);
    });
    suiteTeardown(() => session.close());
    teardown(function () {
      return pictureOfFailure(session.page, this.currentTest);
    });
    const statusItem = (page, text) => page.locator('.statusbar-item', { hasText: text });
    const rows = (page, text) => page.locator('.pane-body .monaco-list-row', { hasText: text });

    test('the second waits for the first, the status bar counts both, and its list stops them', async () => {
      const { page, server } = session;
      await startExperiment(page, 'endless');
      const engine = await theEngine(server);
      await closeEditors(page);
      await startExperiment(page, 'example');
      await isIn(page, 'queued').waitFor({ timeout: 30_000 });
      await statusItem(page, '1 running, 1 queued').locator('a').click();
      const picks = page.locator('.quick-input-list .monaco-list-row');
      await picks.filter({ hasText: 'queued, position 1' }).waitFor({ timeout: 15_000 });
      await page.screenshot({ path: path.join(SCREENSHOTS, 'queue.png') });
      await picks.filter({ hasText: 'Stop all runs' }).click();
      await isGone(engine);
      await statusItem(page, 'running').waitFor({ state: 'hidden', timeout: 15_000 });
      await closeEditors(page);
    });

    test('earlier runs stand in their view; a deleted one comes back', async () => {
      const { page } = session;
      await workbench.command(page, 'View: Show Recovery Lab');
      const stopped = rows(page, 'Stopped');
      await stopped.waitFor({ timeout: 30_000 });
      await page.screenshot({ path: path.join(SCREENSHOTS, 'runs-view.png') });
      await stopped.click();
      await isIn(page, 'cancelled').waitFor({ timeout: 30_000 });
      await stopped.click();
      await page.keyboard.press('Delete');
      await stopped.waitFor({ state: 'detached', timeout: 15_000 });
      await page.locator('.welcome-view-content', { hasText: 'No runs yet' }).waitFor({ timeout: 15_000 });
      const deleted = await workbench.notification(page, 'Deleted a run');
      await deleted.hover();
      await deleted.locator('.monaco-button', { hasText: 'Undo' }).click();
      await stopped.waitFor({ timeout: 15_000 });
      await closeEditors(page);
    });

    test('a test in the gutter runs its file and becomes green', async () => {
      const { page } = session;
      await workbench.command(page, 'View: Show Explorer');
      await workbench.openFile(page, 'quick.recovery.json');
      await page.locator('.testing-run-glyph').first().waitFor({ timeout: 60_000 });
      await page.locator('.testing-run-glyph').last().click();
      await page.locator('.editor-instance .codicon-testing-passed-icon').first().waitFor({ timeout: 60_000 });
      await page.screenshot({ path: path.join(SCREENSHOTS, 'tests.png') });
    });

    test('runs stand in the order of a result, and those that match what is typed', async () => {
      const { page } = session;
      await runFile(page, 'example');
      await workbench.command(page, 'View: Show Recovery Lab');
      /** Files of the view from the top to the bottom. */
      const files = async () => {
        const names = await rows(page, /\.recovery\.json\s*\d+ run/).evaluateAll((found) =>
          found.map((row) => [Number(row.dataset.index), /(\w+)\.recovery/.exec(row.textContent)[1]]),
        );
        return names
          .sort(([one], [other]) => one - other)
          .map(([, name]) => name)
          .join(' ');
      };
      await eventually('the latest first', async () => (await files()) === 'example quick endless', 30_000);
      await workbench.command(page, 'Recovery: Sort Runs…');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'recoveredFrom' }).click();
      // 5 and 7; one that was stopped has none.
      await eventually('the smallest first', async () => (await files()) === 'quick example endless', 30_000);
      await page.screenshot({ path: path.join(SCREENSHOTS, 'runs-sorted.png') });
      await workbench.command(page, 'Recovery: Filter Runs…');
      const input = page.locator('.quick-input-widget input.input');
      await input.fill('recoveredFrom=7');
      await eventually('those that match', async () => (await files()) === 'example', 30_000);
      await input.press('Escape');
      await eventually('all of them again', async () => (await files()) === 'quick example endless', 30_000);
    });
  });

  suite('a workspace that is not trusted', () => {
    let session;
    suiteSetup(async () => (session = await openWorkbench(EXPERIMENTS, { trust: false })));
    suiteTeardown(() => session.close());

    test('shows lenses and errors, and refuses to run with words', async () => {
      const { page, server } = session;
      await workbench.openFile(page, 'example.recovery.json');
      await workbench.codeLens(page, 'Predicted: 7 samples').waitFor({ timeout: 60_000 });
      await workbench.pressLens(page, 'Run');
      const words = await workbench.notification(page, 'do not run in Restricted Mode');
      await words.waitFor({ timeout: 30_000 });
      await page.screenshot({ path: path.join(SCREENSHOTS, 'restricted.png') });
      await workbench.command(page, 'View: Show Recovery Lab');
      await page.locator('.welcome-view-content', { hasText: 'do not run in Restricted Mode' }).waitFor({ timeout: 30_000 });
      assert.deepEqual(engines(server.pid), []);
    });
  });
}
