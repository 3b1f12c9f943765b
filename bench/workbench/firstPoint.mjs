// node bench/workbench/firstPoint.mjs RUNS
// Opens an experiment in a served VS Code, presses Run and Stop so many times and prints a JSON line for each time: milliseconds from the
// press of the mouse button to the panel's first state and to the first point in a chart, at the latest: who looks asks again and again.
process.env.EXTENSION = 'folder';
const { workbench } = await import('../../test/host/workbench.mjs');
const { isIn, openWorkbench } = await import('../../test/vscode/session.mjs');

/** Trainings that take less than a millisecond, of a sweep that nobody waits for. */
const EXPERIMENT = {
  experiment: 'recovery',
  model: { kind: 'matrixFactorization', rows: 4, columns: 4 },
  target: { kind: 'lowRank', rank: 1, seed: 1 },
  data: { sampleSizes: { from: 1, to: 16 }, inputs: { kind: 'entries', order: 'bestConditioned' } },
  training: { trials: 50_000 },
};

const session = await openWorkbench({ many: JSON.stringify(EXPERIMENT, null, 2) }, { settings: { 'recoveryLab.workers': 2 } });
try {
  const { page } = session;
  const panel = workbench.webview(page);
  await page.evaluate(() => addEventListener('mousedown', () => (globalThis.pressedAt = Date.now()), { capture: true }));
  for (let run = 0; run < Number(process.argv[2]); run++) {
    await workbench.openFile(page, 'many.recovery.json');
    await workbench.pressLens(page, 'Run');
    const seen = async (locator) => {
      await locator.first().waitFor({ timeout: 60_000 });
      return Date.now();
    };
    const [state, result] = await Promise.all([
      seen(panel.locator('.status[data-state]')),
      seen(panel.locator('figure[data-chart=testError] .plot:not([hidden])')),
    ]);
    const pressed = await page.evaluate(() => globalThis.pressedAt);
    console.log(JSON.stringify({ state: state - pressed, result: result - pressed }));
    await workbench.pressLens(page, 'Stop');
    await isIn(page, 'cancelled').waitFor({ timeout: 30_000 });
    await workbench.command(page, 'View: Close All Editors');
  }
} finally {
  await session.close();
}
