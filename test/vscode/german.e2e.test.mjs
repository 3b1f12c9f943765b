// The display language is German: what the extension says is, too, from the lens to the panel.
import fs from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import { workbench } from '../host/workbench.mjs';
import { completion, misspell, quickFix } from './editing.mjs';
import { eventually, isFolder, isIn, openWorkbench, pictureOfFailure, root, SCREENSHOTS } from './session.mjs';

/** Rests the mouse on a text of the file until what is told there has these words. */
async function hoverOn(page, text, words) {
  const told = page.locator('.monaco-hover:visible', { hasText: words }).first();
  // Lines move when lenses come: whoever rested on the wrong one looks again.
  for (let left = 5; ; left--) {
    await page.mouse.move(0, 0);
    await page.locator('.view-lines span', { hasText: text }).last().hover();
    const isTold = await told.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (isTold) return;
    if (left === 0) throw new Error(`nothing says "${words}" over ${text}`);
  }
}

/** Whether a page says this, and not that. */
async function says(page, words, others = []) {
  const text = await page.locator('body').innerText();
  for (const each of words) assert.ok(text.includes(each), `${each} in ${text}`);
  for (const each of others) assert.ok(!text.includes(each), each);
}

const branches = fs.readFileSync(path.join(root, 'examples/geometry-branches-2-1.recovery.json'), 'utf8');
const deep = fs.readFileSync(path.join(root, 'examples/rank-deep-tanh.recovery.json'), 'utf8');
const quick = fs.readFileSync(path.join(root, 'examples/quick-start.recovery.json'), 'utf8');

if (isFolder) {
  suite('in German', () => {
    let session;
    suiteSetup(async () => {
      fs.mkdirSync(SCREENSHOTS, { recursive: true });
      session = await openWorkbench(
        {
          quick,
          broken: quick.replace('"rows": 3', '"rows": -3'),
          nothing: '',
          branches,
          lost: deep.replace('{ "kind": "null" }', '{ "kind": "file", "file": "gone.npz" }'),
        },
        { language: 'de' },
      );
    });
    suiteTeardown(() => session.close());
    teardown(function () {
      return pictureOfFailure(session.page, this.currentTest);
    });

    test('lens, run, panel and verdicts speak German', async () => {
      const { page } = session;
      await workbench.openFile(page, 'quick.recovery.json');
      await workbench.codeLens(page, 'Vorhersage: 5 Daten').waitFor({ timeout: 60_000 });
      await workbench.pressLens(page, 'Starten');
      await isIn(page, 'finished').waitFor({ timeout: 60_000 });
      const panel = workbench.webview(page);
      await panel.locator('vscode-button:visible', { hasText: 'Noch einmal starten' }).waitFor();
      await says(panel, ['Urteile', 'Erfüllt', 'Testfehler gegen Stichprobengröße', 'Ergebnisse nach Stichprobengröße']);
      await page.screenshot({ path: path.join(SCREENSHOTS, 'german.png') });
    });

    test('a report opens in German, and is stored in English', async () => {
      const { page, folder } = session;
      await workbench.webview(page).locator('vscode-button:visible', { hasText: 'Bericht öffnen' }).click({ timeout: 60_000 });
      const input = page.locator('.quick-input-widget input.input');
      await eventually('the dialog', async () => (await input.inputValue().catch(() => '')).endsWith('.html'), 30_000);
      const runs = path.join(folder, 'recovery-runs');
      const [run] = fs.readdirSync(runs).filter((name) => name.startsWith('quick'));
      const file = path.join(runs, `${run}.html`);
      await input.press('Enter');
      await eventually('the report', () => fs.existsSync(file) && fs.statSync(file).size > 0, 30_000);
      const stored = path.join(runs, run, 'report.html');
      assert.match(fs.readFileSync(stored, 'utf8'), /<html lang="en">/);
      assert.equal(fs.existsSync(path.join(runs, run, `${run}.html`)), false);
      const report = await page.context().newPage();
      await report.setContent(fs.readFileSync(file, 'utf8'));
      await report.locator('footer', { hasText: 'Lauf begonnen' }).waitFor({ timeout: 30_000 });
      await says(
        report,
        ['Urteile', 'Testfehler gegen Stichprobengröße', 'Wiedergewinnungs-Experiment', 'Erfüllt'],
        ['Verdicts', 'expected', 'Sample size', 'Trials'],
      );
      await report.screenshot({ path: path.join(SCREENSHOTS, 'german-report.png') });
      await report.close();
      await page.bringToFront();
    });

    test('problems, quick fixes, hovers and completion speak German', async () => {
      const { page } = session;
      await workbench.openFile(page, 'broken.recovery.json');
      await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });
      await hoverOn(page, '-3', '"rows": Erlaubt ist eine ganze Zahl von 1 bis 10000, nicht -3.');
      await page.screenshot({ path: path.join(SCREENSHOTS, 'german-problem.png') });
      await hoverOn(page, '"sampleSizes"', 'Wie viele Trainingsdaten: eine Zahl, eine Liste oder ein Bereich.');
      await page.screenshot({ path: path.join(SCREENSHOTS, 'german-hover.png') });
      await misspell(page, 'training', 2); // "trining"
      await hoverOn(page, '"trining"', 'Unbekannte Eigenschaft "trining". Meinten Sie "training"?');
      await (await quickFix(page, 'In „training“ ändern')).waitFor();
      await page.keyboard.press('Escape');
      await workbench.openFile(page, 'nothing.recovery.json');
      await completion(page, 'geometry');
      await page.keyboard.press('Control+Space'); // what is explained beside the list
      await page
        .locator('.suggest-details', { hasText: 'Zweige der globalen Minima eines zweischichtigen Netzes' })
        .waitFor({ timeout: 30_000 });
      await page.screenshot({ path: path.join(SCREENSHOTS, 'german-completion.png') });
      await page.keyboard.press('Escape');
    });

    test('figures of the engine speak German', async () => {
      const { page } = session;
      await workbench.openFile(page, 'branches.recovery.json');
      await workbench.pressLens(page, 'Starten');
      await isIn(page, 'finished', 'branches').waitFor({ timeout: 60_000 });
      const panel = workbench.webview(page);
      await panel.locator('body', { hasText: 'Wann sich Zweige trennen' }).waitFor({ timeout: 30_000 });
      await says(
        panel,
        ['Verband der Zweige', 'Kodimension', 'Zweige der globalen Minima: 3 in 2 Arten', 'Getrennt ab n'],
        ['Lattice', 'Codimension', 'When branches', 'sample size'],
      );
      await page.screenshot({ path: path.join(SCREENSHOTS, 'german-figures.png') });
    });

    test('a run that fails says why in German: in the panel, in a notification and in the file', async () => {
      const { page } = session;
      await workbench.openFile(page, 'lost.recovery.json');
      await workbench.pressLens(page, 'Starten');
      const words = 'gone.npz: Es gibt keine solche Datei.';
      await workbench.webview(page).locator('.status', { hasText: words }).waitFor({ timeout: 60_000 });
      await hoverOn(page, '"gone.npz"', words);
      const told = await workbench.notification(page, 'lost.recovery.json kam nicht zum Ende.');
      assert.ok((await told.innerText()).includes(words));
      await page.screenshot({ path: path.join(SCREENSHOTS, 'german-failure.png') });
    });
  });
}
