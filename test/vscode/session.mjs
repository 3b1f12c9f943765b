// A workbench with the extension in it, in a browser, as the tests that work as a person does need it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { copyWorkspace, openBrowser, startServer, workbenchUrl } from '../host/host.mjs';
import { engines, isAlive } from '../host/processes.mjs';
import { workbench } from '../host/workbench.mjs';

export const root = path.resolve(import.meta.dirname, '../..');
export const SCREENSHOTS = path.join(root, 'test-results/screenshots');
const EXTENSION = process.env.EXTENSION ?? 'folder';
export const isFolder = EXTENSION === 'folder';

const ALL_THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern', 'high-contrast': 'Default High Contrast' };
/** The package is the same code; it has to show that nothing is missing from it. */
export const THEMES = isFolder ? ALL_THEMES : { dark: ALL_THEMES.dark };

/** Asks until the answer is true. */
export async function eventually(what, ask, timeoutMs) {
  const end = Date.now() + timeoutMs;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The process of the only engine: one waits for the next run only while none is at work. */
export async function theEngine(server) {
  await eventually('one engine', () => engines(server.pid).length === 1, 30_000);
  return engines(server.pid)[0].pid;
}

export const isGone = (pid) => eventually('the engine to be gone', () => !isAlive(pid), 15_000);

/** Opens a file in a window without others, runs it and waits for its end. */
export async function runFile(page, name) {
  await workbench.command(page, 'View: Close All Editors');
  await workbench.openFile(page, `${name}.recovery.json`);
  await workbench.pressLens(page, 'Run');
  await isIn(page, 'finished').waitFor({ timeout: 100_000 });
}

/** The extension with the file system `memfs:`, packaged. */
function packedMemfs() {
  const file = path.join(root, 'out/memfs.vsix');
  const args = ['package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', file];
  execFileSync(process.execPath, [path.join(root, 'node_modules/@vscode/vsce/vsce'), ...args], {
    cwd: path.join(import.meta.dirname, 'memfs'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return file;
}

/**
 * A workbench with the extension, and everything that it asks for or complains about. `kind: 'web'` runs the extension in a worker of
 * the browser, as where there is no machine behind it. `language` is that of the display; without a language pack VS Code's own words
 * stay English, and those of extensions change. `prepare` gets the folder before it is opened. `isVirtual` opens what is in it as a folder
 * that is on no machine. `size`: of the window, in pixels; `settings`: of the user, beside those of all tests. `through`
 * makes a way to the server and gives its host and port; `graceSeconds`: how long the extension host waits for a window that is gone.
 */
export async function openWorkbench(
  experiments,
  {
    trust = true,
    size = { width: 1600, height: 1000 },
    settings = {},
    kind,
    language,
    isVirtual = false,
    prepare = () => undefined,
    through = (server) => server.authority,
    graceSeconds,
  } = {},
) {
  const workspace = copyWorkspace(path.join(import.meta.dirname, 'workspace'));
  for (const [name, text] of Object.entries(experiments))
    fs.writeFileSync(path.join(workspace.folder, `${name}.recovery.json`), text);
  prepare(workspace.folder);
  const server = await startServer({
    env: { MEMFS_FROM: workspace.folder },
    trust,
    graceSeconds,
    vsix: [...(isFolder ? [] : [path.resolve(root, EXTENSION)]), ...(isVirtual ? [packedMemfs()] : [])],
    settings: {
      'recoveryLab.workers': 1,
      'recoveryLab.maxConcurrentRuns': 1,
      ...(kind ? { 'remote.extensionKind': { 'recovery-lab.recovery-lab': [kind] } } : {}),
      ...settings,
    },
  });
  let authority;
  try {
    authority = await through(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const browser = await openBrowser(size);
  const { page } = browser;
  const requests = [];
  const violations = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text()) && /run\.js|webview|inline|nonce/i.test(message.text()))
      violations.push(message.text());
  });
  const url = workbenchUrl(
    { authority },
    {
      workspace: isVirtual ? 'memfs:/' : workspace.folder,
      extensionDevelopmentPath: isFolder ? root : undefined,
    },
  );
  // Where VS Code keeps it that found a language pack.
  if (language) await page.addInitScript((name) => (globalThis._VSCODE_NLS_LANGUAGE = name), language);
  await page.goto(url);
  await workbench.ready(page);
  const close = async () => {
    await browser.close();
    await server.stop();
    workspace.remove();
  };
  return { page, server, folder: workspace.folder, requests, violations, close };
}

/** The status line of a results panel in this state. */
export const isIn = (page, state) => workbench.webview(page).locator(`.status[data-state="${state}"]`);

/** Reloads the window with another theme. */
export async function reloadWithTheme({ page, server }, theme) {
  const file = path.join(server.state, 'data/User/settings.json');
  const settings = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }));
  await workbench.reload(page);
}

/** Keeps a picture of what went wrong. */
export async function pictureOfFailure(page, { state, title }) {
  if (state !== 'failed') return;
  const file = path.join(SCREENSHOTS, `failed-${title.replace(/\W+/g, '-')}.png`);
  await page.screenshot({ path: file }).catch(() => undefined);
}
