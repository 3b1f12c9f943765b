// What the pictures of docs/panels.md show, and how a person comes to see it. Each stands there with its title and its sentence.
import { workbench } from '../../test/host/workbench.mjs';
import { makeFile, misspell, noProblems, picked, quickFix } from '../../test/vscode/editing.mjs';
import { isIn, reloadWithTheme } from '../../test/vscode/session.mjs';

const PATIENCE_MS = 60_000;
const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern', contrast: 'Default High Contrast' };
/** Examples that are run; the recovered matrix, the sweep, and one of every kind. */
const RUN = [
  'matrix-completion',
  'matrix-completion-rank2',
  'phase-diagram-matrices',
  'hessian-during-training',
  'rank-convolution-sharing',
  'geometry-two-neurons-exp',
  'independence-causes',
  'lifting-exp-saddle',
  'overlap-two-point-sigmoid',
  'repopulation-digits',
];

export const panelOf = (page) => workbench.webview(page);
const closeAll = (page) => workbench.command(page, 'View: Close All Editors');
/** As it was before a picture: no editor, no menu, the explorer in the side bar. */
async function tidy(page) {
  await page.keyboard.press('Escape');
  await workbench.command(page, 'View: Show Explorer');
  await closeAll(page);
}

const toggleSideBar = (page) => workbench.command(page, 'View: Toggle Primary Side Bar Visibility');

async function openResults(page, name) {
  await workbench.openFile(page, `${name}.recovery.json`);
  await workbench.pressLens(page, 'Show results');
  await isIn(page, 'finished').waitFor({ timeout: PATIENCE_MS });
}

/** The panel alone, in the whole width, with a part of it at the top. */
async function alone(page, name, place) {
  await openResults(page, name);
  await workbench.command(page, 'View: Close Editor'); // the focus stayed in the file
  await toggleSideBar(page);
  await toSight(page, place);
}

async function toSight(page, place) {
  if (place)
    await panelOf(page)
      .locator(place)
      .first()
      .evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await page.waitForTimeout(1500); // charts draw themselves once they are in sight
}

const panel = (name, theme, example, place, title, sentence) => ({
  name,
  theme,
  title,
  sentence,
  runs: [example],
  show: ({ page }) => alone(page, example, place),
});

/** `show` leads to what is seen, `leave` undoes what closing everything does not. */
export const STILLS = [
  {
    name: 'before-a-run',
    theme: 'dark',
    title: 'Before a run',
    sentence: 'The prediction stands in the file, with formula and source where the mouse rests.',
    async show({ page }) {
      await workbench.openFile(page, 'matrix-completion.recovery.json');
      await workbench.codeLens(page, 'Predicted: 7 samples').waitFor({ timeout: PATIENCE_MS });
      await page
        .locator('.view-lines span', { hasText: /^"sampleSizes"$/ })
        .first()
        .hover();
      await page.locator('.monaco-hover:visible', { hasText: 'Predicted: 7 samples' }).first().waitFor({ timeout: PATIENCE_MS });
      await page.waitForTimeout(1000); // it fades in
    },
  },
  {
    name: 'running',
    theme: 'dark',
    title: 'While it runs',
    sentence: 'Points arrive in the panel while the training goes on, and the status bar has phase and remaining time.',
    async show({ page }) {
      await workbench.openFile(page, 'long.recovery.json');
      await workbench.pressLens(page, 'Run');
      await isIn(page, 'running').waitFor({ timeout: PATIENCE_MS });
      await panelOf(page).locator('.results table:not([hidden]) tbody tr').nth(5).waitFor({ timeout: PATIENCE_MS });
      await toSight(page, '[data-chart="testError"]');
    },
    async leave({ page }) {
      await workbench.pressLens(page, 'Stop');
      await isIn(page, 'cancelled').waitFor({ timeout: PATIENCE_MS });
    },
  },
  panel(
    'run-panel',
    'dark',
    'matrix-completion',
    null,
    'The run panel',
    'A run ends in verdicts, each with its reasons, and in the numbers that they rest on.',
  ),
  panel(
    'published',
    'light',
    'matrix-completion',
    '#charts-title',
    'Published and measured',
    'What a paper printed is drawn in the same chart with a mark of its own, and stands in a table beside what the run measured.',
  ),
  panel(
    'one-training',
    'dark',
    'hessian-during-training',
    '.selection',
    'One training',
    'Of every training there are the singular values with cut and gap, and the Hessian spectrum, also of steps on its way.',
  ),
  panel(
    'sweep-panel',
    'dark',
    'phase-diagram-matrices',
    '#figures-title',
    'The sweep panel',
    'Median test error over target and sample size, with the prediction as a line across the map.',
  ),
  panel(
    'rank-panel',
    'light',
    'rank-convolution-sharing',
    '#charts-title',
    'The rank panel',
    'Singular values of the tangent matrix with the cut, and the rank of the samples by their number.',
  ),
  panel(
    'geometry-panel',
    'dark',
    'geometry-two-neurons-exp',
    '#figures-title',
    'The geometry panel',
    'The lattice of branches of the global minima, and from which sample size on each is separated.',
  ),
  panel(
    'independence-panel',
    'light',
    'independence-causes',
    '#figures-title',
    'The independence panel',
    'Singular values of the neurons as functions; the table below has the cause of every dependence.',
  ),
  panel(
    'lifting-panel',
    'dark',
    'lifting-exp-saddle',
    '#figures-title',
    'The lifting panel',
    'Gradients of lifted critical points for other data, and the loss along the directions that show a saddle.',
  ),
  panel(
    'overlap-panel',
    'light',
    'overlap-two-point-sigmoid',
    '#figures-title',
    'The overlap panel',
    'Two gradient flows from one start, the curves of zero loss, and the two limits that lie on both.',
  ),
  panel(
    'repopulation-panel',
    'dark',
    'repopulation-digits',
    '#figures-title',
    'The repopulation panel',
    'Errors and regulariser with and without repopulating neurons, by epoch.',
  ),
  {
    name: 'runs-view',
    runs: ['matrix-completion'],
    theme: 'dark',
    title: 'The view of runs',
    sentence: 'All runs by experiment, with what came out; they filter, sort, pin, compare, resume, and are deleted with undo.',
    async show({ page }) {
      await openResults(page, 'matrix-completion');
      await workbench.command(page, 'View: Show Recovery Lab');
      await page
        .locator('.pane-body .monaco-list-row', { hasText: 'Recovered from 7 samples' })
        .first()
        .waitFor({ timeout: PATIENCE_MS });
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'comparison',
    runs: ['matrix-completion', 'matrix-completion-rank2'],
    theme: 'contrast',
    title: 'Comparing runs',
    sentence: 'Any runs in the same charts, with the settings in which they differ and what came out of each.',
    async show({ page }) {
      await workbench.command(page, 'Recovery: Compare Runs…');
      await page.locator('.quick-input-title', { hasText: 'Compare Runs' }).waitFor({ timeout: PATIENCE_MS });
      const input = page.locator('.quick-input-widget input.input');
      for (const file of ['matrix-completion.recovery.json', 'matrix-completion-rank2.recovery.json']) {
        await input.fill(file); // of many runs the list shows those in sight alone
        await picked(page, file).click();
      }
      await input.fill('');
      await input.press('Enter');
      await panelOf(page).locator('h1', { hasText: 'Comparison of 2 runs' }).waitFor({ timeout: PATIENCE_MS });
      await toggleSideBar(page);
      await toSight(page, 'h1');
    },
  },
  {
    name: 'test-explorer',
    runs: ['matrix-completion'],
    theme: 'light',
    title: 'Verdicts and the Test Explorer',
    sentence: 'Every expectation is a test, with its verdict in the Test Explorer; a mark in the gutter runs it.',
    async show({ page }) {
      await openResults(page, 'matrix-completion');
      await workbench.command(page, 'View: Show Testing');
      const row = (text) => page.locator('.test-explorer .monaco-list-row', { hasText: text }).first();
      await row('matrix-completion').click({ timeout: PATIENCE_MS });
      await page.keyboard.press('ArrowRight');
      await row('recoveredFrom').waitFor({ timeout: PATIENCE_MS });
      await page.mouse.move(700, 700); // what is told of a row would lie over others
      await page.waitForTimeout(1000);
    },
  },
  {
    name: 'new-experiment',
    theme: 'light',
    title: 'A new experiment',
    sentence: 'It begins with a template of any kind, or with a published experiment.',
    async show({ page }) {
      await workbench.command(page, 'Recovery: New Experiment…');
      await picked(page, 'repopulation').waitFor({ timeout: PATIENCE_MS });
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'quick-fix',
    theme: 'contrast',
    title: 'Quick fixes',
    sentence: 'A name that is none is underlined, and the nearest one is offered.',
    async show({ page }) {
      await makeFile(page, 'Recovery of a 4x4', 'first');
      await noProblems(page);
      await misspell(page, 'trials', 2);
      await quickFix(page, 'Change to "trials"');
    },
    async leave({ page }) {
      await page.keyboard.press('Enter');
      await noProblems(page);
      await page.keyboard.press('Control+s');
    },
  },
  {
    name: 'walkthrough',
    theme: 'light',
    title: 'The walkthrough',
    sentence: 'Five steps lead to a first verdict.',
    async show({ page }) {
      await workbench.command(page, 'Welcome: Open Walkthrough...');
      await picked(page, 'A first verdict').click({ timeout: PATIENCE_MS });
      await page.locator('.getting-started-step', { hasText: 'Read the verdicts' }).first().click({ timeout: PATIENCE_MS });
      await page.waitForTimeout(1500); // the picture comes by a web view
    },
  },
];

/** Files of the workspace: the examples that are run and one that runs long. */
export function experimentsFor(read) {
  const first = read('matrix-completion');
  return {
    ...Object.fromEntries(RUN.map((name) => [name, read(name)])),
    long: first.replace('"trials": 50', '"trials": 3000'),
  };
}

/** Runs what these pictures show. */
export async function runExamples({ page }, stills) {
  for (const name of new Set(stills.flatMap(({ runs = [] }) => runs))) {
    console.log(`  running ${name}`);
    await workbench.openFile(page, `${name}.recovery.json`);
    await workbench.pressLens(page, 'Run');
    await isIn(page, 'finished').waitFor({ timeout: 5 * PATIENCE_MS });
    await closeAll(page);
  }
}

/**
 * Takes pictures theme by theme, as each change of theme is a reload of the window. `failed` hears of those that could not be taken.
 */
export async function takeStills(session, stills, take, failed) {
  for (const [theme, title] of Object.entries(THEMES)) {
    const ofTheme = stills.filter((still) => still.theme === theme);
    if (ofTheme.length === 0) continue;
    await reloadWithTheme(session, title);
    await tidy(session.page);
    for (const still of ofTheme) {
      console.log(`  ${still.name}, ${theme}`);
      try {
        await still.show(session);
        await take(still.name);
        await still.leave?.(session);
      } catch (error) {
        await failed(still.name, error);
        await workbench.reload(session.page);
      }
      await tidy(session.page);
    }
  }
}
