import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { windowTicks } from '../../src/webview/charts/axes';
import { insideRange, shownPlaces } from '../../src/webview/charts/decimate';
import { between, moved, valueAt, zoomed } from '../../src/webview/charts/window';
import * as strings from '../../src/webview/strings';
import { WebviewBrowser, snapshot, type WebviewPage } from './browser';
import { recordOf, recoveryEvents } from './fixture';

const extent = fc
  .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
  .map(([low, length]): [number, number] => [low, low + length]);
const logExtent = fc
  .tuple(fc.double({ min: -12, max: 6, noNaN: true }), fc.double({ min: 0.01, max: 8, noNaN: true }))
  .map(([low, length]): [number, number] => [10 ** low, 10 ** (low + length)]);
const cases = fc.oneof(
  extent.map((range) => ({ range, scale: 'linear' as const })),
  logExtent.map((range) => ({ range, scale: 'log' as const })),
);
const close = (a: number, b: number, size: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * size);

describe('parts of an axis', () => {
  it('zooming keeps the place under the pointer, and back is back', () => {
    fc.assert(
      fc.property(
        cases,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (axis, at, factor) => {
          const { range, scale } = axis;
          const size = Math.max(...range.map(Math.abs));
          const near = zoomed(range, scale, at, factor);
          close(valueAt(near, scale, at), valueAt(range, scale, at), size);
          const back = zoomed(near, scale, at, 1 / factor);
          close(back[0], range[0], size);
          close(back[1], range[1], size);
        },
      ),
    );
  });

  it('moving by its length begins where it ended; a box is what lies between its ends', () => {
    fc.assert(
      fc.property(cases, ({ range, scale }) => {
        const size = Math.max(...range.map(Math.abs));
        close(moved(range, scale, 1)[0], range[1], size);
        expect(between(range, scale, 0.75, 0.25)).toEqual(between(range, scale, 0.25, 0.75));
        close(between(range, scale, 0, 1)[1], range[1], size);
      }),
    );
  });

  it('has at least two marks in any part, all inside', () => {
    fc.assert(
      fc.property(cases, ({ range, scale }) => {
        const { ticks, min, max } = windowTicks(range[0], range[1], scale, 8);
        expect([min, max]).toEqual(range);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        for (const tick of ticks) expect(tick >= min && tick <= max).toBe(true);
      }),
    );
  });

  it('all points of a part are drawn, and a neighbour on each side, however long the curve is', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 2 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 500 }),
        (values, low, length) => {
          const x = values.sort((a, b) => a - b);
          const part = { name: '', x, y: x };
          const ticks = { ...windowTicks(low, low + length + 0.5, 'linear', 5) };
          const places = shownPlaces(part, ticks, 'linear', Infinity);
          const inside = x.filter((value) => value >= low && value <= low + length + 0.5);
          expect(places.map((i) => x[i]).filter((value) => inside.includes(value!))).toEqual(inside);
          expect(places.length).toBeLessThanOrEqual(inside.length + 2);
          const [from, to] = insideRange(x, low, low + length + 0.5);
          expect(x.slice(from, to)).toEqual(inside);
          // Thinned, nothing but the neighbours comes from outside.
          const thinned = shownPlaces(part, ticks, 'linear', 3).map((i) => x[i]!);
          expect(thinned.filter((value) => value < low).length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('zoom, pan and legend in the panel', () => {
  let browser: WebviewBrowser;
  beforeAll(async () => {
    browser = await WebviewBrowser.start();
  });
  afterAll(() => browser.stop());

  const record = recordOf(recoveryEvents());
  const lastView = async (page: WebviewPage) => (await page.posted()).filter(({ type }) => type === 'view').at(-1)?.['view'];
  const windowOf = async (page: WebviewPage, chart: string) =>
    ((await lastView(page)) as { windows?: Record<string, { x: [number, number]; y: [number, number] }> } | undefined)?.windows?.[
      chart
    ];
  const plot = (page: WebviewPage) => page.page.locator('[data-chart=testError] .plot');
  const reset = (page: WebviewPage) =>
    page.page.getByRole('button', { name: strings.charts.showAllLabel(strings.testError.title), exact: true });

  it('by keyboard: plus, arrows and 0, and the page remembers it over a reload', async () => {
    const page = await browser.open();
    await page.send(snapshot(record));
    expect(await reset(page).isVisible()).toBe(false);
    await plot(page).focus();
    for (const key of ['+', '+', 'ArrowRight']) await page.page.keyboard.press(key);
    const width = async () => {
      const { x } = (await windowOf(page, 'testError')) ?? { x: [0, 0] };
      return x[1] - x[0];
    };
    // Each key posts a window of its own; the last one is twice zoomed.
    await expect.poll(width).toBeCloseTo(0.64 * 15.8, -1);
    expect((await windowOf(page, 'testError'))!.y[0]).toBeGreaterThan(0);
    expect(await reset(page).isVisible()).toBe(true);
    const view = await lastView(page);
    await page.screenshot('zoom-dark');
    await page.page.reload();
    await page.send({ ...snapshot(record), view: view as Record<string, unknown> });
    expect(await reset(page).isVisible()).toBe(true);
    await plot(page).focus();
    await page.page.keyboard.press('0');
    await expect.poll(() => windowOf(page, 'testError')).toBeUndefined();
    expect(await reset(page).isVisible()).toBe(false);
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });

  it('by keys and a wheel that are faster than frames: none of them is lost', async () => {
    const page = await browser.open();
    await page.send(snapshot(record));
    await page.drawn();
    await plot(page).focus();
    const width = async () => {
      const { x } = (await windowOf(page, 'testError')) ?? { x: [0, 0] };
      return x[1] - x[0];
    };
    const press = (...keys: string[]) =>
      page.page.evaluate(
        `for (const key of ${JSON.stringify(keys)}) document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))`,
      );
    await press('+');
    await expect.poll(width).toBeGreaterThan(0);
    const once = await width();
    // From all of it again, in one breath.
    await press('0', '+', '+', '+', 'ArrowLeft');
    await expect.poll(width).toBeCloseTo(0.64 * once, 6);
    await page.page.evaluate(`{
      const plot = document.activeElement;
      const { left, top, width, height } = plot.getBoundingClientRect();
      for (let i = 0; i < 3; i++)
        plot.dispatchEvent(new WheelEvent('wheel', { deltaY: 100, clientX: left + width / 2, clientY: top + height / 2, bubbles: true }));
    }`);
    await expect.poll(width).toBeCloseTo(0.64 * Math.exp(0.45) * once, 6);
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });

  it('by mouse: a box, Shift and drag, the wheel where it has the focus, a double click', async () => {
    const page = await browser.open();
    await page.send(snapshot(record));
    const { page: tab } = page;
    await plot(page).scrollIntoViewIfNeeded();
    const box = (await plot(page).boundingBox())!;
    const at = (fx: number, fy: number) => [box.x + box.width * fx, box.y + box.height * fy] as const;
    // Without the focus the wheel scrolls the page.
    await tab.mouse.move(...at(0.5, 0.5));
    await tab.mouse.wheel(0, 10);
    expect(await reset(page).isVisible()).toBe(false);
    const again = (await plot(page).boundingBox())!;
    const there = (fx: number, fy: number) => [again.x + again.width * fx, again.y + again.height * fy] as const;
    await tab.mouse.move(...there(0.4, 0.3));
    await tab.mouse.down();
    await tab.mouse.move(...there(0.6, 0.5), { steps: 4 });
    await tab.screenshot({ path: 'test-results/screenshots/zoom-box-dark.png' });
    await tab.mouse.up();
    await expect.poll(() => windowOf(page, 'testError')).toBeDefined();
    const boxed = (await windowOf(page, 'testError'))!;
    expect(boxed.x[0]).toBeGreaterThan(4);
    expect(boxed.x[1]).toBeLessThan(12);
    await tab.keyboard.down('Shift');
    await tab.mouse.move(...there(0.7, 0.5));
    await tab.mouse.down();
    await tab.mouse.move(...there(0.5, 0.5), { steps: 4 });
    await tab.mouse.up();
    await tab.keyboard.up('Shift');
    await expect.poll(async () => (await windowOf(page, 'testError'))!.x[0]).toBeGreaterThan(boxed.x[0] + 0.2);
    const panned = (await windowOf(page, 'testError'))!;
    expect(panned.x[1] - panned.x[0]).toBeCloseTo(boxed.x[1] - boxed.x[0], 6);
    await plot(page).focus();
    await tab.mouse.wheel(0, -200);
    await expect
      .poll(async () => {
        const { x } = (await windowOf(page, 'testError'))!;
        return x[1] - x[0];
      })
      .toBeLessThan(boxed.x[1] - boxed.x[0]);
    await tab.mouse.dblclick(...there(0.5, 0.5));
    await expect.poll(() => windowOf(page, 'testError')).toBeUndefined();
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });

  it('the legend switches series off and on, and exports have what is shown', async () => {
    const page = await browser.open();
    await page.send(snapshot(record));
    const muted = await page.ink('testError');
    const legend = page.page.locator('[data-chart=testError] .legend');
    await legend.getByRole('button', { name: strings.testError.trials }).click();
    await page.drawn();
    expect(await legend.getByRole('button', { name: strings.testError.trials }).getAttribute('aria-pressed')).toBe('false');
    expect(await page.ink('testError')).toBeLessThan(muted);
    await expect.poll(() => lastView(page)).toMatchObject({ hidden: { testError: [strings.testError.trials] } });
    await page.page.getByRole('button', { name: strings.exports.menuLabel(strings.testError.title), exact: true }).click();
    await page.page.getByRole('menuitem', { name: strings.exports.csv, exact: true }).click();
    await expect.poll(async () => (await page.posted()).some(({ type }) => type === 'save')).toBe(true);
    const { content } = (await page.posted()).find(({ type }) => type === 'save') as { content: string };
    expect(content).not.toContain(strings.testError.trials);
    expect(content).toContain(strings.testError.median);
    // The key that pressed the switch can press it again.
    await legend.getByRole('button', { name: strings.testError.trials }).focus();
    await page.page.keyboard.press('Enter');
    await page.drawn();
    expect(await page.page.evaluate('document.activeElement.dataset.series')).toBe(strings.testError.trials);
    expect(await page.ink('testError')).toBe(muted);
    const losses = page.page.locator('[data-chart=lossCurves] .legend');
    await losses.getByRole('button', { name: '16', exact: true }).click();
    await expect.poll(() => lastView(page)).toMatchObject({ hidden: { lossCurves: [strings.charts.sizeName(16)] } });
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });
});
