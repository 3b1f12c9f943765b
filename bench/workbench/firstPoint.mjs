// node bench/workbench/firstPoint.mjs RUNS [no-ready-engine]
// Opens an experiment in a served VS Code, presses Run and Stop so many times, with a new panel and with the one that is there, and prints a JSON line for each time: milliseconds from the
// press of the mouse button to the panel's first state and to the first point in a chart, each once it is on the screen.
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

/** In every frame of the window: says when the panel's state and the first point in its chart were on the screen. */
function watch() {
  const places = {
    state: '.status[data-state]:not([data-state=cancelled])',
    result: '[data-state=running] [data-chart=testError] .plot:not([hidden])',
  };
  /** A page that has shown a run may still show that one while it is behind. */
  const ofThisRun = '[data-state=running]:not([data-pending]) [data-chart=testError]';
  let isNew = true;
  const there = {};
  setInterval(() => {
    for (const [name, selector] of Object.entries(places)) {
      const isThere =
        document.querySelector(selector) !== null && (name === 'state' || isNew || document.querySelector(ofThisRun) !== null);
      if (there.result && !isThere) isNew = false;
      // The frame in which it is drawn has ended where the next one begins, which may have much of its own to do.
      const tell = (begin) => console.log(`seen ${name} ${Math.round(performance.timeOrigin + begin)}`);
      if (isThere && !there[name]) requestAnimationFrame(tell);
      there[name] = isThere;
    }
  }, 5);
}

const session = await openWorkbench(
  { many: JSON.stringify(EXPERIMENT, null, 2) },
  {
    settings: { 'recoveryLab.workers': 2, 'recoveryLab.keepEngineReady': process.argv[3] !== 'no-ready-engine' },
  },
);
try {
  const { page } = session;
  await page.addInitScript(watch);
  await page.evaluate(() => addEventListener('mousedown', () => (globalThis.pressedAt = Date.now()), { capture: true }));
  for (let run = 0; run < 2 * Number(process.argv[2]); run++) {
    const isNew = run % 2 === 0;
    if (isNew) await workbench.openFile(page, 'many.recovery.json');
    // As long as somebody looks at it, at least.
    await page.waitForTimeout(3000);
    const seen = (name) =>
      page
        .waitForEvent('console', { predicate: (message) => message.text().startsWith(`seen ${name} `), timeout: 60_000 })
        .then((message) => Number(message.text().split(' ')[2]));
    const both = Promise.all([seen('state'), seen('result')]);
    await workbench.pressLens(page, 'Run');
    const [state, result] = await both;
    const pressed = await page.evaluate(() => globalThis.pressedAt);
    console.log(JSON.stringify({ isNew, state: state - pressed, result: result - pressed }));
    await workbench.pressLens(page, 'Stop');
    await isIn(page, 'cancelled').waitFor({ timeout: 30_000 });
    if (!isNew) await workbench.command(page, 'View: Close All Editors');
  }
} finally {
  await session.close();
}
