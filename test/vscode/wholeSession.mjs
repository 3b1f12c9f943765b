// A researcher's whole session with one experiment, step by step: what the test runs and the recording in the README shows.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { workbench } from '../host/workbench.mjs';
import { line, makeFile, misspell, noProblems, quickFix } from './editing.mjs';
import { theEngine, eventually, isGone, isIn } from './session.mjs';

/** However busy the machine is, what is waited for comes before this. */
const PATIENCE_MS = 240_000;
const FILE = 'completion';
/** Long enough to be stopped twice on a fast machine. */
const TRIALS = 5000;

const panel = (page) => workbench.webview(page);
const status = (page) => panel(page).locator('.status');
const rows = (page) => panel(page).locator('.results table:not([hidden]) tbody tr');
const button = (page, text) => panel(page).locator('vscode-button:visible', { hasText: text }).first();
const done = async (page) => Number(/([\d,\s]+) of/.exec(await status(page).innerText())?.[1].replace(/\D/g, '') ?? NaN);

async function isTraining(page) {
  await isIn(page, 'running').waitFor({ timeout: PATIENCE_MS });
  await rows(page).first().waitFor({ timeout: PATIENCE_MS });
}

/** Goes on by the panel's own button, and comes to have more than before. */
async function resume(session) {
  const { page, server } = session;
  await button(page, 'Resume').click({ timeout: PATIENCE_MS });
  await isTraining(page);
  await theEngine(server);
}

/** The only folder of a run, as all of the session is one run. */
function runFolder({ folder }) {
  const runs = path.join(folder, 'recovery-runs');
  const found = fs.readdirSync(runs).filter((name) => !name.startsWith('.'));
  assert.equal(found.length, 1, `one run, resumed: ${found.join(', ')}`);
  return path.join(runs, found[0]);
}

/** Chooses an export of the chart of test errors and takes the place that the dialog offers. */
async function exported({ page, folder }, item, name) {
  const chart = panel(page).locator('[data-chart="testError"]');
  await chart.scrollIntoViewIfNeeded();
  await chart.locator('.menu-anchor vscode-button').first().click();
  await chart.getByRole('menuitem', { name: item }).click();
  const input = page.locator('.quick-input-widget input.input');
  await eventually('the dialog', async () => (await input.inputValue().catch(() => '')).endsWith(name), PATIENCE_MS);
  await input.press('Enter');
  const file = path.join(folder, name);
  await eventually(name, () => fs.existsSync(file) && fs.statSync(file).size > 0, PATIENCE_MS);
  return fs.readFileSync(file, 'utf8');
}

/**
 * Steps in their order; each leaves the window as the next one finds it. `seen(words)` may take a picture of what is on the screen.
 */
export const WHOLE_SESSION = [
  {
    title: 'a new experiment from a published one',
    async act({ page }, seen) {
      await workbench.openFile(page, 'README.md');
      await makeFile(page, 'Matrix completion, 4x4, rank 1', FILE);
      await workbench.codeLens(page, 'Predicted: 7 samples').waitFor({ timeout: PATIENCE_MS });
      await noProblems(page);
      await workbench.closeOthers(page);
      await seen('new');
    },
  },
  {
    title: 'a wrong name, mended by its quick fix',
    async act({ page }, seen) {
      await misspell(page, 'trials', 2);
      await seen('misspelt');
      await quickFix(page, 'Change to "trials"');
      await seen('quick fix');
      await page.keyboard.press('Enter');
      await noProblems(page);
      const number = line(page, '"trials"').locator('span', { hasText: /^50$/ }).last();
      await number.dblclick();
      await page.keyboard.type(String(TRIALS));
      await line(page, `${(16 * TRIALS).toLocaleString('en')} trainings`).waitFor({ timeout: PATIENCE_MS });
      await page.keyboard.press('Control+s');
      await page.locator('.tab.active:not(.dirty)', { hasText: FILE }).waitFor({ timeout: PATIENCE_MS });
      await seen('mended');
    },
  },
  {
    title: 'a run by the lens, with points that arrive',
    async act({ page }, seen) {
      await workbench.pressLens(page, 'Run');
      await isTraining(page);
      await seen('running');
      const before = await done(page);
      await eventually('more trainings', async () => (await done(page)) > before, PATIENCE_MS);
      await seen('running');
    },
  },
  {
    title: 'stop, and the process is gone',
    async act({ page, server }, seen) {
      const engine = await theEngine(server);
      await workbench.pressLens(page, 'Stop');
      await isIn(page, 'cancelled').waitFor({ timeout: PATIENCE_MS });
      await isGone(engine);
      await seen('stopped');
    },
  },
  {
    title: 'resume, where it had stopped',
    async act(session, seen) {
      await resume(session);
      await seen('resumed');
    },
  },
  {
    title: 'a reload of the window in the middle: file, panel, lenses and the run in its view are there again',
    async act(session, seen) {
      const { page, server } = session;
      const before = await done(page);
      assert.equal(await status(page).getAttribute('data-state'), 'running');
      const engine = await theEngine(server);
      await workbench.reload(page);
      await isGone(engine);
      await page
        .locator('.tabs-container .tab', { hasText: `${FILE}.recovery.json` })
        .first()
        .waitFor({ timeout: PATIENCE_MS });
      await button(page, 'Resume').waitFor({ timeout: PATIENCE_MS });
      await rows(page).first().waitFor({ timeout: PATIENCE_MS });
      await workbench.codeLens(page, 'Run').waitFor({ timeout: PATIENCE_MS });
      await workbench.command(page, 'View: Show Recovery Lab');
      await page.locator('.pane-body .monaco-list-row', { hasText: 'Without an end' }).waitFor({ timeout: PATIENCE_MS });
      await seen('reloaded');
      await workbench.command(page, 'View: Show Explorer');
      await resume(session);
      await eventually('what it had before', async () => !((await done(page)) < before), PATIENCE_MS);
      await seen('resumed again');
    },
  },
  {
    title: 'the verdicts of all trainings, each done once',
    async act(session, seen) {
      const { page } = session;
      await isIn(page, 'finished').waitFor({ timeout: 2 * PATIENCE_MS });
      await panel(page).locator('li.verdict.met').nth(4).waitFor({ timeout: PATIENCE_MS });
      const summary = JSON.parse(fs.readFileSync(path.join(runFolder(session), 'summary.json'), 'utf8'));
      const trials = summary.results.sampleSizes.map((size) => size.trials);
      assert.deepEqual(trials, Array(16).fill(TRIALS));
      await seen('finished');
    },
  },
  {
    title: 'the published figure beside what was measured',
    async act({ page }, seen) {
      const table = panel(page).locator('[data-table="published"]');
      await table.scrollIntoViewIfNeeded();
      const cells = await table.locator('tbody td, tbody th').allInnerTexts();
      assert.deepEqual(cells, ['arXiv 2211.11623, Fig. 2, M1*', 'recovered from n', '7', '7']);
      const chart = panel(page).locator('[data-chart="testError"]');
      await chart.locator('.legend', { hasText: 'Published: arXiv 2211.11623' }).waitFor();
      await seen('published');
    },
  },
  {
    title: 'the chart as SVG and its numbers as CSV, in files beside the experiment',
    async act(session, seen) {
      const svg = await exported(session, 'Save as SVG…', `${FILE}-test-error.svg`);
      assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/m);
      for (const words of ['sample size n', 'test error', 'Published: arXiv 2211.11623']) assert.ok(svg.includes(words), words);
      const csv = await exported(session, 'Save data as CSV…', `${FILE}-test-error.csv`);
      const medians = csv
        .split('\r\n')
        .filter((row) => row.startsWith('"Median"') || row.startsWith('Median'))
        .map((row) => row.split(',').slice(2, 4).map(Number));
      const summary = JSON.parse(fs.readFileSync(path.join(runFolder(session), 'summary.json'), 'utf8'));
      assert.deepEqual(
        medians,
        summary.results.sampleSizes.map(({ sampleSize, medianTestError }) => [sampleSize, medianTestError]),
      );
      await seen('exported');
    },
  },
];
