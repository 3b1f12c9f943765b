import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Series } from '../../src/webview/charts/model';
import { chartScene } from '../../src/webview/export/chartScene';
import { chartCsv, chartJson } from '../../src/webview/export/data';
import { exportName } from '../../src/webview/export/origin';
import { chartPython } from '../../src/webview/export/python';
import { sceneSvg } from '../../src/webview/export/svg';
import { textRuns } from '../../src/webview/export/text';
import * as strings from '../../src/webview/strings';
import { SCREENSHOTS, WebviewBrowser, snapshot, type WebviewPage } from './browser';
import { recordOf, recoveryEvents } from './fixture';
import { pictures } from './pictures';
import { hasMatplotlib, python, runScript } from './python';
import { studyEvents } from './studyFixture';

let browser: WebviewBrowser;
let parser: WebviewPage;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
  parser = await browser.open();
  mkdirSync(SCREENSHOTS, { recursive: true });
});
afterAll(() => browser.stop());

const record = recordOf(recoveryEvents());
const all = pictures(record);
const ids = Object.keys(all);
const svgOf = (id: string) => sceneSvg(chartScene(all[id]!));

/** Rows of comma-separated values, read by the rules of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.split('\r\n').slice(0, -1))
    rows.push(
      Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g), (m) => m[1]?.replaceAll('""', '"') ?? m[2] ?? ''),
    );
  return rows;
}

/** What an SVG shows, read by the parser of a browser. */
async function parse(svg: string) {
  return parser.page.evaluate<{
    error: string | null;
    texts: string[];
    sizes: number[];
    ground: string | null;
    groups: Record<string, { points: number; lines: number; boxes: number }>;
    outside: string[];
    elements: string[];
  }>(`(() => {
    const svg = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
    const error = svg.querySelector('parsererror');
    const groups = {};
    for (const group of svg.querySelectorAll('g')) {
      const paths = Array.from(group.querySelectorAll('path'), (path) => path.getAttribute('d')).join('');
      const seen = (groups[group.getAttribute('aria-label')] ??= { points: 0, lines: 0, boxes: 0 });
      seen.points += group.querySelectorAll('circle, polygon').length;
      seen.lines += (paths.match(/M/g) ?? []).length;
      seen.boxes += group.querySelectorAll('rect').length;
    }
    return {
      error: error && error.textContent,
      texts: Array.from(svg.querySelectorAll('text'), (text) => text.textContent),
      sizes: Array.from(svg.querySelectorAll('[font-size]'), (text) => Number(text.getAttribute('font-size'))),
      ground: svg.querySelector('svg > rect')?.getAttribute('fill') ?? null,
      groups,
      elements: [...new Set(Array.from(svg.querySelectorAll('*'), (element) => element.tagName))],
      outside: Array.from(svg.querySelectorAll('*')).flatMap((element) =>
        Array.from(element.attributes, ({ name, value }) => name + '=' + value).filter((text) => /^on|href|NaN|Infinity|undefined/.test(text))),
    };
  })()`);
}

describe('SVG', () => {
  it.each(ids)('%s is well-formed, on white ground, of vectors and text of at least 8 points', async (id) => {
    const svg = svgOf(id);
    writeFileSync(path.join(SCREENSHOTS, `export-${id}.svg`), svg);
    const seen = await parse(svg);
    expect(seen.error).toBeNull();
    expect(seen.ground).toBe('#ffffff');
    expect(Math.min(...seen.sizes)).toBeGreaterThanOrEqual(8);
    expect(seen.outside).toEqual([]);
    expect(seen.elements.filter((name) => /script|style|image|foreignObject|a$/i.test(name))).toEqual([]);
    const { model } = all[id]!;
    const plain = (text: string) =>
      textRuns(text)
        .map((run) => run.text)
        .join('');
    for (const text of [model.x.title, model.y.title, ...model.markers.map(({ label }) => label).filter(Boolean)])
      expect(seen.texts).toContain(plain(text));
    for (const entry of model.legend) expect(seen.texts).toContain(plain(entry.label));
  });

  it('has a symbol for each point, a line for each curve, three strokes for each whisker and a box for each cell', async () => {
    const error = await parse(svgOf('testError'));
    const { model } = all['testError']!;
    const points = (label: string) => model.series.find((each) => each.label === label && each.kind === 'points');
    const dots = points(strings.testError.trials);
    expect(dots?.kind === 'points' && dots.points.length).toBe(159);
    expect(error.groups[strings.testError.trials]?.points).toBe(159);
    expect(error.groups[strings.testError.quantiles]?.lines).toBe(3 * 16);
    expect(error.groups[strings.testError.median]).toEqual({ points: 16, lines: 1, boxes: 0 });
    const loss = await parse(svgOf('lossCurves'));
    for (let n = 1; n <= 16; n++) expect(loss.groups[strings.charts.sizeName(n)]?.lines).toBe(10);
    const heat = await parse(svgOf('heat'));
    expect(heat.groups['median test error']?.boxes).toBe(15);
    const lattice = await parse(svgOf('lattice'));
    expect(lattice.groups['Lattice of branches']).toEqual({ points: 3, lines: 2, boxes: 3 });
  });

  it('marks logarithmic axes with powers of ten, their exponents raised', async () => {
    const svg = svgOf('testError');
    expect(svg).toMatch(/<text[^>]*>10<tspan dy="-3.4" font-size="8">−\d+<\/tspan><\/text>/);
    const { texts } = await parse(svgOf('decay'));
    expect(texts).toEqual(expect.arrayContaining(['10−12', '100', '102']));
  });

  it('text that is markup stays text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
        const picture = { ...all['decay']!, title: text, origin: `${text}]]><!--` };
        picture.model = { ...picture.model, x: { ...picture.model.x, title: `<b onload="x">${text}` } };
        const { error, elements } = await parse(sceneSvg(chartScene(picture)));
        expect(error).toBeNull();
        expect(elements).not.toContain('b');
      }),
      { numRuns: 8 },
    );
  });
});

describe('data', () => {
  const count = (series: Series): number => {
    if (series.kind === 'line') return series.width === 'halo' ? 0 : series.parts.reduce((sum, { x }) => sum + x.length, 0);
    if (series.kind === 'points') return series.points.length;
    return series.kind === 'whiskers'
      ? series.bars.length
      : series.kind === 'heatMap'
        ? series.cells.length
        : series.nodes.length;
  };

  it.each(ids)('%s: a row of CSV for each number that is drawn, with all digits', (id) => {
    const { model } = all[id]!;
    const [head, ...rows] = readCsv(chartCsv(model));
    expect(head!.slice(2, 4)).toEqual([model.x.title, model.y.title].map((title) => title.replaceAll('"', '')));
    expect(rows).toHaveLength(model.series.reduce((sum, series) => sum + count(series), 0) + model.markers.length);
    for (const row of rows) expect(row).toHaveLength(head!.length);
  });

  it('the medians and trials of the CSV are those of the run', () => {
    const rows = readCsv(chartCsv(all['testError']!.model));
    const medians = rows.filter(([series]) => series === strings.testError.median).map((row) => row.slice(2, 4).map(Number));
    expect(medians).toEqual(Object.values(record.sampleSizes).map((row) => [row.sampleSize, row.medianTestError]));
    const trials = rows.filter(([series]) => series === strings.testError.trials);
    expect(trials.map((row) => Number(row[3])).sort((a, b) => a - b)).toEqual(
      Object.values(record.cells)
        .flatMap(({ testError }) => testError ?? [])
        .sort((a, b) => a - b),
    );
    // Dots are drawn a little aside of their place; the numbers are not.
    expect(trials.every((row) => Number.isInteger(Number(row[2])))).toBe(true);
  });

  it('the CSV of a heat map has its values, empty where nothing is known', () => {
    const rows = readCsv(chartCsv(all['heat']!.model));
    expect(rows[0]).toEqual(['series', 'name', 'sample size n', 'width', 'value']);
    expect(rows.slice(1, 16).map((row) => row[4])).toEqual([
      '1',
      '0.5',
      '0.1',
      '1e-9',
      '1e-10',
      '1',
      '0.7',
      '0.2',
      '1e-8',
      '0',
      '2',
      '',
      '0.3',
      '1e-7',
      '1e-9',
    ]);
  });

  it.each(ids)('%s: the JSON says what the axes are and where it comes from', (id) => {
    const origin = { file: 'a.recovery.json', hash: 'abc', seed: 7, engine: '0.1.0' };
    const data = JSON.parse(chartJson(all[id]!, origin)) as Record<string, unknown>;
    expect(data['origin']).toEqual(origin);
    expect(data['x']).toMatchObject({ title: all[id]!.model.x.title, scale: all[id]!.scales.x });
    expect(data['series']).toHaveLength(
      all[id]!.model.series.filter((each) => each.kind !== 'line' || each.width !== 'halo').length,
    );
  });

  it('files have names that every system takes', () => {
    const origin = { file: 'Żółć & Co/матрица 4×4.recovery.json', hash: null, seed: null, engine: null };
    expect(exportName(origin, 'testError', 'svg')).toBe('zo-c-co-4-4-test-error.svg');
    expect(exportName({ ...origin, file: '矩阵.recovery.json' }, '', 'md')).toBe('recovery.md');
  });
});

describe.skipIf(python === undefined)('Python', () => {
  it.each(ids)('%s: the script runs and holds the numbers of the chart', (id) => {
    const picture = path.join(SCREENSHOTS, `python-${id}.png`);
    const arrays = runScript(chartPython(all[id]!), picture);
    const numbers = (value: unknown): string[] => (Array.isArray(value) ? value.flatMap(numbers) : [String(value)]);
    const held = new Set(Object.values(arrays).flatMap(numbers));
    const repr = (value: number) => numbers(JSON.parse(JSON.stringify([value])) as number[]).map(Number)[0]!;
    const heldNumbers = new Set([...held].map(Number));
    for (const series of all[id]!.model.series) {
      const values =
        series.kind === 'line'
          ? series.width === 'halo'
            ? []
            : series.parts.flatMap(({ x, y }) => [...x, ...y])
          : series.kind === 'points'
            ? series.points.flatMap(({ x, y, exactX }) => [exactX ?? x, y])
            : series.kind === 'heatMap'
              ? series.cells.flatMap(({ value }) => value ?? [])
              : [];
      for (const value of values.filter((each) => Number.isFinite(each)))
        expect(heldNumbers.has(repr(value)), String(value)).toBe(true);
    }
    if (hasMatplotlib) expect(held.size).toBeGreaterThan(0);
  });

  it('names, labels and formulas of anybody are text', () => {
    const picture = { ...all['path']!, title: `"""\nimport os\u2028x`, origin: '#' };
    picture.model = { ...picture.model, summary: "'; raise SystemExit", x: { ...picture.model.x, title: '"$x$\\" + 1/0 + "' } };
    picture.model.series = picture.model.series.map((each) => ({ ...each, label: 'lambda' }));
    expect(Object.keys(runScript(chartPython(picture), path.join(SCREENSHOTS, 'python-hostile.png')))).toContain('lambda_lines');
  });

  it('a million points are thinned to what can be seen, and the script says so', () => {
    const x = Array.from({ length: 1_000_000 }, (_, k) => k + 1);
    const y = x.map((k) => (k === 500_000 ? 1e-30 : 1 / k));
    const picture = { ...all['lossCurves']! };
    const line = picture.model.series.find((each) => each.kind === 'line')!;
    picture.model = { ...picture.model, series: [{ ...line, parts: [{ name: 'long', x, y }] }] };
    const script = chartPython(picture);
    expect(script).toContain(strings.exports.thinned);
    expect(script.length).toBeLessThan(4_000_000);
    expect(script).toContain('1e-30');
    expect(chartCsv(picture.model).split('\r\n')).toHaveLength(1_000_000 + picture.model.markers.length + 2);
  });
});

describe('menu of a chart', () => {
  const name = strings.exports.menuLabel(strings.testError.title);

  it('works by keyboard: opens, moves, closes and gives the focus back', async () => {
    const page = await browser.open();
    await page.send(snapshot(record));
    const button = page.page.getByRole('button', { name, exact: true });
    const items = page.page.getByRole('menuitem');
    const focused = () => page.page.evaluate<string>('document.activeElement.textContent.trim()');
    await button.focus();
    await page.page.keyboard.press('Enter');
    await expect.poll(() => items.count()).toBe(6);
    await expect.poll(focused).toBe(strings.exports.svg);
    await page.page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(strings.exports.copyPython);
    await page.page.keyboard.press('ArrowDown');
    await page.page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(strings.exports.png);
    await page.page.screenshot({ path: path.join(SCREENSHOTS, 'export-menu-dark.png') });
    await page.page.keyboard.press('Escape');
    expect(await items.count()).toBe(0);
    expect(await focused()).toBe(strings.exports.menu);
    await page.page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe(strings.exports.svg);
    await page.page.keyboard.press('Tab');
    expect(await items.count()).toBe(0);
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });

  it('hands the host an SVG, a PNG of 300 dots to the inch on white, data, and text for the clipboard', async () => {
    const page = await browser.open({ theme: 'dark' });
    await page.send(snapshot(record));
    const choose = async (item: string) => {
      await page.page.getByRole('button', { name, exact: true }).click();
      await page.page.getByRole('menuitem', { name: item, exact: true }).click();
      const wanted = /copy/i.test(item) ? 'copy' : 'save';
      const known = (await page.posted()).filter(({ type }) => type === wanted).length;
      await expect
        .poll(async () => (await page.posted()).filter(({ type }) => type === wanted).length)
        .toBeGreaterThanOrEqual(Math.max(1, known));
      if (wanted === 'copy') await page.page.getByRole('button', { name, exact: true }).waitFor();
      return (await page.posted()).filter(({ type }) => type === wanted).at(-1) as Record<string, string>;
    };
    const picture = { ...all['testError']!, title: strings.testError.title };
    const svg = await choose(strings.exports.svg);
    expect(svg).toMatchObject({ name: 'matrix-completion-test-error.svg', encoding: 'utf8' });
    expect(svg['content']).toContain('experiment 3f9ac1d27b6e');
    expect(svg['content']!.replace(/<desc>.*<\/desc>/, '')).toBe(sceneSvg(chartScene(picture)).replace(/<desc>.*<\/desc>/, ''));
    await expect.poll(async () => (await choose(strings.exports.png))['name']).toBe('matrix-completion-test-error.png');
    const png = Buffer.from((await choose(strings.exports.png))['content']!, 'base64');
    writeFileSync(path.join(SCREENSHOTS, 'export-testError.png'), png);
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    const { width, height } = chartScene(picture);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      Math.round((width * 300) / 72),
      Math.round((height * 300) / 72),
    ]);
    await expect.poll(async () => (await choose(strings.exports.csv))['content']).toBe(chartCsv(picture.model));
    const copied = await choose(strings.exports.copyPython);
    expect(copied['text']).toContain('import numpy as np');
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });

  it('the PNG is white where nothing is drawn, in a dark editor too', async () => {
    const page = await browser.open({ theme: 'dark' });
    await page.send(snapshot(recordOf(studyEvents())));
    await page.page
      .getByRole('button', { name: strings.exports.menuLabel('Median test error over width and sample size') })
      .click();
    await page.page.getByRole('menuitem', { name: strings.exports.png }).click();
    await expect.poll(async () => (await page.posted()).some(({ type }) => type === 'save')).toBe(true);
    const { content } = (await page.posted()).find(({ type }) => type === 'save') as { content: string };
    writeFileSync(path.join(SCREENSHOTS, 'export-heat.png'), Buffer.from(content, 'base64'));
    const other = await browser.open({ report: record });
    const corners = await other.page.evaluate<number[][]>(`(async () => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(content)}), (c) => c.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return [[1, 1], [bitmap.width - 2, 1], [1, bitmap.height - 2]].map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
    })()`);
    for (const corner of corners) expect(corner).toEqual([255, 255, 255, 255]);
    await page.close();
    await other.close();
  });

  it('in a report the browser downloads the file', async () => {
    const report = await browser.open({ report: record });
    await report.drawn();
    await report.page.getByRole('button', { name, exact: true }).click();
    const [download] = await Promise.all([
      report.page.waitForEvent('download'),
      report.page.getByRole('menuitem', { name: strings.exports.svg, exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('matrix-completion-test-error.svg');
    expect(await report.troubles()).toEqual([]);
    await report.close();
  });
});
