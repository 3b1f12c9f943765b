// The display language is German: what the extension says is, too, from the lens to the panel.
import fs from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import { workbench } from '../host/workbench.mjs';
import { isFolder, isIn, openWorkbench, pictureOfFailure, root, SCREENSHOTS } from './session.mjs';

const quick = fs.readFileSync(path.join(root, 'examples/quick-start.recovery.json'), 'utf8');

if (isFolder) {
  suite('in German', () => {
    let session;
    suiteSetup(async () => {
      fs.mkdirSync(SCREENSHOTS, { recursive: true });
      session = await openWorkbench({ quick, broken: quick.replace('"rows": 3', '"rows": -3') }, { language: 'de' });
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
      const text = await panel.locator('body').innerText();
      for (const words of ['Urteile', 'Erfüllt', 'Testfehler gegen Stichprobengröße', 'Ergebnisse nach Stichprobengröße'])
        assert.ok(text.includes(words), words);
      await page.screenshot({ path: path.join(SCREENSHOTS, 'german.png') });
    });
  });
}
