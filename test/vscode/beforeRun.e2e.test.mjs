// What a person does before the first run: makes an experiment, reads the prediction, mends a name, and gets a verdict.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { workbench } from '../host/workbench.mjs';
import { beginNew, completion, line, makeFile, misspell, noProblems, picked, quickFix } from './editing.mjs';
import { isFolder, isIn, openWorkbench, pictureOfFailure, reloadWithTheme, SCREENSHOTS, THEMES } from './session.mjs';

const picture = (page, name) => page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
if (isFolder) {
  suite('a person before a run', () => {
    let session;
    suiteSetup(async () => {
      fs.mkdirSync(SCREENSHOTS, { recursive: true });
      session = await openWorkbench({ nothing: '' });
    });
    suiteTeardown(() => session.close());
    teardown(function () {
      return pictureOfFailure(session.page, this.currentTest);
    });

    test('makes an experiment from a template, with its prediction and no problems', async () => {
      const { page } = session;
      await workbench.openFile(page, 'nothing.recovery.json');
      await workbench.codeLens(page, '1 error to fix before it runs').waitFor({ timeout: 60_000 }); // our commands are known now
      await workbench.command(page, 'Recovery: New Experiment…');
      await picked(page, 'repopulation').waitFor({ timeout: 60_000 });
      await picture(page, 'new-experiment');
      await page.keyboard.press('Escape');
      await makeFile(page, 'Recovery of a 4x4', 'first');
      await workbench.codeLens(page, 'Predicted: 7 samples').waitFor({ timeout: 60_000 });
      await line(page, 'n* = 7').waitFor();
      await line(page, '90 trainings').waitFor();
      await noProblems(page);
      await picture(page, 'before-a-run');
    });

    test('reads formula and source where the mouse rests', async () => {
      const { page } = session;
      await page
        .locator('.view-lines span', { hasText: /^"sampleSizes"$/ })
        .first()
        .hover();
      const hover = page.locator('.monaco-hover:visible', { hasText: 'Predicted: 7 samples' }).first();
      await hover.waitFor({ timeout: 30_000 });
      await page.locator('.monaco-hover:visible', { hasText: 'How many training samples' }).first().waitFor();
      assert.equal(await hover.locator('a', { hasText: 'arXiv 2307.08921' }).count(), 1);
      await picture(page, 'hover-prediction');
      await page.keyboard.press('Escape');
    });

    test('mends a misspelt name with the keyboard', async () => {
      const { page } = session;
      await misspell(page, 'trials', 2); // "trals"
      await quickFix(page, 'Change to "trials"');
      await picture(page, 'quick-fix');
      await page.keyboard.press('Enter');
      await page.locator('.squiggly-error').first().waitFor({ state: 'detached', timeout: 30_000 });
      await line(page, '90 trainings').waitFor({ timeout: 30_000 });
      await page.keyboard.press('Control+s');
    });

    test('runs it, and the verdicts stand over the expectations', async () => {
      const { page } = session;
      await workbench.pressLens(page, 'Run');
      await workbench.codeLens(page, 'modelRank: met').waitFor({ timeout: 100_000 });
      await workbench.codeLens(page, 'recoveredFrom: met').waitFor();
      await line(page, /90\s+trainings,\s+about\s+\d+\s+s/).waitFor({ timeout: 30_000 });
    });

    for (const [name, theme] of Object.entries(THEMES)) {
      test(`sees lenses, hints and verdicts in ${name}`, async () => {
        const { page } = session;
        await reloadWithTheme(session, theme);
        await workbench.codeLens(page, 'modelRank: met').waitFor({ timeout: 100_000 });
        await line(page, /90\s+trainings,\s+about\s+\d+\s+s/).waitFor({ timeout: 30_000 });
        await isIn(page, 'finished').waitFor({ timeout: 30_000 });
        await picture(page, `verdicts-${name}`);
        await workbench.command(page, 'Welcome: Open Walkthrough...');
        await picked(page, 'A first verdict').click({ timeout: 30_000 });
        await workbench.command(page, 'View: Toggle Maximize Editor Group'); // pictures need the room
        await page.locator('.getting-started-step', { hasText: 'Read the verdicts' }).first().click({ timeout: 60_000 });
        await page.waitForTimeout(1000); // the picture comes by a web view
        await picture(page, `walkthrough-${name}`);
        assert.equal(await page.locator('.getting-started-step').count(), 5);
        await workbench.command(page, 'View: Toggle Maximize Editor Group');
        await workbench.command(page, 'View: Close Editor');
      });
    }

    test('fills an empty file from completion', async () => {
      const { page } = session;
      await workbench.openFile(page, 'nothing.recovery.json');
      await page.locator('.monaco-editor .view-lines').last().click();
      const geometry = await completion(page, 'geometry');
      await picture(page, 'completion');
      await geometry.click();
      await line(page, 'n = 4 … 5, all from 7').waitFor({ timeout: 30_000 });
      await noProblems(page);
      await picture(page, 'geometry-hints');
    });

    test('makes an untitled experiment from the gallery', async () => {
      const { page } = session;
      await beginNew(page, 'Quick start: a 3x3');
      await page.locator('.quick-input-widget input.input').fill('Untitled');
      await picked(page, 'Untitled').waitFor();
      await page.keyboard.press('Enter'); // a hover may lie over the list
      await page.locator('.tabs-container .tab.active', { hasText: 'quick-start.recovery.json' }).waitFor({ timeout: 30_000 });
      await workbench.codeLens(page, 'Predicted: 5 samples').waitFor({ timeout: 60_000 });
      await noProblems(page);
    });
  });
}
