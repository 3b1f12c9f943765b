// A real VS Code for tests: its server on 127.0.0.1 and a Chromium that shows the workbench.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import util from 'node:util';
import { chromium } from 'playwright-core';
import { HOST_NODE, HOST_VSCODE } from './installHost.mjs';

/** User settings that keep the workbench quiet and off the network. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'chat.agentHost.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'json.schemaDownload.enable': false,
  'npm.fetchOnlinePackageInfo': false,
};

/** Lines of the workbench itself, which come the same way as those of the tests. */
const NOISE =
  /^(Resolv(ing|ed) connection token|Creating a socket|\[reconnection-grace-time\]|Ignoring fetching additional|Updating additional builtin|\[Service Worker\]|\[AgentHost|\[AccountPolicyGate\]|\[ChatModel|Timed out waiting for authentication provider|getaddrinfo ENOTFOUND|Canceled|InstantiationService has been disposed|Creation of workbench contribution)/;

const CHROMIUM_FLAGS = [
  '--no-sandbox', // Chromium refuses to run as root with it
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

const temporaryFolder = (name) => fs.mkdtempSync(path.join(os.tmpdir(), `recovery-lab-${name}-`));
const remove = (folder) => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** A fresh copy of a folder, so that a test may write into its workspace. */
export function copyWorkspace(folder) {
  const holder = temporaryFolder('workspace');
  const copy = path.join(holder, 'experiments');
  fs.cpSync(folder, copy, { recursive: true });
  return { folder: copy, remove: () => remove(holder) };
}

/**
 * Starts a server with a state folder of its own; `vsix` are packaged extensions to install first. An extension host whose window is gone
 * waits so many seconds for it.
 */
export async function startServer({ settings = {}, env = {}, vsix = [], trust = true, graceSeconds = 1 } = {}) {
  const state = temporaryFolder('server');
  const userData = path.join(state, 'data');
  fs.mkdirSync(path.join(userData, 'User'), { recursive: true });
  const everyone = trust ? { 'security.workspace.trust.enabled': false } : { 'security.workspace.trust.startupPrompt': 'never' };
  fs.writeFileSync(
    path.join(userData, 'User', 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...everyone, ...settings }, null, 2),
  );
  const main = path.join(HOST_VSCODE, 'out/server-main.js');
  const folders = ['--server-data-dir', state, '--user-data-dir', userData, '--extensions-dir', path.join(state, 'extensions')];
  const childEnv = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...env };
  for (const name of ['NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE', 'VSCODE_IPC_HOOK_CLI']) delete childEnv[name];
  for (const file of vsix) {
    const args = [main, '--accept-server-license-terms', ...folders, '--install-extension', path.resolve(file), '--force'];
    execFileSync(HOST_NODE, args, { env: childEnv, stdio: 'pipe' });
  }
  const flags = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--without-connection-token',
    '--enable-smoke-test-driver',
    '--disable-telemetry',
  ];
  if (trust) flags.push('--disable-workspace-trust');
  // Detached: a process group of its own, so that stop() ends the extension host and the file watcher too.
  const child = spawn(
    HOST_NODE,
    [
      main,
      '--accept-server-license-terms',
      ...folders,
      ...flags,
      '--disable-experiments',
      '--reconnection-grace-time',
      String(graceSeconds),
    ],
    {
      env: childEnv,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let log = '';
  const stop = async () => {
    await endGroup(child);
    remove(state);
  };
  try {
    const port = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The VS Code server did not start in 30 s.\n${log}`)), 30_000);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The VS Code server ended with ${code}.\n${log.slice(-2000)}`)));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          log = (log + chunk).slice(-20_000);
          const match = /Extension host agent listening on (\d+)/.exec(log);
          if (!match) return;
          clearTimeout(late);
          resolve(Number(match[1]));
        });
      }
    });
    return { port, authority: `127.0.0.1:${port}`, pid: child.pid, state, log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function endGroup(child) {
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group is gone.
    }
  };
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    signal('SIGTERM');
    const late = setTimeout(() => signal('SIGKILL'), 3000);
    await gone;
    clearTimeout(late);
  }
  signal('SIGKILL');
}

export async function openBrowser({ width = 1400, height = 900 } = {}) {
  const profile = temporaryFolder('chromium');
  const options = {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport: { width, height },
    args: CHROMIUM_FLAGS,
  };
  const context = await chromium.launchPersistentContext(profile, options);
  const close = async () => {
    await context.close();
    remove(profile);
  };
  return { page: context.pages()[0], close };
}

/** Address of a workbench; a development path or a test module is honoured only by a server with the smoke test driver. */
export function workbenchUrl(server, { workspace, extensionDevelopmentPath, extensionTestsPath, env } = {}) {
  const remote = (file) => `vscode-remote://${server.authority}${path.resolve(file)}`;
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  for (const folder of [extensionDevelopmentPath ?? []].flat()) payload.push(['extensionDevelopmentPath', remote(folder)]);
  if (extensionTestsPath) payload.push(['extensionTestsPath', remote(extensionTestsPath)]);
  if (env) payload.push(['extensionEnvironment', JSON.stringify(env)]);
  const url = new URL(`http://${server.authority}/`);
  // A folder of the server by its path, one of a file system that an extension provides by its address.
  if (workspace) url.searchParams.set('folder', /^\w+:/.test(workspace) ? workspace : path.resolve(workspace));
  else url.searchParams.set('ew', 'true');
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** Runs a compiled test module (one that exports `run`) inside the extension host; resolves to its exit code. */
export async function runExtensionTests({ timeoutMs, workspace, extensionDevelopmentPath, extensionTestsPath }) {
  const MARK = '\u2063'; // invisible; tells the lines of the tests from those of the workbench
  const server = await startServer({ env: { EXTENSION_TEST_MARK: MARK } });
  let browser;
  try {
    browser = await openBrowser();
    const { page } = browser;
    const result = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no result after ${timeoutMs} ms`)), timeoutMs);
      void page.exposeFunction('codeAutomationExit', (code) => {
        clearTimeout(late);
        resolve(code);
      });
      page.on('crash', () => reject(new Error('the page crashed')));
    });
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const line = util.format(...args);
      if (line.includes(MARK)) console.log(line.replaceAll(MARK, ''));
      else if (process.env.VSCODE_HOST_VERBOSE || !NOISE.test(line)) console.log(`  [workbench] ${line}`);
    });
    await page.goto(workbenchUrl(server, { workspace, extensionDevelopmentPath, extensionTestsPath }));
    return await result;
  } catch (error) {
    console.error(String(error?.stack ?? error));
    console.error(server.log().slice(-3000));
    return 1;
  } finally {
    await browser?.close();
    await server.stop();
  }
}
