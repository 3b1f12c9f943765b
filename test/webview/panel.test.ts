import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/protocol/events';
import type { RunRecord, RunState } from '../../src/protocol/record';
import { formatNumber, typeset } from '../../src/webview/format';
import * as strings from '../../src/webview/strings';
import { EMPTY_VIEW, WebviewBrowser, snapshot, type WebviewPage } from './browser';
import { largeSpectra, rankEvents, recordOf, recoveryEvents } from './fixture';

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

const EVENTS = recoveryEvents();
const finished = () => recordOf(EVENTS);
const halfway = () => recordOf(EVENTS.slice(0, Math.floor(EVENTS.length * 0.4)));

const inState = (record: RunRecord, state: RunState, change: Partial<RunRecord> = {}): RunRecord => ({
  ...record,
  id: `run-${state}`,
  state,
  ...change,
});

/** Runs a test with a page and sees to it that nothing went wrong beside what it looks at. */
async function withPage(
  options: Parameters<WebviewBrowser['open']>[0],
  use: (page: WebviewPage) => Promise<void>,
): Promise<void> {
  const page = await browser.open(options);
  try {
    await use(page);
    expect(await page.troubles()).toEqual([]);
  } finally {
    await page.close();
  }
}

/** The texts of a table, row by row, header first. */
async function tableOf({ page }: WebviewPage, selector: string): Promise<string[][]> {
  return page
    .locator(selector)
    .first()
    .evaluate((table) =>
      Array.from((table as unknown as { rows: Iterable<{ cells: Iterable<{ textContent: string | null }> }> }).rows, (row) =>
        Array.from(row.cells, (cell) => cell.textContent ?? ''),
      ),
    );
}

const button = ({ page }: WebviewPage, name: string | RegExp) => page.getByRole('button', { name });

const stopButton = ({ page }: WebviewPage) => page.locator('.actions vscode-button').first();

describe('handshake and messages', () => {
  it('says ready once, after its listener exists, and waits in words', () =>
    withPage({}, async (page) => {
      expect(await page.posted()).toEqual([{ type: 'ready' }]);
      expect(await page.page.innerText('#root')).toContain(strings.status.opening);
      // A message that was waiting for the listener is answered at once.
      await page.send(snapshot(finished()));
      expect(await page.page.innerText('h1')).toBe('Matrix completion of a rank-1 target');
    }));

  it('refuses malformed messages, says so, and goes on', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(halfway()));
      for (const bad of [
        { type: 'stop' },
        { type: 'events', events: [{ type: 'explode' }] },
        { type: 'events', events: 'x' },
        { type: 'state', state: 'gone', crash: null },
        { type: 'snapshot', record: { id: 3 }, view: EMPTY_VIEW },
        { nothing: true },
      ]) {
        await page.send(bad);
      }
      expect(await page.page.getByRole('alert').innerText()).toBe(strings.status.badMessages(6));
      await page.send({ type: 'state', state: 'cancelled', crash: null });
      expect(await page.page.innerText('.state-badge')).toBe(strings.states.cancelled);
    }));

  it('folds deltas as the host does: after all of them it shows what a snapshot shows', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(recordOf([])));
      for (let from = 0; from < EVENTS.length; from += 700)
        await page.send({ type: 'events', events: EVENTS.slice(from, from + 700) });
      const streamed = await page.page.innerText('#root');
      await page.send(snapshot(finished()));
      expect(await page.page.innerText('#root')).toBe(streamed);
    }));

  it('keeps its view in its own state and tells the host', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(finished()));
      await button(page, strings.charts.tableLabel(strings.testError.title)).click();
      await button(page, /Training loss: horizontal axis is logarithmic/).click();
      const view = { axes: { lossCurves: { x: 'linear', y: 'log' } }, openTables: ['testError'], selectedCell: null };
      await expect
        .poll(async () => (await page.posted()).filter(({ type }) => type === 'view').at(-1))
        .toEqual({ type: 'view', view });
      expect(await page.page.evaluate('window.harness.state()')).toEqual({ view, runId: 'run-1' });
      await page.page.reload();
      await page.send({ ...snapshot(finished()), view });
      expect(await page.page.locator('#table-testError').isVisible()).toBe(true);
      expect(await button(page, /Training loss: horizontal axis is linear/).isVisible()).toBe(true);
    }));
});

describe('what it shows', () => {
  it('header: title, file, model, target, prediction with formula and source, and the details of the run', () =>
    withPage({}, async (page) => {
      const record = finished();
      await page.send(snapshot(record));
      await page.page.locator('summary').click();
      const text = await page.page.innerText('header');
      const { predictions, hash } = record.accepted!;
      for (const part of [
        'matrix-completion.recovery.json',
        '4 × 4 matrix as the product of',
        '32 parameters',
        'Optimistic sample size 7.',
        predictions.formula,
        predictions.source,
        hash,
        'Seed\n1',
        '0.1.0',
        'matrix-completion-3f9ac1d2',
      ]) {
        expect(text).toContain(part);
      }
      await page.page.getByRole('button', { name: strings.actions.revealFile(record.fileName) }).click();
      expect((await page.posted()).at(-1)).toEqual({ type: 'revealFile' });
    }));

  it('verdicts: result in words with an icon, what was expected and found, and every reason', () =>
    withPage({}, async (page) => {
      const record = finished();
      await page.send(snapshot(record));
      const items = await page.page.locator('.verdict').allInnerTexts();
      expect(items).toHaveLength(record.verdicts.length);
      record.verdicts.forEach((verdict, index) => {
        expect(items[index]).toContain(strings.verdicts.results[verdict.result]);
        expect(items[index]).toContain(typeset(verdict.reasons[0]!));
      });
      expect(await page.page.locator('.verdict .icon').count()).toBe(record.verdicts.length);
    }));

  it('many verdicts: those that are met stand behind a line that counts them, the others in sight', () =>
    withPage({}, async (page) => {
      const record = finished();
      const [first, second] = record.verdicts;
      const many = Array.from({ length: 9 }, (_, i) => ({ ...first!, id: `branches[${i}].rank` }));
      record.accepted!.config.expect = {};
      record.verdicts = [...many, { ...second!, id: 'recoveredFrom (width 3)', result: 'failed' }];
      await page.send(snapshot(record));
      const visible = page.page.locator('.verdict:visible');
      expect(await visible.allInnerTexts()).toEqual([expect.stringContaining(strings.verdicts.names['recoveredFrom']!)]);
      expect(await visible.innerText()).toContain('(width 3)');
      const summary = page.page.locator('.folded-verdicts summary');
      expect(await summary.innerText()).toBe(strings.verdicts.folded(9, 10));
      await summary.press('Enter');
      expect(await visible.count()).toBe(10);
    }));

  it('before the end the expectations stand there as not judged yet', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(halfway()));
      const items = await page.page.locator('.verdict').allInnerTexts();
      expect(items).toHaveLength(5);
      for (const item of items) expect(item).toContain(strings.verdicts.pending);
      expect(items[3]).toContain('below 10⁻⁸ at n\u00a0=\u00a07');
    }));

  it('results: a row for each sample size with the numbers of the record, the predicted one marked', () =>
    withPage({}, async (page) => {
      const record = finished();
      await page.send(snapshot(record));
      const [head, ...rows] = await tableOf(page, '.results table:not([hidden])');
      expect(head).toEqual(strings.results.columns);
      expect(rows).toHaveLength(16);
      for (const [index, row] of rows.entries()) {
        const result = record.sampleSizes[String(index + 1)]!;
        expect(row[0]).toBe(result.sampleSize === 7 ? `7${strings.results.predicted}` : String(result.sampleSize));
        expect(row[1]).toBe('10');
        expect(row[2]).toBe(formatNumber(result.medianTestError));
        expect(row[4]).toBe(String(result.empiricalRank));
        expect(row[6]).toContain(strings.results.states[result.state]);
      }
      expect(rows[2]![6]).toContain('1 diverged');
    }));

  it('every chart has a table that says the same, and a sentence', () =>
    withPage({}, async (page) => {
      const record = finished();
      await page.send({
        ...snapshot(record),
        view: { axes: {}, openTables: ['testError', 'lossCurves', 'hessian', 'singularValues'], selectedCell: '7/3' },
      });
      const cell = record.cells['7/3']!;
      const errors = await tableOf(page, '#table-testError table');
      expect(errors.slice(1).map((row) => row[2])).toEqual(
        Object.values(record.sampleSizes).map((row) => formatNumber(row.medianTestError)),
      );
      const losses = await tableOf(page, '#table-lossCurves table');
      expect(losses).toHaveLength(1 + Object.keys(record.curves).length);
      expect(losses.find((row) => row[0] === '7' && row[1] === '3')?.[3]).toBe(formatNumber(cell.trainLoss));
      expect(losses.find((row) => row[0] === '3' && row[1] === '4')?.[4]).toBe(strings.stopReasons.diverged);
      const eigenvalues = await tableOf(page, '#table-hessian table');
      const byMagnitude = [...cell.hessian!.eigenvalues].sort((a, b) => Math.abs(b) - Math.abs(a));
      expect(eigenvalues.slice(1).map((row) => row[1])).toEqual(byMagnitude.map((value) => formatNumber(value, 6)));
      expect(eigenvalues.filter((row) => row[2] === 'negative')).toHaveLength(3);
      expect(eigenvalues.filter((row) => row[2] === 'not known')).toHaveLength(17);
      const values = await tableOf(page, '#table-singularValues table');
      expect(values.slice(1).map((row) => row[1])).toEqual(
        cell.solutionRank!.singularValues.map((value) => formatNumber(value, 6)),
      );
      expect(values.filter((row) => row[2] === 'yes')).toHaveLength(7);
      for (const chart of ['testError', 'lossCurves', 'hessian', 'singularValues']) {
        const canvas = page.page.locator(`[data-chart=${chart}] canvas`);
        expect(await canvas.getAttribute('role')).toBe('img');
        expect(await canvas.getAttribute('aria-label')).toContain(
          await page.page.locator(`[data-chart=${chart}] .chart-summary`).innerText(),
        );
        expect(await page.page.locator(`#table-${chart} caption`).innerText()).not.toBe('');
        expect(await page.ink(chart)).toBeGreaterThan(2000);
      }
      expect(await page.page.locator('[data-chart=singularValues] .chart-summary').innerText()).toMatch(
        /rank 7 of a 16 × 32 tangent matrix .* gap .* between σ₇ and σ₈: the cut is clear/,
      );
      expect(await page.page.locator('[data-chart=testError] .chart-summary').innerText()).toContain(
        'from n\u00a0=\u00a07 on. Predicted: n\u00a0=\u00a07.',
      );
    }));

  it('a large Hessian is a density with its error, and spectra on the way can be looked back at', () =>
    withPage({}, async (page) => {
      const record = finished();
      const cell = record.cells['7/3']!;
      const { density, early } = largeSpectra();
      cell.hessian = density;
      record.histories['7/3'] = {
        spectra: [
          { step: 0, measurement: early },
          { step: 1200, measurement: density },
        ],
        stride: 1,
        arrived: 2,
      };
      await page.send({ ...snapshot(record), view: { axes: {}, openTables: ['hessian'], selectedCell: '7/3' } });
      const summary = page.page.locator('[data-chart=hessian] .chart-summary');
      expect(await summary.innerText()).toMatch(
        /density of the eigenvalues .* from 10 random vectors and 80 Lanczos steps each; eigenvalues from −0\.5 to 4\. They are the outermost of 5000\..*Trace 1200 ± 30\./,
      );
      expect(await page.ink('hessian')).toBeGreaterThan(1000);
      const rows = await tableOf(page, '#table-hessian table');
      expect(rows[1]).toEqual(['1', '4', 'positive', '', '0.1 (not converged)']);
      expect(rows).toHaveLength(1 + 4 + density.density!.values.length);
      expect(rows.at(-1)![0]).toBe(strings.hessian.density);

      const place = page.page.getByRole('slider', { name: strings.hessian.at, exact: true });
      await place.focus();
      await page.page.keyboard.press('Home');
      await page.drawn();
      expect(await summary.innerText()).toMatch(
        /step 0, loss [\d.]+: 2 eigenvalues .* 1 positive, 0 negative, 1 zero within the error bound/,
      );
      expect(await tableOf(page, '#table-hessian table')).toHaveLength(3);

      await page.page.getByRole('checkbox', { name: strings.hessian.allSteps, exact: true }).click();
      await page.drawn();
      expect(await summary.innerText()).toMatch(/Hessian eigenvalues at 3 steps of the training; at step .* from −0\.5 to 4\./);
      const history = await tableOf(page, '#table-hessian table');
      expect(history.map((row) => row[1])).toEqual(['Eigenvalue', '2', '−10⁻⁹', '4', '−0.5', '4', '−0.5']);
      expect(await page.ink('hessian')).toBeGreaterThan(500);
    }));

  it('an inconclusive rank says so in words', () =>
    withPage({}, async (page) => {
      const record = finished();
      const { measurement } = record.ranks[0]!;
      Object.assign(measurement, { gap: 12, conclusive: false });
      record.cells = {};
      await page.send(snapshot(record));
      expect(await page.page.locator('[data-chart=singularValues] .chart-summary').innerText()).toContain(
        'inconclusive, the rank is a guess',
      );
      expect(await page.page.locator('.tiles').innerText()).toContain(strings.tiles.inconclusive(12));
    }));

  it('says what a log axis cannot show', () =>
    withPage({}, async (page) => {
      const record = finished();
      record.cells['9/0']!.testError = 0;
      await page.send(snapshot(record));
      const note = page.page.locator('[data-chart=testError] figcaption .chart-note');
      expect(await note.innerText()).toContain(strings.charts.zerosLeftOut(1));
      await button(page, /Test error against sample size: vertical axis is logarithmic/).click();
      await page.drawn();
      expect(await note.innerText()).not.toContain(strings.charts.zerosLeftOut(1));
    }));

  it('a chart without data says what will bring it', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(recordOf(recoveryEvents({ hessian: 'none' }).slice(0, 3))));
      expect(await page.page.locator('.chart-empty:visible').allInnerTexts()).toEqual([
        strings.testError.empty,
        strings.lossCurves.empty,
        strings.singularValues.empty,
        strings.hessian.notAnalysed,
      ]);
    }));

  it('rank experiments show their points and empirical ranks instead of losses', () =>
    withPage({ theme: 'light' }, async (page) => {
      await page.send(snapshot(recordOf(rankEvents(), 'run-rank', 'tanh-rank.recovery.json')));
      expect(
        await page.page
          .locator('[data-chart]')
          .evaluateAll((charts) =>
            charts.map((chart) => (chart as unknown as { dataset: Record<string, string> }).dataset['chart']),
          ),
      ).toEqual(['singularValues', 'empiricalRank']);
      const rows = await tableOf(page, '.results table:not([hidden])');
      expect(rows.slice(1).map((row) => row.slice(0, 2))).toEqual([
        [strings.singularValues.sourceOf.minimal, '18'],
        ['null 1', '18'],
        ['splitting 2', '18'],
      ]);
      await button(page, strings.charts.tableLabel(strings.empiricalRank.title)).click();
      await page.drawn();
      const ranks = await tableOf(page, '#table-empiricalRank table');
      expect(ranks.slice(1).map((row) => [row[1], row[3]])).toEqual(
        Array.from({ length: 24 }, (_, k) => [String(Math.min(k + 1, 18)), k + 1 >= 18 ? 'yes' : 'no']),
      );
      await page.screenshot('rank-light');
    }));

  it('follows the latest training until one is chosen', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(halfway()));
      const summary = page.page.locator('[data-chart=hessian] .chart-summary');
      const last = Object.values(halfway().cells).at(-1)!;
      expect(await summary.innerText()).toContain(strings.charts.trialName(last.sampleSize, last.trial));
      await page.page.getByLabel(strings.selection.sampleSize, { exact: true }).first().click();
      await page.page.getByRole('option', { name: '5', exact: true }).click();
      await page.drawn();
      expect(await summary.innerText()).toContain(strings.charts.trialName(5, last.trial));
      await expect
        .poll(async () => (await page.posted()).at(-1))
        .toMatchObject({ type: 'view', view: { selectedCell: `5/${last.trial}` } });
      await page.send({ type: 'events', events: EVENTS.slice(Math.floor(EVENTS.length * 0.4)) });
      expect(await summary.innerText()).toContain(strings.charts.trialName(5, last.trial));
      await page.page.getByText(strings.selection.follow).click();
      await page.drawn();
      expect(await summary.innerText()).toContain(strings.charts.trialName(16, 9));
    }));

  it('makes a list of hundreds of trainings only for somebody who comes near it', () =>
    withPage({}, async (page) => {
      const record = halfway();
      if (record.accepted?.config.experiment === 'recovery') record.accepted.config.training.trials = 400;
      await page.send(snapshot(record));
      const list = page.page.getByLabel(strings.selection.trial, { exact: true }).first();
      const options = list.locator('vscode-option');
      expect(await options.count()).toBe(1);
      await list.focus();
      expect(await options.count()).toBe(400);
      await list.press('ArrowDown');
      await expect.poll(async () => (await page.posted()).at(-1)).toMatchObject({ type: 'view' });
      const { selectedCell } = (await page.posted()).at(-1)?.['view'] as { selectedCell: string };
      const shown = Object.keys(halfway().cells).at(-1)!.split('/').map(Number);
      expect(selectedCell).toBe(`${shown[0]}/${shown[1]! + 1}`);
    }));
});

describe('states', () => {
  const cases: [RunState, () => RunRecord, string[], string[]][] = [
    [
      'queued',
      () => inState(recordOf([]), 'queued', { queuePosition: 3 }),
      [strings.status.queued(3)],
      ['Remove from queue', 'Show log'],
    ],
    ['waiting', () => inState(recordOf([]), 'waiting'), [strings.status.waiting], ['Stop', 'Show log']],
    [
      'running',
      () => inState(halfway(), 'running'),
      ['Training', '63 of 160 trainings', 'about 12 s left'],
      ['Stop', 'Show log'],
    ],
    ['stopping', () => inState(halfway(), 'stopping'), [strings.status.stopping], ['Stopping…', 'Show log']],
    ['finished', () => finished(), ['In 19 s.'], ['Run again', 'Open report', 'Show log']],
    [
      'failed',
      () =>
        inState(recordOf([]), 'failed', {
          failed: {
            code: 'invalid-experiment',
            message: '"rows" must be at least 1.',
            exitCode: 2,
            at: { path: ['model', 'rows'], line: 4, column: 41 },
          },
        }),
      ['"rows" must be at least 1.', 'matrix-completion.recovery.json:4:41, model.rows'],
      ['Run again', 'Show log'],
    ],
    [
      'cancelled',
      () => inState(halfway(), 'cancelled'),
      [strings.status.cancelled(63, 160)],
      ['Resume', 'Run again', 'Show log'],
    ],
    [
      'crashed',
      () => inState(halfway(), 'crashed', { crash: 'Ended by SIGSEGV.\nout of memory' }),
      [strings.status.crashed, 'Ended by SIGSEGV.', 'out of memory'],
      ['Resume', 'Run again', 'Show log'],
    ],
    [
      'interrupted',
      () => inState(halfway(), 'interrupted', { crash: 'Its window was closed.' }),
      [strings.status.interrupted, 'Its window was closed.'],
      ['Resume', 'Run again', 'Show log'],
    ],
  ];

  it.each(cases)('%s has its own words and buttons', (state, record, texts, buttons) =>
    withPage({ width: 1000, height: 560 }, async (page) => {
      await page.send(snapshot(record()));
      const status = await page.page.innerText('.status');
      expect(status).toContain(strings.states[state]);
      for (const text of texts) expect(status).toContain(text);
      const shown = await page.page.locator('.actions vscode-button:visible').allInnerTexts();
      expect(shown.map((text) => text.trim())).toEqual(buttons);
      await page.page.screenshot({ path: `test-results/screenshots/state-${state}.png` });
    }),
  );

  it('before the engine has judged anything it says that the remaining time is not known', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(recordOf(EVENTS.slice(0, 5))));
      await page.send({
        type: 'events',
        events: [{ type: 'progress', done: 0, total: 160, steps: 0, elapsedMs: 20, remainingMs: null }],
      });
      expect(await page.page.innerText('.status')).toContain(strings.status.remainingUnknown);
      expect(await page.page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('0');
    }));

  it('stop asks once and says “Stopping…” until the state changes', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(halfway()));
      await stopButton(page).click();
      await stopButton(page).click({ force: true });
      await page.page.keyboard.press('Enter');
      expect((await page.posted()).filter(({ type }) => type === 'stop')).toHaveLength(1);
      expect(await stopButton(page).innerText()).toBe(strings.actions.stopping);
      // News of the run that still goes on does not bring Stop back.
      await page.send({ type: 'events', events: EVENTS.slice(1500, 1510) });
      expect(await stopButton(page).innerText()).toBe(strings.actions.stopping);
      await page.send({ type: 'state', state: 'stopping', crash: null });
      expect(await stopButton(page).innerText()).toBe(strings.actions.stopping);
      await page.send({ type: 'state', state: 'cancelled', crash: null });
      expect(await page.page.getByText('Stopping…').isVisible()).toBe(false);
      await button(page, strings.actions.resume).click();
      await button(page, strings.actions.runAgain).click();
      await button(page, strings.actions.showLog).click();
      expect((await page.posted()).slice(-3)).toEqual([{ type: 'resume' }, { type: 'runAgain' }, { type: 'showLog' }]);
      // The next run can be stopped again.
      await page.send(snapshot({ ...halfway(), id: 'run-2' }));
      expect((await stopButton(page).innerText()).trim()).toBe(strings.actions.stop);
    }));

  it('announces the outcome once at the end, and not for a run that was over when the panel opened', () =>
    withPage({}, async (page) => {
      const live = page.page.locator('[aria-live=polite]');
      await page.send(snapshot(halfway()));
      expect(await live.textContent()).toBe('');
      await page.send({ type: 'events', events: EVENTS.slice(Math.floor(EVENTS.length * 0.4)) });
      expect(await live.textContent()).toBe('Finished. 3 of 5 expectations met, 1 failed, 1 inconclusive.');
      await page.page.reload();
      await page.send(snapshot(finished()));
      expect(await live.textContent()).toBe('');
    }));
});

describe('live', () => {
  it('shows points while the run goes on', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(recordOf(EVENTS.slice(0, 5))));
      expect(await page.ink('testError')).toBe(0);
      const seen: number[] = [];
      for (const end of [60, 300, 900]) {
        await page.send({ type: 'events', events: EVENTS.slice(seen.length === 0 ? 5 : end === 300 ? 60 : 300, end) });
        seen.push((await tableOf(page, '.results table:not([hidden])')).length);
        expect(await page.page.innerText('.state-badge')).toBe(strings.states.running);
      }
      expect(seen[0]).toBeGreaterThan(1);
      expect(seen[2]).toBeGreaterThan(seen[0]!);
      expect(await page.ink('testError')).toBeGreaterThan(2000);
      expect(await page.ink('lossCurves')).toBeGreaterThan(2000);
    }));

  it('draws each chart once when it opens', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(finished()));
      await page.drawn();
      const charts = (await page.redraws()).map(({ chart }) => chart);
      expect(charts).toEqual(['testError', 'lossCurves', 'singularValues', 'hessian']);
    }));

  it('draws at most ten times a second, however fast events come', () =>
    withPage({}, async (page) => {
      const events: EngineEvent[] = recoveryEvents({ trials: 12 })
        .filter(({ type }) => type !== 'finished')
        .slice(5, 3505);
      await page.send(snapshot(recordOf(EVENTS.slice(0, 5))));
      await page.page.evaluate('window.harness.redraws.length = 0');
      const started = await page.page.evaluate<number>('performance.now()');
      await page.stream(events, 1000);
      const seconds = ((await page.page.evaluate<number>('performance.now()')) - started) / 1000;
      await page.drawn();
      // Long enough for many redraws, and no faster than it should be.
      expect(events.length).toBeGreaterThan(1500);
      expect(seconds).toBeGreaterThan((0.9 * events.length) / 1000);
      const redraws = await page.redraws();
      for (const chart of ['testError', 'lossCurves']) {
        const times = redraws.filter((redraw) => redraw.chart === chart).map(({ at }) => at);
        expect(times.length).toBeGreaterThan(5);
        // No window of a second holds more than ten, and one more for the frame that opens it.
        for (const [index, at] of times.entries())
          expect(times.slice(index).filter((time) => time < at + 1000).length).toBeLessThanOrEqual(11);
      }
      // Nothing got lost on the way.
      const cells = events.filter(({ type }) => type === 'cell').length;
      await button(page, strings.charts.tableLabel(strings.lossCurves.title)).click();
      await page.drawn();
      const rows = await tableOf(page, '#table-lossCurves table');
      expect(
        rows.filter((row) => row[4] !== strings.lossCurves.stillRunning && row[4] !== strings.lossCurves.columns[4]),
      ).toHaveLength(cells);
    }));

  it('a redraw costs the same however long the curves are: a million points become a few thousand strokes', () =>
    withPage({}, async (page) => {
      // Made in the page: a million points are slow to carry there.
      await page.page.evaluate(`(() => {
        const message = ${JSON.stringify(snapshot(recordOf(EVENTS.slice(0, 5))))};
        const steps = Array.from({ length: 1000 }, (_, k) => k + 1);
        for (let cell = 0; cell < 1000; cell++) {
          const [sampleSize, trial] = [(cell % 16) + 1, Math.floor(cell / 16)];
          const losses = steps.map((step) => (5 + sampleSize) / step ** 2);
          message.record.curves[sampleSize + '/' + trial] = { sampleSize, trial, steps, losses };
        }
        return window.harness.send(message);
      })()`);
      await page.page.evaluate('window.harness.redraws.length = 0');
      const before = await page.page.evaluate<number>('window.harness.operations()');
      await page.send({ type: 'events', events: [{ type: 'curve', sampleSize: 3, trial: 2, steps: [1001], losses: [1e-6] }] });
      const redraws = (await page.redraws()).filter(({ chart }) => chart === 'lossCurves').length;
      const strokes = (await page.page.evaluate<number>('window.harness.operations()')) - before;
      expect(redraws).toBeGreaterThan(0);
      expect(strokes / redraws).toBeGreaterThan(1000);
      expect(strokes / redraws).toBeLessThan(30_000);
    }));
});

describe('at home in the editor', () => {
  it('every control is reached by Tab, with a visible focus, and works by keyboard', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(finished()));
      const reached = new Set<string>();
      const focusLabel = `(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return '';
        return element.getAttribute('aria-label') || element.textContent.trim().slice(0, 80) || element.tagName;
      })()`;
      for (let k = 0; k < 90; k++) {
        await page.page.keyboard.press('Tab');
        reached.add(await page.page.evaluate<string>(focusLabel));
      }
      const titles = [strings.testError.title, strings.lossCurves.title, strings.singularValues.title, strings.hessian.title];
      for (const label of [
        strings.actions.revealFile('matrix-completion.recovery.json'),
        strings.header.details,
        strings.actions.runAgain,
        strings.actions.openReport,
        strings.actions.showLog,
        strings.selection.sampleSize,
        strings.selection.trial,
        strings.selection.follow,
        strings.singularValues.source,
        ...titles.map(strings.charts.tableLabel),
        ...titles.map((title) => strings.charts.axisToggleLabel('y', 'log', title)),
      ]) {
        expect([...reached]).toContain(label);
      }
      const table = button(page, strings.charts.tableLabel(strings.hessian.title));
      await table.focus();
      await page.page.keyboard.press('Enter');
      await page.drawn();
      expect(await page.page.locator('#table-hessian').isVisible()).toBe(true);
      expect(await page.page.locator('[data-chart=hessian] vscode-button[aria-expanded=true]').count()).toBe(1);
      // The table scrolls by keyboard: it takes the focus itself, after the plot and the switches of its legend.
      const order: unknown[] = [];
      for (let k = 0; k < 7; k++) {
        await page.page.keyboard.press('Tab');
        order.push(await page.page.evaluate('document.activeElement.id || document.activeElement.className'));
      }
      expect(order).toContain('plot');
      expect(order.indexOf('table-hessian')).toBeGreaterThan(order.lastIndexOf('legend-toggle'));
      await page.page.getByRole('button', { name: strings.actions.openReport }).focus();
      await page.page.keyboard.press('Enter');
      await expect.poll(async () => (await page.posted()).at(-1)?.['type'], { timeout: 5000 }).toBe('openReport');
    }));

  it('hostile text is text', async () => {
    const attack = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 2</script>';
    await withPage({}, async (page) => {
      const record = recordOf(recoveryEvents({ title: attack, trials: 2 }), attack, attack);
      record.accepted!.config.description = attack;
      record.accepted!.predictions.formula = attack;
      record.accepted!.predictions.source = attack;
      record.accepted!.runFolder = attack;
      record.verdicts[0]!.reasons = [attack];
      record.verdicts[0]!.id = attack;
      record.ranks[0]!.name = attack;
      record.engine = attack;
      record.state = 'crashed';
      record.crash = attack;
      await page.send(snapshot(record));
      await page.page.locator('summary').click();
      expect(await page.page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.page.locator('img, #root script').count()).toBe(0);
      expect(await page.page.innerText('h1')).toBe(attack);
      expect(await page.page.innerText('.reason')).toBe(attack);
      expect(await page.page.innerText('.verdicts')).toContain(attack);
      await page.page.locator('[data-chart=singularValues] vscode-dropdown').focus();
      expect(await page.page.locator('vscode-option').allTextContents()).toContain(strings.singularValues.sourceOf.point(attack));
    });
  });

  it.each(['dark', 'light', 'highContrast', 'highContrastLight'] as const)('looks right in %s', (theme) =>
    withPage({ theme, deviceScaleFactor: 1 }, async (page) => {
      await page.send(snapshot(finished()));
      await page.drawn();
      await page.screenshot(`finished-${theme}`);
      await page.send(snapshot(inState(halfway(), 'running')));
      await page.drawn();
      await page.screenshot(`running-${theme}`);
    }),
  );

  it('follows a change of theme: charts take the new colours', () =>
    withPage({ theme: 'dark' }, async (page) => {
      await page.send(snapshot(finished()));
      const skyBlue: [number, number, number] = [86, 180, 233];
      const blue: [number, number, number] = [0, 114, 178];
      expect(await page.colour('testError', skyBlue)).toBeGreaterThan(100);
      expect(await page.colour('testError', blue)).toBe(0);
      await page.setTheme('light');
      expect(await page.colour('testError', skyBlue)).toBe(0);
      const normal = await page.colour('testError', blue);
      expect(normal).toBeGreaterThan(100);
      await page.setTheme('highContrastLight');
      // Lines are thicker there.
      expect(await page.colour('testError', blue)).toBeGreaterThan(normal * 1.2);
    }));

  it('one column in a narrow panel, two in a wide one, and nothing sticks out', async () => {
    for (const [width, columns] of [
      [480, 1],
      [880, 1],
      [1100, 2],
    ] as const) {
      await withPage({ width }, async (page) => {
        await page.send(snapshot(finished()));
        const lefts = await page.page
          .locator('.chart:visible')
          .evaluateAll((charts) =>
            charts.map((chart) =>
              Math.round((chart as unknown as { getBoundingClientRect(): { left: number } }).getBoundingClientRect().left),
            ),
          );
        expect(new Set(lefts).size).toBe(columns);
        expect(await page.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        if (width === 480) await page.screenshot('narrow-dark');
      });
    }
  });

  it('is sharp on a dense screen', () =>
    withPage({ deviceScaleFactor: 2 }, async (page) => {
      await page.send(snapshot(finished()));
      const ratio = await page.page.locator('[data-chart=testError] canvas').evaluate((canvas) => {
        const { width, clientWidth } = canvas as unknown as { width: number; clientWidth: number };
        return width / clientWidth;
      });
      expect(ratio).toBeCloseTo(2, 1);
    }));

  it('holds still for people who ask for reduced motion', () =>
    withPage({ reducedMotion: 'reduce' }, async (page) => {
      await page.send(snapshot(inState(halfway(), 'stopping')));
      expect(await page.page.locator('.busy').isVisible()).toBe(false);
    }));

  it('tells the value under the pointer', () =>
    withPage({}, async (page) => {
      await page.send(snapshot(finished()));
      const canvas = page.page.locator('[data-chart=testError] canvas');
      await canvas.scrollIntoViewIfNeeded();
      const box = (await canvas.boundingBox())!;
      const before = await page.ink('testError');
      await page.page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.75);
      await expect.poll(() => page.ink('testError')).toBeGreaterThan(before);
      await page.page.screenshot({ path: 'test-results/screenshots/hover-dark.png' });
    }));
});

describe('size', () => {
  it('the panel and the report stay small', () => {
    expect(browser.size('run.js')).toBeLessThan(450 * 1024);
    expect(browser.size('report.js')).toBeLessThan(300 * 1024);
    // A script inside a page ends at this text, wherever it stands.
    expect(browser.text('report.js')).not.toMatch(/<\/script|<!--/i);
  });
});
