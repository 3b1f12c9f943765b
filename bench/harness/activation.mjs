// node bench/harness/activation.mjs ROUNDS: opens an experiment in a served VS Code as often, each time in a new server, and prints what the
// extension itself took on the thread of its extension host to be loaded and to activate: a JSON list of { load, activate },
// each { clock, cpu } in seconds.
// Other extensions start at the same time, so that VS Code's own figure for one of them has the time of others in it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openBrowser, startServer, workbenchUrl } from '../../test/host/host.mjs';
import { installHost } from '../../test/host/installHost.mjs';
import { workbench } from '../../test/host/workbench.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const EXAMPLE = 'quick-start.recovery.json';
const PARTS = ['dist/extension.js', 'dist/theory.js', 'l10n', 'media', 'package.nls.json', 'package.nls.de.json'];

/** Takes the time of requiring the extension, and of its `activate`: by the clock, and of the processor in all threads of the process. */
const measuredMain = (file) => `
const now = () => ({ clock: performance.now() / 1000, cpu: process.cpuUsage() });
const since = ({ clock, cpu }) => {
  const { user, system } = process.cpuUsage(cpu);
  return { clock: performance.now() / 1000 - clock, cpu: (user + system) / 1e6 };
};
const begin = now();
const extension = require('./dist/extension.js');
const load = since(begin);
exports.activate = (context) => {
  const called = now();
  const exported = extension.activate(context);
  require('node:fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify({ load, activate: since(called) }));
  return exported;
};
exports.deactivate = extension.deactivate;
`;

/** The extension with a main file that measures. */
function measuredExtension(folder, file) {
  for (const part of PARTS) fs.cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...manifest, main: './measured.js', browser: undefined }));
  fs.writeFileSync(path.join(folder, 'measured.js'), measuredMain(file));
}

async function measure(extensionDevelopmentPath, workspace, file) {
  fs.rmSync(file, { force: true });
  const server = await startServer();
  const browser = await openBrowser();
  try {
    await browser.page.goto(workbenchUrl(server, { workspace, extensionDevelopmentPath }));
    await workbench.ready(browser.page);
    await workbench.openFile(browser.page, EXAMPLE);
    await workbench.codeLens(browser.page, 'Predicted: 5 samples').waitFor({ timeout: 120_000 });
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } finally {
    await browser.close();
    await server.stop();
  }
}

installHost();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-activation-'));
try {
  const [extension, workspace, file] = ['extension', 'workspace', 'times.json'].map((name) => path.join(folder, name));
  fs.mkdirSync(extension);
  fs.mkdirSync(workspace);
  fs.copyFileSync(path.join(root, 'examples', EXAMPLE), path.join(workspace, EXAMPLE));
  measuredExtension(extension, file);
  const times = [];
  for (let round = 0; round < Number(process.argv[2]); round++) times.push(await measure(extension, workspace, file));
  console.log(JSON.stringify(times));
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
