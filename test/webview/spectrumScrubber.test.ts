import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineEvent, SpectrumMeasurement } from '../../src/protocol/events';
import { indexOfPlace, spectrumPlaces } from '../../src/webview/charts/spectrumPlaces';
import * as strings from '../../src/webview/strings';
import { EMPTY_VIEW, WebviewBrowser, snapshot, type WebviewPage } from './browser';
import { accepted, generator, recordOf, spectrum } from './fixture';

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

const KEY = { sampleSize: 7, trial: 0 };
const STEPS = [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];
const random = generator(5);
const measurements = STEPS.map(() => spectrum(random, 32, 7));
const spectrumAt = (i: number): EngineEvent[] => [
  { type: 'curve', ...KEY, steps: [STEPS[i]!], losses: [10 ** -i] },
  { type: 'spectrum', ...KEY, measurement: measurements[i]!, step: STEPS[i]! },
];
const begun = (spectra: number): EngineEvent[] => [
  { type: 'hello', protocol: 1, engine: '0.1.0', pid: 1 },
  accepted({ sizes: [7], trials: 1 }),
  { type: 'phase', phase: 'training' },
  ...STEPS.slice(0, spectra).flatMap((_, i) => spectrumAt(i)),
];
const ended = (hessian: SpectrumMeasurement): EngineEvent => ({
  type: 'cell',
  cell: {
    ...KEY,
    trainLoss: 1e-12,
    testError: 1e-11,
    steps: 123_456,
    stopReason: 'trainLoss',
    recovered: true,
    gradientNorm: 1e-7,
    hessian,
  },
});

const slider = (page: WebviewPage) => page.page.getByRole('slider', { name: strings.hessian.at, exact: true });
const follow = (page: WebviewPage) => page.page.getByRole('checkbox', { name: strings.hessian.newest, exact: true });
const words = async (page: WebviewPage) => (await slider(page).getAttribute('aria-valuetext'))!.replace(/\s/g, ' ');
const largest = async (page: WebviewPage) => {
  await page.drawn();
  return page.page.locator('#table-hessian tbody tr').first().locator('td').first().innerText();
};
const isFollowing = (page: WebviewPage) => follow(page).evaluate((box) => (box as unknown as { checked: boolean }).checked);

describe('places of spectra', () => {
  const places = spectrumPlaces(recordOf([...begun(4), ended(measurements[4]!)]), '7/0');

  it('go from the start to the solution, with the loss of the step', () => {
    expect(places.map(({ at }) => at)).toEqual([0, 1, 3, 10, 'solution']);
    expect(places.map(({ label }) => label.replace(/\s/g, ' '))).toEqual([
      'step 0, loss 1',
      'step 1, loss 0.1',
      'step 3, loss 0.01',
      'step 10, loss 0.001',
      'solution, step 123 456, loss 10⁻¹²',
    ]);
  });

  it('say of which step a loss is only as far as the thinned curve knows it', () => {
    const record = recordOf([...begun(0), { type: 'curve', ...KEY, steps: [0, 100, 110], losses: [1, 0.5, 0.4] }]);
    record.histories['7/0'] = {
      spectra: [0, 50, 103, 109].map((step) => ({ step, measurement: measurements[0]! })),
      stride: 1,
      arrived: 4,
    };
    expect(spectrumPlaces(record, '7/0').map(({ label }) => label)).toEqual([
      'step 0, loss 1',
      'step 50',
      'step 103, loss about 0.5',
      'step 109, loss about 0.4',
    ]);
    expect(spectrumPlaces(record, null)).toEqual([]);
  });

  it('are found again by their step, or the closest one where it was thinned out', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1e6), { minLength: 1, maxLength: 50 }), fc.nat(1e6), (steps, chosen) => {
        const all = steps.sort((a, b) => a - b).map((step) => ({ at: step, step, label: '', measurement: measurements[0]! }));
        const found = all[indexOfPlace(all, chosen)]!;
        for (const { step } of all) expect(Math.abs(found.step - chosen)).toBeLessThanOrEqual(Math.abs(step - chosen));
        expect(indexOfPlace(all, null)).toBe(all.length - 1);
        expect(indexOfPlace(all, 'solution')).toBe(all.length - 1);
      }),
    );
  });
});

describe('the scrubber over the spectra of a training', () => {
  it.each(['dark', 'light', 'highContrast'] as const)(
    'follows the newest, is moved by keys, and says where it stands (%s)',
    async (theme) => {
      const page = await browser.open({ height: 1500, theme, reducedMotion: 'reduce' });
      await page.send({ ...snapshot(recordOf(begun(5))), view: { ...EMPTY_VIEW, openTables: ['hessian'] } });
      const top = (i: number) => Math.max(...measurements[i]!.eigenvalues.map(Math.abs)).toPrecision(3);
      const shown = async () => Number(await largest(page)).toPrecision(3);
      expect(await words(page)).toBe('step 30, loss 10⁻⁴');
      expect(await isFollowing(page)).toBe(true);

      // It follows.
      await page.send({ type: 'events', events: spectrumAt(5) });
      await expect.poll(() => words(page)).toBe('step 100, loss 10⁻⁵');
      expect(await shown()).toBe(top(5));

      // Moved, it stays where it is while others come.
      await slider(page).focus();
      await page.page.keyboard.press('ArrowLeft');
      expect(await words(page)).toBe('step 30, loss 10⁻⁴');
      expect(await shown()).toBe(top(4));
      expect(await isFollowing(page)).toBe(false);
      await page.send({ type: 'events', events: [6, 7, 8, 9, 10, 11].flatMap(spectrumAt) });
      await expect.poll(() => slider(page).getAttribute('max')).toBe('11');
      expect(await words(page)).toBe('step 30, loss 10⁻⁴');

      const press = async (key: string) => {
        await page.page.keyboard.press(key);
        return words(page);
      };
      expect(await press('Home')).toBe('step 0, loss 1');
      expect(await shown()).toBe(top(0));
      expect(await press('ArrowUp')).toBe('step 1, loss 0.1');
      expect(await press('End')).toBe('step 100 000, loss 10⁻¹¹');
      expect(await shown()).toBe(top(11));
      const paged = await press('PageDown');
      expect(paged).not.toBe('step 100 000, loss 10⁻¹¹');
      expect(await press('PageUp')).toBe('step 100 000, loss 10⁻¹¹');
      await press('Home');
      await press('ArrowRight');
      const text = page.page.locator('[data-chart=hessian] .chart-summary');
      await expect.poll(async () => (await text.innerText()).replace(/\s/g, ' ')).toContain('trial 0, step 1, loss 0.1:');

      // The host hears of it, and a panel that is opened with it stands there again.
      const kept = async () => (await page.posted()).filter(({ type }) => type === 'view').at(-1)?.['view'];
      await expect.poll(kept).toMatchObject({ spectrum: { at: 1, allSteps: false } });
      await page.screenshot(`scrubber-${theme}`);
      const again = await browser.open({ height: 1500, theme });
      await again.send({ ...snapshot(recordOf(begun(12))), view: (await kept()) as typeof EMPTY_VIEW });
      expect(await words(again)).toBe('step 1, loss 0.1');
      // The mouse, too.
      const box = (await slider(again).boundingBox())!;
      await again.page.mouse.click(box.x + box.width - 4, box.y + box.height / 2);
      expect(await words(again)).toBe('step 100 000, loss 10⁻¹¹');
      await again.close();

      // All steps at once, with a line at the one that is looked at; then the newest again, which is the solution.
      await page.page.getByRole('checkbox', { name: strings.hessian.allSteps, exact: true }).click();
      await page.drawn();
      expect(await text.innerText()).toMatch(/Hessian eigenvalues at 12 steps of the training/);
      await page.screenshot(`scrubber-all-${theme}`);
      await page.page.getByRole('checkbox', { name: strings.hessian.allSteps, exact: true }).click();
      await follow(page).click();
      await page.send({ type: 'events', events: [ended(measurements[3]!)] });
      await expect.poll(() => words(page)).toBe('solution, step 123 456, loss 10⁻¹²');
      expect(await shown()).toBe(top(3));
      expect(await page.troubles()).toEqual([]);
      await page.close();
    },
  );

  it('is not there where there is one spectrum alone', async () => {
    const page = await browser.open({ height: 1200 });
    await page.send(snapshot(recordOf([...begun(0), ended(measurements[0]!)])));
    expect(await page.page.locator('.scrubber').isVisible()).toBe(false);
    await page.close();
  });

  it('goes through the spectra of a report, too, without a host', async () => {
    const report = await browser.open({ report: recordOf([...begun(12), ended(measurements[0]!)]), height: 1500 });
    await report.drawn();
    expect(await words(report)).toBe('solution, step 123 456, loss 10⁻¹²');
    await slider(report).focus();
    await report.page.keyboard.press('Home');
    expect(await words(report)).toBe('step 0, loss 1');
    await report.screenshot('scrubber-report');
    await report.close();
  });
});
