import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrialReader, trialLine, type CellTrials, type TrialFacts } from '../../src/protocol/trials';
import * as strings from '../../src/webview/strings';
import { WebviewBrowser, snapshot } from './browser';
import { recordOf } from './fixture';
import { FIGURES, studyEvents } from './studyFixture';

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

const facts = (trial: number): TrialFacts => ({
  variant: 1,
  sampleSize: 3,
  trial,
  seed: 7,
  trainLoss: 10 ** -trial,
  testError: trial === 2 ? null : 0.2,
  steps: 1000 + trial,
  stopReason: trial === 2 ? 'diverged' : 'trainLoss',
  recovered: trial !== 2,
});
const curve = { steps: [0, 1, 10, 100], losses: [1, 0.5, 0.1, 0.01] };
const lines = [2, 0, 1].map((trial) => trialLine(facts(trial), curve));

const diagram = {
  ...FIGURES.find(({ id }) => id === 'heat')!,
  layers: FIGURES.find(({ id }) => id === 'heat')!.layers.map((layer) =>
    layer.kind === 'heatMap' ? { ...layer, trials: true } : layer,
  ),
};
const withTrials = () =>
  recordOf(
    studyEvents().map((event) => (event.type === 'figure' && event.figure.id === 'heat' ? { ...event, figure: diagram } : event)),
    'run-study',
  );

/** What the host answers, from the lines of a run folder. */
function answer(open: number | null, from = lines): CellTrials {
  const reader = new TrialReader({ variant: 1, sampleSize: 3 }, open);
  for (const line of from) reader.add(line.trimEnd());
  return reader.result();
}

describe('lines of trainings', () => {
  it('are read back in the order of trials, those of the cell alone, with the curve that is wanted', () => {
    const others = [
      trialLine({ ...facts(0), variant: 11 }, curve),
      trialLine({ ...facts(0), sampleSize: 30 }, curve),
      lines[0]!.slice(0, -20),
      'null',
    ];
    expect(answer(1, [...others, ...lines])).toEqual({
      variant: 1,
      sampleSize: 3,
      trials: [facts(0), facts(1), facts(2)],
      count: 3,
      opened: { trial: 1, curve },
    });
    expect(answer(9).opened).toBeNull();
  });
});

describe('the trials of a cell', () => {
  it.each(['light', 'dark'] as const)('are asked for, shown, and opened, in the theme %s', async (theme) => {
    const page = await browser.open({ height: 2000, theme });
    await page.send(snapshot(withTrials()));
    const plot = page.page.locator('[data-chart=figure-heat] .plot');
    const box = (await plot.boundingBox())!;
    await page.page.mouse.click(box.x + box.width * 0.55, box.y + box.height * 0.45);
    await page.drawn();
    const cell = { variant: 1, sampleSize: 3 };
    const last = async () => (await page.posted()).filter(({ type }) => type !== 'view').at(-1);
    expect(await last()).toEqual({ type: 'trials', cell, open: null });
    const block = page.page.locator('.trials');
    expect(await block.innerText()).toContain(strings.trials.asking);
    await page.send({ type: 'trials', cell: { variant: 2, sampleSize: 3 }, found: null });
    expect(await block.innerText()).toContain(strings.trials.asking);
    await page.send({ type: 'trials', cell, found: answer(null) });
    await page.drawn();
    expect(await block.locator('h3').innerText()).toBe(strings.trials.title('m = 4', 3));
    expect(await block.innerText()).toContain(strings.trials.seed(7));
    const rows = await block.locator('tbody tr').allInnerTexts();
    expect(
      rows.map((row) =>
        row
          .split('\t')
          .slice(0, 6)
          .map((text) => text.replace(/\s/g, ' ')),
      ),
    ).toEqual([
      ['0', '0.2', '1', '1000', strings.stopReasons.trainLoss, strings.tables.yes],
      ['1', '0.2', '0.1', '1001', strings.stopReasons.trainLoss, strings.tables.yes],
      ['2', '–', '0.01', '1002', strings.stopReasons.diverged, strings.tables.no],
    ]);
    // Enter on the chosen cell goes into the table, Enter there opens a training.
    await plot.focus();
    await page.page.keyboard.press('Enter');
    // Over the way to the first training alone.
    await page.page.keyboard.press('Tab');
    await page.page.keyboard.press('Tab');
    await page.page.keyboard.press('Enter');
    await page.drawn();
    expect(await last()).toEqual({ type: 'trials', cell, open: 1 });
    await page.send({ type: 'trials', cell, found: answer(1) });
    await page.drawn();
    const chart = page.page.locator('[data-chart=figure-heat-trial]');
    expect(await chart.locator('h3').innerText()).toBe(strings.trials.curve('m = 4', 3, 1));
    expect(await page.ink('figure-heat-trial')).toBeGreaterThan(1000);
    expect(await page.page.evaluate(`document.activeElement?.getAttribute('data-trial')`)).toBe('1');
    await page.screenshot(`trials-${theme}`);
    await page.page.getByRole('button', { name: strings.trials.runLabel('m = 4', 3) }).click();
    expect(await last()).toEqual({ type: 'openCell', cell, trial: null });
    await block.getByRole('button', { name: strings.trials.aloneLabel(2, 'm = 4', 3), exact: true }).click();
    expect(await last()).toEqual({ type: 'openCell', cell, trial: 2 });
    await plot.focus();
    await page.page.keyboard.press('Escape');
    await page.drawn();
    expect(await block.count()).toBe(0);
    expect(await chart.count()).toBe(0);
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });

  it('are asked for again while the map changes, and a run without them says so', async () => {
    const page = await browser.open({ height: 1600 });
    await page.send(snapshot(withTrials()));
    const plot = page.page.locator('[data-chart=figure-heat] .plot');
    await plot.focus();
    await page.page.keyboard.press('Enter');
    await page.drawn();
    const cell = { variant: 0, sampleSize: 1 };
    await page.send({ type: 'trials', cell, found: null });
    await page.drawn();
    expect(await page.page.locator('.trials').innerText()).toContain(strings.trials.none);
    const asked = async () => (await page.posted()).filter(({ type }) => type === 'trials').length;
    expect(await asked()).toBe(1);
    for (let k = 0; k < 5; k++) await page.send({ type: 'events', events: [{ type: 'figure', figure: { ...diagram } }] });
    await expect.poll(asked, { timeout: 5000 }).toBe(2);
    await page.close();
  });

  it('are no matter of maps of other things, nor of reports', async () => {
    const report = await browser.open({ report: withTrials(), height: 1600 });
    await report.drawn();
    await report.page.locator('[data-chart=figure-heat] .plot').focus();
    await report.page.keyboard.press('Enter');
    await report.drawn();
    expect(await report.page.locator('[data-chart=figure-heat-row]').count()).toBe(1);
    expect(await report.page.locator('.trials').count()).toBe(0);
    await report.close();
    const page = await browser.open({ height: 1600 });
    await page.send(snapshot(recordOf(studyEvents(), 'run-study')));
    await page.page.locator('[data-chart=figure-heat] .plot').focus();
    await page.page.keyboard.press('Enter');
    await page.drawn();
    expect((await page.posted()).filter(({ type }) => type === 'trials')).toEqual([]);
    await page.close();
  });
});
