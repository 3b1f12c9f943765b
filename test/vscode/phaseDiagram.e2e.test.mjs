// What a person does with a phase diagram: chooses a cell, looks at its trials and at what they found, and takes the cell further; and
// with one training: goes through its Hessian spectra.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { workbench } from '../host/workbench.mjs';
import {
  eventually,
  isFolder,
  isIn,
  openWorkbench,
  pictureOfFailure,
  reloadWithTheme,
  root,
  runFile,
  SCREENSHOTS,
  THEMES,
} from './session.mjs';

const EXPERIMENT = `// One tanh neuron, learned by networks of three widths.
{
  "experiment": "recovery",
  "model": { "kind": "twoLayer", "activation": "tanh", "inputs": 1, "width": 4 },
  "target": { "kind": "teacher", "neurons": [{ "outputWeight": 1, "inputWeights": [2] }] },
  "vary": { "kind": "width", "values": [2, 4, 8] },
  "data": { "sampleSizes": { "from": 2, "to": 6 }, "inputs": { "kind": "uniform", "low": -2, "high": 2 }, "testSamples": 200 },
  "training": {
    "optimizer": { "kind": "adam", "learningRate": 0.01 },
    "initialization": { "kind": "normal", "scale": 0.1 },
    "stop": { "trainLoss": 1e-9, "steps": 1500 },
    "trials": 6,
    "seed": 11,
  },
}
`;

const SPECTRA = `// Spectra on the way of one training.
{
  "experiment": "recovery",
  "model": { "kind": "matrixFactorization", "rows": 3, "columns": 3 },
  "target": { "kind": "lowRank", "rank": 1, "seed": 3 },
  "data": { "sampleSizes": 5, "inputs": { "kind": "entries", "order": "bestConditioned" } },
  "training": { "stop": { "trainLoss": 1e-9, "steps": 20000 }, "trials": 1 },
  "analysis": { "hessian": "full", "hessianEvery": { "perDecade": 4 } },
}
`;

const SEARCH = fs.readFileSync(path.join(root, 'examples/search-matrix.recovery.json'), 'utf8');

if (isFolder) {
  suite('a person with a phase diagram', () => {
    let session;
    suiteSetup(async () => {
      fs.mkdirSync(SCREENSHOTS, { recursive: true });
      session = await openWorkbench({ widths: EXPERIMENT, spectra: SPECTRA, search: SEARCH });
    });
    suiteTeardown(() => session.close());
    teardown(function () {
      return pictureOfFailure(session.page, this.currentTest);
    });
    const picture = (page, name) => page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
    const hessian = (page) => workbench.webview(page).locator('[data-chart=hessian]');
    const scrubber = (page) => hessian(page).getByRole('slider', { name: 'Spectrum at' });
    const place = (page) => scrubber(page).getAttribute('aria-valuetext');

    test('goes through the Hessian spectra of a training with the keys of a slider', async () => {
      const { page } = session;
      await workbench.openFile(page, 'spectra.recovery.json');
      await workbench.pressLens(page, 'Run');
      await workbench.webview(page).locator('h1', { hasText: 'spectra' }).waitFor({ timeout: 60_000 });
      await isIn(page, 'finished').waitFor({ timeout: 100_000 });
      await eventually('the solution', async () => /^solution, step \d.*, loss /.test(await place(page)), 30_000);
      await scrubber(page).focus();
      await page.keyboard.press('Home');
      await eventually('the start', async () => /^step 0, loss /.test(await place(page)), 10_000);
      const summary = hessian(page).locator('.chart-summary');
      await eventually('the spectrum of the start', async () => /, step 0, loss/.test(await summary.innerText()), 10_000);
      await page.keyboard.press('PageUp');
      await page.keyboard.press('ArrowRight');
      await eventually('a later one', async () => /^step [1-9].*, loss /.test(await place(page)), 10_000);
    });

    for (const [name, theme] of Object.entries(THEMES)) {
      test(`finds the spectrum again after a reload, in ${name}`, async () => {
        const { page } = session;
        const before = await place(page);
        await page.waitForTimeout(500); // choices are gathered before the host hears of them
        await reloadWithTheme(session, theme);
        await eventually('the same step', async () => (await place(page)) === before, 60_000);
        await hessian(page).evaluate((element) => element.scrollIntoView({ block: 'center' }));
        await page.waitForTimeout(500); // charts draw themselves once they are in sight
        await picture(page, `scrubber-${name}`);
        await scrubber(page).focus();
        await page.keyboard.press('ArrowRight');
        await eventually('the next step', async () => (await place(page)) !== before, 10_000);
      });
    }

    const chart = (page, id) => workbench.webview(page).locator(`[data-chart=figure-${id}]`);
    const trials = (page) => workbench.webview(page).locator('.trials');
    /** Chooses the middle of the map: the second width at the third sample size. */
    async function chooseMiddle(page) {
      const plot = chart(page, 'phaseDiagram').locator('.plot');
      await plot.scrollIntoViewIfNeeded();
      const { width, height } = await plot.boundingBox();
      await plot.click({ position: { x: width * 0.54, y: height * 0.44 } });
      await trials(page).locator('h3', { hasText: 'Trials of width 4, n = 4' }).waitFor({ timeout: 30_000 });
    }

    test('sees the trials of a size that a search looked at, and that of another it took none', async () => {
      const { page } = session;
      await runFile(page, 'search');
      const plot = chart(page, 'phaseDiagram').locator('.plot');
      await plot.scrollIntoViewIfNeeded();
      const { width, height } = await plot.boundingBox();
      await plot.click({ position: { x: width * 0.6, y: height * 0.45 } });
      const title = () => trials(page).locator('h3').innerText();
      /** Goes there cell by cell, as the keys do; the map says where it is. */
      const goTo = async (row, size) => {
        await trials(page).locator('h3').waitFor({ timeout: 30_000 });
        await plot.focus();
        for (let left = 20; left > 0; left--) {
          const [, name, n] = /^Trials of (.*), n\s=\s(\d+)$/.exec(await title());
          if (name === row && Number(n) === size) return;
          const before = await title();
          const rows = ['M1*, rank 1', 'M3*, rank 2', 'M6*, rank 3'];
          if (name !== row) await page.keyboard.press(rows.indexOf(name) < rows.indexOf(row) ? 'ArrowUp' : 'ArrowDown');
          else await page.keyboard.press(Number(n) < size ? 'ArrowRight' : 'ArrowLeft');
          await eventually('the next cell', async () => (await title()) !== before, 30_000);
        }
        assert.fail(`did not come to ${row}, n = ${size}, but to ${await title()}`);
      };
      await goTo('M3*, rank 2', 12);
      const rows = trials(page).locator('tbody tr');
      await eventually('trials', async () => (await rows.count()) === 16, 30_000);
      await eventually('all recovered', async () => (await rows.allInnerTexts()).every((text) => /yes/.test(text)), 30_000);
      await rows
        .nth(2)
        .getByRole('button', { name: /^Loss curve/ })
        .click();
      await chart(page, 'phaseDiagram-trial')
        .locator('h3', { hasText: 'M3*, rank 2, n = 12, trial 2' })
        .waitFor({ timeout: 30_000 });
      await picture(page, 'search-cell');
      await goTo('M3*, rank 2', 11);
      await eventually('none recovered', async () => (await rows.allInnerTexts()).every((text) => /no/.test(text)), 30_000);
      await goTo('M3*, rank 2', 9);
      await trials(page).locator('.chart-note', { hasText: 'No trials of this cell' }).waitFor({ timeout: 30_000 });
    });

    test('saves the map under a name typed into the dialog, and nothing where it is left', async () => {
      const { page, folder } = session;
      const input = page.locator('.quick-input-widget input.input');
      const save = async (item, offered) => {
        await chart(page, 'phaseDiagram').locator('.menu-anchor vscode-button').first().click();
        await chart(page, 'phaseDiagram').getByRole('menuitem', { name: item }).click();
        await eventually('the dialog', async () => (await input.inputValue().catch(() => '')).endsWith(offered), 60_000);
      };
      await save('Save as SVG…', '.svg');
      await page.keyboard.press('Escape');
      await input.waitFor({ state: 'hidden', timeout: 30_000 });
      await save('Save data as CSV…', '.csv');
      const file = path.join(folder, 'map of the search.csv');
      await input.fill(file);
      await input.press('Enter');
      await eventually('the file', () => fs.existsSync(file) && fs.statSync(file).size > 0, 30_000);
      assert.match(fs.readFileSync(file, 'utf8'), /M3\*, rank 2/);
      assert.deepEqual(
        fs.readdirSync(folder).filter((name) => name.endsWith('.svg')),
        [],
      );
    });

    test('sees the trials of a cell, and the loss curve of one', async () => {
      const { page } = session;
      await runFile(page, 'widths');
      await chooseMiddle(page);
      const rows = trials(page).locator('tbody tr');
      await eventually('six trials', async () => (await rows.count()) === 6, 30_000);
      assert.match(await rows.nth(3).innerText(), /^3\t/);
      await rows
        .nth(3)
        .getByRole('button', { name: /^Loss curve/ })
        .click();
      await chart(page, 'phaseDiagram-trial').locator('h3', { hasText: 'width 4, n = 4, trial 3' }).waitFor({ timeout: 30_000 });
      assert.match(await chart(page, 'recoveredFunction').locator('.chart-summary').innerText(), /^width 4, n = 4, trial \d/);
    });

    for (const [name, theme] of Object.entries(THEMES)) {
      test(`looks right in ${name}, trials and all, also after a reload`, async () => {
        const { page } = session;
        await reloadWithTheme(session, theme);
        await isIn(page, 'finished').waitFor({ timeout: 60_000 });
        await chooseMiddle(page);
        const rows = trials(page).locator('tbody tr');
        await eventually('six trials', async () => (await rows.count()) === 6, 30_000);
        await rows
          .nth(0)
          .getByRole('button', { name: /^Loss curve/ })
          .click();
        await chart(page, 'phaseDiagram-trial').waitFor({ timeout: 30_000 });
        for (const id of [
          'phaseDiagram',
          'phaseDiagram-column',
          'phaseDiagram-trial',
          'recoveredFunction',
          'condensation',
          'parameterTrajectories',
        ]) {
          await chart(page, id).evaluate((element) => element.scrollIntoView({ block: 'start' }));
          await page.waitForTimeout(500); // charts draw themselves once they are in sight
          await picture(page, `cell-${name}-${id}`);
        }
      });
    }

    test('opens the cell as an experiment of its own, which is not saved and has its value, size, seed and trials', async () => {
      const { page } = session;
      await trials(page)
        .getByRole('button', { name: /^Open width 4, n = 4 as an experiment of its own/ })
        .click();
      await page
        .locator('.tabs-container .tab.active', { hasText: 'widths-width-4-n-4.recovery.json' })
        .waitFor({ timeout: 30_000 });
      const text = async () => (await page.locator('.editor-instance .view-lines').last().innerText()).replace(/\u00a0/g, ' ');
      // A hint may stand right behind a number.
      await eventually('the text of the cell', async () => /"sampleSizes": 4(?!\d)/.test(await text()), 30_000);
      const content = await text();
      assert.match(content, /One tanh neuron/);
      assert.match(content, /"width": 4/);
      assert.match(content, /"seed": 11/);
      assert.match(content, /"trials": 6/);
      assert.doesNotMatch(content, /"vary"/);
      assert.deepEqual(
        fs
          .readdirSync(session.folder)
          .filter((name) => name.endsWith('.recovery.json'))
          .sort(),
        ['search.recovery.json', 'spectra.recovery.json', 'widths.recovery.json'],
      );
      await picture(page, 'cell-experiment');
    });

    test('opens one trial of it alone', async () => {
      const { page } = session;
      await page.locator('.tabs-container .tab', { hasText: 'Results: widths' }).click();
      await chooseMiddle(page);
      const rows = trials(page).locator('tbody tr');
      await eventually('six trials', async () => (await rows.count()) === 6, 30_000);
      await trials(page)
        .getByRole('button', { name: /^Open trial 3 of width 4, n = 4 as an experiment/ })
        .click();
      await page
        .locator('.tabs-container .tab.active', { hasText: 'widths-width-4-n-4-trial-3.recovery.json' })
        .waitFor({ timeout: 30_000 });
      const text = async () => (await page.locator('.editor-instance .view-lines').last().innerText()).replace(/\u00a0/g, ' ');
      await eventually('its number', async () => /"firstTrial": 3(?!\d)/.test(await text()), 30_000);
      // The hint "1 training" may stand right behind the number.
      assert.match(await text(), /"trials": 1(?:1 training)?,/);
      assert.match(await text(), /"sampleSizes": 4(?!\d)/);
    });
  });
}
