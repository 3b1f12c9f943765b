// SIGKILL of an editor's extension host while it runs an experiment: a served VS Code, one for all tries.
import fs from 'node:fs';
import path from 'node:path';
import { HOST_VSCODE } from '../host/installHost.mjs';
import { engines, isAlive } from '../host/processes.mjs';
import { workbench } from '../host/workbench.mjs';
import { eventually, openWorkbench } from '../vscode/session.mjs';

const NAME = 'faults';
let session;

/** Why it cannot be tried; undefined where it can. */
export function whyNot() {
  if (!fs.existsSync(path.join(HOST_VSCODE, 'out/server-main.js')))
    return 'there is no VS Code here: npm test -- vscode installs it';
  if (!fs.existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')) return 'there is no Chromium here';
  return fs.existsSync('/proc/self/stat') ? undefined : 'this system has no /proc';
}

const rows = (page, text) => page.locator('.pane-body .monaco-list-row', { hasText: text });

/**
 * Runs an experiment from its lens and kills the host after a while.
 *
 * @param text of the experiment
 * @param afterMs milliseconds after its engine is there
 * @returns the run folder, undefined when there was none yet, and what was not as it should be
 */
export async function killHost(text, afterMs) {
  const wrong = [];
  session ??= await openWorkbench({ [NAME]: text });
  const { page, server, folder } = session;
  const runs = path.join(folder, 'recovery-runs');
  const known = new Set(fs.existsSync(runs) ? fs.readdirSync(runs) : []);
  await workbench.command(page, 'View: Show Explorer');
  await workbench.openFile(page, `${NAME}.recovery.json`);
  await workbench.pressLens(page, 'Run');
  let engine;
  await eventually('the engine', () => (engine = engines(server.pid)[0]) !== undefined, 60_000);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  process.kill(engine.parent, 'SIGKILL');
  try {
    await eventually('no engine', () => !isAlive(engine.pid) && engines(server.pid).length === 0, 20_000);
  } catch {
    wrong.push('an engine outlives its host');
  }
  const name = (fs.existsSync(runs) ? fs.readdirSync(runs) : []).find((each) => !known.has(each) && !each.startsWith('.'));
  const run = name === undefined ? undefined : path.join(runs, name);
  const isDone = run !== undefined && fs.existsSync(path.join(run, 'summary.json'));
  const began = run !== undefined && fs.existsSync(path.join(run, 'experiment.json'));
  await workbench.reload(page);
  // The extension is there again.
  await workbench.codeLens(page, 'Run').waitFor({ timeout: 120_000 });
  await workbench.command(page, 'View: Show Recovery Lab');
  const open = began && !isDone ? 1 : 0;
  const done = known.size + (isDone ? 1 : 0);
  const shown = async () => [
    await rows(page, 'Without an end').count(),
    await rows(page, /Recovered from|Not recovered/).count(),
  ];
  try {
    await eventually('the runs', async () => String(await shown()) === String([open, done]), 60_000);
  } catch {
    wrong.push(`shown without an end and with one: ${String(await shown())} instead of ${open},${done}`);
  }
  if ((await rows(page, 'Running').count()) > 0) wrong.push('a run is shown as running after its engine has gone');
  return { run: began ? run : undefined, wrong };
}

export async function closeHost() {
  await session?.close();
  session = undefined;
}
