// Pictures of reports: one chart of each, as Chromium draws it.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { root } from '../install.mjs';
import { CHROMIUM } from '../systemPackages.mjs';

export const PICTURES = path.join(root, 'docs', 'images', 'gallery');
const WIDTH = 640;
/** The chart that shows what an example is about, where it is not the first one of its report. */
const CHOSEN = [
  [/^designed-sampling-\d/, 'empiricalRank'],
  [/^hessian-during-training$/, 'hessian'],
  [/^local-recovery-/, 'figure-perturbation'],
  [/^learning-coefficient$/, 'figure-learning'],
  [/^rank-stratification-connections$/, 'figure-costlyConnection'],
  [/^underdetermined-matrix$/, 'figure-solutions'],
  [/^toy-nonlinear-parameters$/, 'figure-recoveredSurface'],
  [/^geometry-imbalance(-four|-inputs)?$/, 'figure-ratios'],
  [/^geometry-imbalance-(ends|grid)$/, 'figure-ends'],
  [/^geometry-imbalance-scales$/, 'figure-scales'],
  [/^geometry-separation$/, 'figure-epsilon'],
  [/^geometry-two-neurons-exp$/, 'figure-decay'],
  [/^geometry-tanh-companion$/, 'figure-axis'],
  [/^repopulation-digits$/, 'figure-distillation'],
];
/** The report's own controls, words and tables are not part of the picture. */
const ONLY_THE_CHART = `
  #root { padding: 12px; max-width: none; }
  figure.chart { padding: 12px; }
  .chart-actions, .chart-toolbar, figcaption, .table-scroll { display: none !important; }
`;

/** Opens Chromium, which asks nothing of any network. */
export async function openCamera() {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND',
    ],
  });
  const context = await browser.newContext({
    viewport: { width: WIDTH, height: 480 },
    deviceScaleFactor: 1,
    colorScheme: 'light',
    bypassCSP: true,
  });
  fs.mkdirSync(PICTURES, { recursive: true });
  return {
    /** Takes the chosen or first chart of a report that is not empty; returns its words, or null where there is none. */
    async take(report, name) {
      const page = await context.newPage();
      try {
        await page.goto(pathToFileURL(report).href);
        await page.addStyleTag({ content: ONLY_THE_CHART });
        await page.waitForSelector('#root [data-state]:not([data-pending])', { state: 'attached' });
        const id = CHOSEN.find(([pattern]) => pattern.test(name))?.[1];
        const chart = page.locator(`figure.chart${id ? `[data-chart="${id}"]` : ''}:has(canvas:visible)`).first();
        if ((await chart.count()) === 0) {
          if (id) throw new Error(`The report of ${name} has no chart ${id}.`);
          return null;
        }
        await chart.screenshot({ path: path.join(PICTURES, `${name}.png`), animations: 'disabled' });
        return await chart.locator('canvas').getAttribute('aria-label');
      } finally {
        await page.close();
      }
    },
    close: () => browser.close(),
  };
}
