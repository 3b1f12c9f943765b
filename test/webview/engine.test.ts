import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineEvent, RankResults, RecoveryResults } from '../../src/protocol/events';
import { formatNumber } from '../../src/webview/format';
import * as strings from '../../src/webview/strings';
import { WebviewBrowser, snapshot } from './browser';
import { recordOf } from './fixture';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ENGINE = path.join(ROOT, 'dist/recovery.js');

let browser: WebviewBrowser;
let folder: string;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
  folder = mkdtempSync(path.join(os.tmpdir(), 'recovery-webview-'));
});
afterAll(async () => {
  await browser.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs an example with the built engine; what it says is in `events.jsonl` of its run folder. */
function run(example: string): { events: EngineEvent[]; report: string } {
  const out = path.join(folder, example);
  try {
    execFileSync(
      process.execPath,
      [ENGINE, 'run', path.join(ROOT, 'examples', `${example}.recovery.json`), '--events', '--out', out],
      { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 },
    );
  } catch (error) {
    // Exit code 1 says that an expectation was not met; anything else is a failure.
    if ((error as { status?: number }).status !== 1) throw error;
  }
  const events = readFileSync(path.join(out, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EngineEvent);
  return { events, report: path.join(out, 'report.html') };
}

// The engine is built before the tests run; working on the panels alone does not need it.
describe.skipIf(!existsSync(ENGINE))('what the engine really says', () => {
  it.each(['quick-start', 'rank-two-layer-tanh'])('%s is drawn from its event stream, and in its report', async (example) => {
    const { events, report } = run(example);
    const summary = events.find((event) => event.type === 'finished')!.summary;
    const page = await browser.open({ theme: 'dark' });
    await page.send(snapshot(recordOf([], `run-${example}`, `${example}.recovery.json`)));
    await page.send({ type: 'events', events });
    expect(await page.page.innerText('h1')).toBe(summary.title);
    expect(await page.page.innerText('.state-badge')).toBe(strings.states.finished);
    expect(await page.page.locator('.verdict').count()).toBe(summary.verdicts.length);
    const results = await page.page.innerText('.results');
    const found = summary.results as RankResults | RecoveryResults;
    if ('points' in found) {
      for (const point of found.points) expect(results).toContain(point.name);
      expect(await page.ink('empiricalRank')).toBeGreaterThan(2000);
    } else {
      for (const row of found.sampleSizes) expect(results).toContain(formatNumber(row.medianTestError));
      for (const chart of ['testError', 'lossCurves', 'hessian']) expect(await page.ink(chart)).toBeGreaterThan(2000);
      expect(await page.page.innerText('.tiles')).toContain(String(found.recoveredFrom));
    }
    expect(await page.ink('singularValues')).toBeGreaterThan(2000);
    await page.screenshot(`engine-${example}`);
    expect(await page.troubles()).toEqual([]);

    await page.page.goto(`file://${report}`);
    await page.page.waitForSelector('.state-badge.finished');
    expect(await page.page.innerText('h1')).toBe(summary.title);
    expect(await page.page.locator('canvas:visible').count()).toBe(
      // Of a matrix, what was recovered is three more; and there are the parameters of a training.
      'points' in summary.results ? 2 : 8,
    );
    await page.screenshot(`engine-report-${example}`);
    await page.close();
  });
});
